import { createReadStream } from 'node:fs'
import { access, constants, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { relativePath, type Shelf, type Shelved } from './shelf.ts'

/** Contents as files of a directory. */
export function diskShelf(directory: string): Shelf {
  const pathOf = (sha256: string): string => path.join(directory, relativePath(sha256))
  return {
    bring: async () => undefined,
    place: (file, { checksums }) => putInPlace(file, pathOf(checksums.sha256)),

    async read(sha256, range) {
      const handle = await open(pathOf(sha256)).catch(orNull)
      return handle && createReadStream('', { fd: handle, ...range, highWaterMark: 1 << 18 })
    },

    async withFile(sha256, use) {
      const file = pathOf(sha256)
      return (await stat(file).catch(orNull)) && use(file)
    },

    async *list() {
      for (const shelf of await namesIn(directory, /^[0-9a-f]{2}$/)) {
        const names = await namesIn(path.join(directory, shelf), /^[0-9a-f]{64}$/)
        // How large one is is asked when it goes.
        yield names.map((sha256): Shelved => ({ sha256, bytes: 0 }))
      }
    },

    async remove(sha256) {
      const file = pathOf(sha256)
      const facts = await stat(file).catch(orNull)
      if (!facts) return null
      await rm(file, { force: true })
      return facts.size
    },

    tidy: async () => undefined,

    async check() {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await access(directory, constants.W_OK)
    },
  }
}

const orNull = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT') return null
  throw error
}

/** The file has been flushed; the directory must know its new name as surely. */
async function putInPlace(draft: string, file: string): Promise<void> {
  const shelf = path.dirname(file)
  await mkdir(shelf, { recursive: true, mode: 0o700 })
  // Over the same content at most: readers of that one hold it open.
  await rename(draft, file).catch(async (error: NodeJS.ErrnoException) => {
    // Put in place before, by a transaction that was rolled back.
    if (error.code !== 'ENOENT' || !(await stat(file).catch(() => null))) throw error
  })
  for (const directory of [shelf, path.dirname(shelf)]) {
    await using handle = await open(directory)
    await handle.sync()
  }
}

const namesIn = async (directory: string, shape: RegExp): Promise<string[]> =>
  (await readdir(directory).catch(() => [])).filter((name) => shape.test(name))
