import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import zlib from 'node:zlib'

const productDirectory = path.resolve(import.meta.dirname, '../..')
const source = path.join(productDirectory, 'portal')
/** Where the built portal stands: `index.html`, what else has a fixed name, and `assets/` named by their content. */
export const builtPortal = path.join(productDirectory, 'dist/portal')
const stampFile = 'built-from'
const lockFile = path.join(productDirectory, 'package-lock.json')

/** Whether what is built was built from the sources as they are now. */
export async function isPortalBuilt(): Promise<boolean> {
  const stamp = await readFile(path.join(builtPortal, stampFile), 'utf8').catch(() => null)
  return stamp !== null && stamp === (await stampOfSources())
}

/** Builds the portal beside the one that is served, and puts it in its place. Takes some seconds. */
export async function buildPortal(): Promise<void> {
  const stamp = await stampOfSources()
  // Only here: nothing that serves or works needs the bundler.
  const { build } = await import('vite')
  const draft = `${builtPortal}.${process.pid}`
  await mkdir(path.dirname(builtPortal), { recursive: true })
  try {
    await build({ ...portalBuild, logLevel: 'error', build: { ...portalBuild.build, outDir: draft } })
    await squeeze(draft)
    await writeFile(path.join(draft, stampFile), stamp)
    const old = `${draft}.old`
    await rename(builtPortal, old).catch(() => undefined)
    await rename(draft, builtPortal).catch(async (error: unknown) => {
      // Somebody else was quicker; what they built is as good.
      if (!(await isPortalBuilt())) throw error
    })
    await rm(old, { recursive: true, force: true })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** How the bundler is to work; `npm run dev` watches with the same. */
export const portalBuild = {
  root: source,
  configFile: false,
  build: {
    outDir: builtPortal,
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
  },
} as const

/** Sizes and times of all that goes in: cheap to read at every start, and anything edited or checked out anew differs. */
async function stampOfSources(): Promise<string> {
  const files = globSync('**/*', { cwd: source, exclude: (name) => name === 'node_modules' }).sort()
  const facts = await Promise.all(
    [...files.map((file) => path.join(source, file)), lockFile, import.meta.filename].map(async (file) => {
      const { size, mtimeMs } = await stat(file)
      return `${path.relative(productDirectory, file)} ${size} ${mtimeMs}`
    }),
  )
  return createHash('sha256').update(facts.join('\n')).digest('hex')
}

/** Compressed once here, so that serving costs no compression. */
async function squeeze(directory: string): Promise<void> {
  const brotli = promisify(zlib.brotliCompress)
  const gzip = promisify(zlib.gzip)
  const files = globSync('**/*.{js,css,svg}', { cwd: directory }).map((file) => path.join(directory, file))
  await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file)
      const quality = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 9 } }
      await Promise.all([
        brotli(text, quality).then((small) => writeFile(`${file}.br`, small)),
        gzip(text, { level: 9 }).then((small) => writeFile(`${file}.gz`, small)),
      ])
    }),
  )
}
