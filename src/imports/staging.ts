import { mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'

/**
 * Where batches come to be, under the imports directory: `staging/` for work in progress, `jobs/` for what is
 * finished. A file in `jobs/` counts only while the database lists it; whatever a crash leaves is swept later.
 */
const stagingOf = (importsDirectory: string): string => join(importsDirectory, 'staging')

const abandonedAfterMs = 24 * 60 * 60 * 1000

/** A directory of one's own for an import in progress; its name says whose it is, so that others can tell it is dead. */
export async function makeStagingDirectory(importsDirectory: string): Promise<string> {
  const staging = stagingOf(importsDirectory)
  await mkdir(staging, { recursive: true, mode: 0o700 })
  return mkdtemp(join(staging, `${hostname()}.${process.pid}.`))
}

/** Puts a finished file in its place so that after a crash it is there whole or not at all. */
export async function placeFile(finished: string, target: string): Promise<void> {
  await sync(finished)
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  await rename(finished, target)
  await sync(dirname(target))
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Removes what crashed imports left: batch files that the database does not list, and staging directories of
 * processes that are gone. Only for a holder of the imports lock: nobody else is between placing and listing a file.
 */
export async function sweepLeftovers(importsDirectory: string, listed: readonly string[]): Promise<void> {
  const known = new Set(listed)
  for (const name of await namesIn(join(importsDirectory, 'jobs'))) {
    if (!known.has(join('jobs', name))) await rm(join(importsDirectory, 'jobs', name), { force: true })
  }
  for (const name of await namesIn(stagingOf(importsDirectory))) {
    const directory = join(stagingOf(importsDirectory), name)
    if (await isAbandoned(directory)) await rm(directory, { recursive: true, force: true })
  }
}

const namesIn = (directory: string): Promise<string[]> => readdir(directory).catch(() => [])

async function isAbandoned(directory: string): Promise<boolean> {
  const [, host, pid] = /^(.*)\.(\d+)\.[^.]+$/.exec(basename(directory)) ?? []
  if (host === hostname()) return !isRunning(Number(pid))
  // Another machine's process cannot be asked; a day is longer than any import.
  const facts = await stat(directory).catch(() => null)
  return facts !== null && Date.now() - facts.mtimeMs > abandonedAfterMs
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
