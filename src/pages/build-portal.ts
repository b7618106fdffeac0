import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { build as Build, InlineConfig, Rolldown } from 'vite'

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
    const groups = await groupsOf(build)
    const rolldownOptions = { output: { codeSplitting: { groups } } }
    await build({ ...portalBuild, logLevel: 'error', build: { ...portalBuild.build, outDir: draft, rolldownOptions } })
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
} as const satisfies InlineConfig

/** What everybody fetches, whichever of these pages they begin with. */
const firstPages = ['main.tsx', 'frame/HomePage.tsx', 'accounts/SignInPage.tsx', 'subscriptions/InboxLink.tsx'].map(
  (file) => path.join(source, file),
)

/**
 * Modules that pages share go into two files: what the first load needs, and what many pages need besides. Left alone the
 * bundler makes sixty small ones for a page, and over HTTP/1.1 these keep it waiting, six at a time, longer than their bytes
 * do. Neither file needs what is in pages: whatever a module imports is needed in at least as many places as the module.
 * Which of them is really used where is known only once unused code has been shaken off, so a trial build tells.
 */
async function groupsOf(build: typeof Build): Promise<Rolldown.CodeSplittingGroup[]> {
  const trial = await build({
    ...portalBuild,
    logLevel: 'error',
    build: { ...portalBuild.build, write: false, minify: false },
  })
  if (!('output' in trial)) throw new Error('the bundler watched where it was to build')
  const chunks = new Map(trial.output.flatMap((one) => (one.type === 'chunk' ? [[one.fileName, one] as const] : [])))
  const first = new Set<string>()
  const take = (fileName: string): void => {
    const chunk = chunks.get(fileName)
    if (!chunk) return
    chunks.delete(fileName)
    for (const id of Object.keys(chunk.modules)) first.add(id)
    chunk.imports.forEach(take)
  }
  for (const { fileName, modules } of [...chunks.values()])
    if (firstPages.some((page) => page in modules)) take(fileName)
  return [
    { name: 'first', test: (id) => first.has(id) },
    { name: 'often', test: (id) => !first.has(id), minShareCount: 8 },
  ]
}

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
