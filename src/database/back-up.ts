import { randomBytes } from 'node:crypto'
import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import { backupFormat, flush, inBackup, type Manifest, manifestName, sumFile } from './backup-format.ts'
import { dumpSequences, dumpTables } from './backup-tables.ts'
import type { Database, Tx } from './change.ts'
import { backupFailed, backupTarget } from './problems.ts'

/** What a room keeps beside the database; `app.ts` gathers them. Paths are below the data directory, with `/`. */
export interface KeptFiles {
  /** Files that are never written again once they are named in the database, as the backup's snapshot of it names them. */
  readonly fixed?: (tx: Tx) => Promise<readonly string[]>
  /** Small files, or directories of them, that do change. */
  readonly changing?: readonly string[]
}

export interface BackupNeeds {
  readonly db: Database
  readonly dataDirectory: string
  readonly keeps: readonly KeptFiles[]
  /** Of the product. */
  readonly version: string
  readonly clock: { now(): Date }
}

/**
 * Writes everything that the product keeps into a new directory, beside a live server: the database as of one moment
 * (one snapshot), and the files that this moment names. The queue's jobs are left out: unfinished runs are taken up
 * again from their own rows, and a mail that waited must not be sent a second time.
 */
export async function backUp(needs: BackupNeeds, target: string): Promise<Manifest> {
  const directory = path.resolve(target)
  await refuseOccupied(directory)
  const draft = `${directory}.partial-${randomBytes(4).toString('hex')}`
  try {
    for (let attempt = 1; ; attempt++) {
      await mkdir(path.join(draft, 'tables'), { recursive: true, mode: 0o700 })
      const manifest = await tryBackUp(needs, draft)
      if (manifest) {
        await writeFile(path.join(draft, manifestName), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true })
        await flushAll(draft)
        await rename(draft, directory)
        await flush(path.dirname(directory))
        return manifest
      }
      await rm(draft, { recursive: true })
      if (attempt === 5) throw new Error('files kept changing or disappearing while they were read')
    }
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined)
    throw backupFailed({
      detail: `The backup could not be made: ${(error as Error).message}.`,
      hint: `Nothing was left at ${directory}. Look whether the disk is full, then try again.`,
      cause: error,
    })
  }
}

async function refuseOccupied(directory: string): Promise<void> {
  // An empty directory is as good as none: the rename takes its place.
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : null))
  if (names?.length === 0) return
  throw backupTarget({
    detail: `${directory} exists already.`,
    hint: 'Name a directory that does not exist yet; a backup never overwrites anything.',
  })
}

/** Null when something changed meanwhile that must not have, and all is to be read again. */
async function tryBackUp(needs: BackupNeeds, draft: string): Promise<Manifest | null> {
  const changing = await copyChanging(needs, draft)
  return needs.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      // Copying large files takes its time, in which this connection says nothing.
      await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx)
      // The first query takes the snapshot. Keys and checkpoints must be those of the same moment as the rows.
      const migrations = await executedMigrations(tx)
      for (const file of changing) {
        const now = await sumFile(path.join(needs.dataDirectory, file.path)).catch(() => null)
        if (now?.sha256 !== file.sha256) return null
      }
      const fixed = await copyFixed(needs, tx, draft)
      if (!fixed) return null
      return {
        format: backupFormat,
        tessera: needs.version,
        made_at: needs.clock.now().toISOString(),
        migrations,
        tables: await dumpTables(tx, draft),
        sequences: await dumpSequences(tx),
        files: [...changing, ...fixed],
      }
    })
}

async function executedMigrations(tx: Tx): Promise<string[]> {
  const found = await sql<{
    found: string | null
  }>`select to_regclass('public.kysely_migration')::text as found`.execute(tx)
  if (!found.rows[0]?.found) throw new Error('the database is empty')
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(tx)
  return rows.map((row) => row.name)
}

async function copyChanging({ keeps, dataDirectory }: BackupNeeds, draft: string): Promise<Manifest['files']> {
  const copies: Manifest['files'] = []
  for (const kept of new Set(keeps.flatMap(({ changing = [] }) => changing))) {
    for (const file of await filesBelow(dataDirectory, kept)) {
      const copy = await copyInto(dataDirectory, draft, file)
      if (copy) copies.push(copy)
    }
  }
  return copies
}

async function copyFixed(
  { keeps, dataDirectory }: BackupNeeds,
  tx: Tx,
  draft: string,
): Promise<Manifest['files'] | null> {
  const copies: Manifest['files'] = []
  const named = await Promise.all(keeps.map(({ fixed }) => fixed?.(tx) ?? []))
  for (const file of new Set(named.flat())) {
    const copy = await copyInto(dataDirectory, draft, file)
    // Collected since: a newer snapshot of the database doesn't name it any more.
    if (!copy) return null
    copies.push(copy)
  }
  return copies
}

async function copyInto(dataDirectory: string, draft: string, file: string): Promise<Manifest['files'][number] | null> {
  const copy = path.join(draft, inBackup(file))
  await mkdir(path.dirname(copy), { recursive: true, mode: 0o700 })
  try {
    await copyFile(path.join(dataDirectory, file), copy)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const { mode } = await stat(copy)
  return { path: file, mode: mode & 0o777, ...(await sumFile(copy)) }
}

/** The file itself, or those in a directory; leftovers of interrupted writes are nobody's. */
async function filesBelow(dataDirectory: string, kept: string): Promise<string[]> {
  const facts = await stat(path.join(dataDirectory, kept)).catch(() => null)
  if (!facts) return []
  if (facts.isFile()) return [kept]
  const entries = await readdir(path.join(dataDirectory, kept), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dataDirectory, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort()
}

async function flushAll(draft: string): Promise<void> {
  for (const entry of await readdir(draft, { recursive: true, withFileTypes: true })) {
    await flush(path.join(entry.parentPath, entry.name))
  }
  await flush(draft)
}
