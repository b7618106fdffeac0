import { chmod, copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import { checkBackup, exists, flush, inBackup, type Manifest, sumFile } from './backup-format.ts'
import { loadTables } from './backup-tables.ts'
import type { Database, Tx } from './change.ts'
import { migrateTo, readMigrations } from './migrate.ts'
import { restoreRefused } from './problems.ts'
import { unfinishedRestore } from './unfinished-restore.ts'

export interface RestoreNeeds {
  /** Not migrated, and with a connection of its own that nobody else uses. */
  readonly db: Database
  readonly dataDirectory: string
  readonly clock: { now(): Date }
}

/**
 * Puts back what a backup holds, all or nothing: first every byte is checked, then the files are laid down, then the
 * database changes in one transaction. A backup of an older version is brought to this one. What `replace` replaces in
 * the database is gone; replaced files are moved aside to `replaced-<time>` in the data directory.
 */
export async function restoreBackup(
  needs: RestoreNeeds,
  source: string,
  { replace }: { replace: boolean },
): Promise<Manifest> {
  const directory = path.resolve(source)
  const manifest = await checkBackup(directory)
  await refuseNewerBackup(manifest)
  await mkdir(needs.dataDirectory, { recursive: true })
  const unfinished = unfinishedRestore(needs.dataDirectory)
  const goesOn = await exists(unfinished)
  const files = await filesToLay(needs, manifest)
  if (!replace && !goesOn && files.some((file) => file.inTheWay)) {
    throw notEmpty(`${needs.dataDirectory} has other files where the backup's belong`)
  }
  await needs.db.transaction().execute((tx) => refuseUnfit(tx, replace))
  // From here until it is removed, no server starts.
  await writeFile(unfinished, `${directory}\n`, { flush: true })
  const undo: (() => Promise<void>)[] = []
  try {
    await layFiles(needs, directory, files, undo)
    await needs.db.transaction().execute(async (tx) => {
      await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx)
      await refuseUnfit(tx, replace)
      await clearDatabase(tx)
      await migrateTo(tx, manifest.migrations.at(-1) ?? null)
      await loadTables(tx, directory, manifest)
      await migrateTo(tx, null)
    })
  } catch (error) {
    for (const step of undo.reverse()) await step()
    if (!goesOn) await rm(unfinished)
    throw error
  }
  await rm(unfinished)
  return manifest
}

async function refuseNewerBackup(manifest: Manifest): Promise<void> {
  const known = await readMigrations()
  const unknown = manifest.migrations.filter((name) => !known.has(name))
  if (unknown.length === 0) return
  throw restoreRefused({
    detail: `The backup was made by a newer Tessera, ${manifest.tessera} (${unknown.join(', ')}).`,
    hint: 'Restore it with that version.',
  })
}

const notEmpty = (what: string) =>
  restoreRefused({
    detail: `${what[0]?.toUpperCase()}${what.slice(1)}.`,
    hint: 'Restore into an empty database and data directory, or add --replace to lose what is there.',
  })

// ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────

type FileToLay = Manifest['files'][number] & { inTheWay: boolean }

/** Those that aren't there already, byte for byte. */
async function filesToLay({ dataDirectory }: RestoreNeeds, manifest: Manifest): Promise<FileToLay[]> {
  const files: FileToLay[] = []
  for (const file of manifest.files) {
    const present = await sumFile(path.join(dataDirectory, file.path)).catch(() => null)
    if (present?.sha256 !== file.sha256) files.push({ ...file, inTheWay: present !== null })
  }
  return files
}

async function layFiles(
  { dataDirectory, clock }: RestoreNeeds,
  directory: string,
  files: readonly FileToLay[],
  undo: (() => Promise<void>)[],
): Promise<void> {
  const aside = path.join(dataDirectory, `replaced-${clock.now().toISOString().replaceAll(':', '')}`)
  for (const file of files) {
    const place = path.join(dataDirectory, file.path)
    await mkdir(path.dirname(place), { recursive: true, mode: 0o700 })
    if (file.inTheWay) {
      const old = path.join(aside, file.path)
      await mkdir(path.dirname(old), { recursive: true, mode: 0o700 })
      await rename(place, old)
      undo.push(() => rename(old, place))
    }
    undo.push(() => rm(place, { force: true }))
    const draft = `${place}.restoring`
    await copyFile(path.join(directory, inBackup(file.path)), draft)
    await chmod(draft, file.mode)
    await flush(draft)
    await rename(draft, place)
    await flush(path.dirname(place))
  }
}

// ── the database ─────────────────────────────────────────────────────────────────────────────────────────────────

/** A server that runs would go on with what it has in its memory; a database that holds something is not lost unasked. */
async function refuseUnfit(tx: Tx, replace: boolean): Promise<void> {
  const { rows: company } = await sql<{ name: string }>`
    select distinct coalesce(nullif(application_name, ''), 'an unnamed program') as name from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`.execute(tx)
  if (company.length > 0) {
    throw restoreRefused({
      detail: `The database is in use by ${company.map((row) => row.name).join(', ')}.`,
      hint: 'Stop every server and worker of this product, then restore.',
    })
  }
  if (!replace && (await ownObjects(tx)).some(({ kind }) => kind === 'table'))
    throw notEmpty('the database is not empty')
}

async function clearDatabase(tx: Tx): Promise<void> {
  for (const { kind, name } of await ownObjects(tx)) {
    await sql`drop ${sql.raw(kind)} if exists ${sql.raw(name)} cascade`.execute(tx)
  }
}

interface OwnObject {
  kind: 'table' | 'view' | 'sequence' | 'function' | 'schema'
  /** Quoted by Postgres. */
  name: string
}

/** Our tables, views, sequences that no column owns, and functions, and the queue; not what extensions brought. */
async function ownObjects(tx: Tx): Promise<OwnObject[]> {
  const { rows } = await sql<OwnObject>`
    select case relkind when 'v' then 'view' else 'table' end as kind, oid::regclass::text as name from pg_class c
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v') and not relispartition
        and not exists (select from pg_depend where objid = c.oid and deptype = 'e')
    union all
    select 'sequence', oid::regclass::text from pg_class c
      where relnamespace = 'public'::regnamespace and relkind = 'S'
        and not exists (select from pg_depend where objid = c.oid and deptype in ('a', 'i', 'e'))
    union all
    select 'function', oid::regprocedure::text from pg_proc p
      where pronamespace = 'public'::regnamespace and prokind = 'f'
        and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
    union all
    select 'schema', quote_ident(nspname) from pg_namespace where nspname = 'pgboss'`.execute(tx)
  return rows
}
