import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Database } from '#src/database/change.ts'
import { snapshotDirectory } from '#src/warehouse/snapshot-directory.ts'
import { forgetOldSnapshots } from './store.ts'

interface CollectNeeds {
  readonly db: Database
  readonly warehouseDirectory: string
  readonly building: ReadonlySet<string>
  /** Snapshots of a model to keep, the current one included. Default: 2, so that one can go back. */
  readonly keep?: number | undefined
  /** How long a replaced one stays at least, so that every process has seen its successor. Default: 60. */
  readonly graceSeconds?: number
}

const staleMs = 3_600_000

/**
 * Deletes the files of snapshots that no longer count, and what crashed refreshes left. Deleting is safe under readers:
 * they hold the file open.
 */
export async function collectSnapshots(needs: CollectNeeds): Promise<void> {
  const { db, warehouseDirectory, building, keep = 2, graceSeconds = 60 } = needs
  const directory = snapshotDirectory(warehouseDirectory)
  // Listed first: what is committed meanwhile is not in this list.
  const names = await readdir(directory).catch(() => [])
  const { forgotten, counting } = await forgetOldSnapshots(db, keep, graceSeconds)
  for (const name of forgotten) await rm(path.join(directory, name), { force: true })
  for (const name of names) if (!counting.has(name)) await dropUnlessInWork(path.join(directory, name), building)
  const scratch = path.join(warehouseDirectory, 'scratch')
  for (const name of await readdir(scratch).catch(() => [])) await dropUnlessInWork(path.join(scratch, name), building)
}

/**
 * Names tell which process makes them; one that is alive is left alone for an hour after its last write, as it may be
 * about to commit. What it could not commit goes after that.
 */
async function dropUnlessInWork(file: string, building: ReadonlySet<string>): Promise<void> {
  const name = path.basename(file)
  const [, stem, pid] = /^(.+-(\d+)-[0-9a-f]{12})(?:\.|$)/.exec(name) ?? []
  if (stem === undefined || building.has(stem)) return
  const facts = await stat(file).catch(() => null)
  if (!facts) return
  const mayBeInWork = isAlive(Number(pid)) && Date.now() - facts.mtimeMs < staleMs
  if (!mayBeInWork) await rm(file, { recursive: true, force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
