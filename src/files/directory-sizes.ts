import { lstat, opendir } from 'node:fs/promises'
import path from 'node:path'

/**
 * Bytes in each of some directories, counted at most once in `keepMs` however often it is asked: what was counted last is
 * told at once, while it is counted anew. A directory that is not there holds nothing; null comes of one that may not be read, or of none.
 */
export function makeDirectorySizes<Name extends string>(
  directories: Readonly<Record<Name, string | null>>,
  keepMs = 60_000,
): () => Promise<Readonly<Record<Name, number | null>>> {
  let last: Readonly<Record<Name, number | null>> | undefined
  let counting: Promise<Readonly<Record<Name, number | null>>> | undefined
  let at = Number.NEGATIVE_INFINITY

  const count = async (): Promise<Readonly<Record<Name, number | null>>> => {
    const sizes: [string, number | null][] = []
    for (const [name, directory] of Object.entries<string | null>(directories))
      sizes.push([name, directory === null ? null : await sizeOf(directory).catch(() => null)])
    return Object.fromEntries(sizes) as Record<Name, number | null>
  }

  return async () => {
    if (performance.now() - at > keepMs)
      counting ??= count().then((sizes) => {
        last = sizes
        at = performance.now()
        counting = undefined
        return sizes
      })
    return last ?? counting!
  }
}

async function sizeOf(directory: string): Promise<number> {
  let bytes = 0
  try {
    for await (const entry of await opendir(directory, { recursive: true })) {
      if (!entry.isFile()) continue
      // It may go while we look.
      bytes += (await lstat(path.join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return bytes
}
