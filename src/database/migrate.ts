import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Database, Tx } from './change.ts'
import { databaseCannotMigrate, databaseNewer } from './problems.ts'
import { refuseOldServer } from './server-version.ts'

export const migrationsDirectory = path.resolve(import.meta.dirname, '../../migrations')

/** The numbered SQL files, in order; the file's name without `.sql` is the migration's name for ever. */
export async function readMigrations(directory = migrationsDirectory): Promise<Map<string, string>> {
  const files = (await readdir(directory)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).sort()
  const texts = files.map(async (name) => {
    return [name.slice(0, -'.sql'.length), await readFile(path.join(directory, name), 'utf8')] as const
  })
  return new Map(await Promise.all(texts))
}

/**
 * Brings the database to this version, all or nothing, and returns the names of what it did.
 * Servers that start together take turns; a database that is ahead of this code is refused.
 */
export async function migrate(db: Database, directory = migrationsDirectory): Promise<string[]> {
  return migrateTo(db, null, directory)
}

/** As `migrate`, up to one migration (for a backup that older code made); inside the caller's transaction when given one. */
export async function migrateTo(
  db: Database | Tx,
  last: string | null,
  directory = migrationsDirectory,
): Promise<string[]> {
  await refuseOldServer(db)
  const texts = await readMigrations(directory)
  await refuseNewer(db, new Set(texts.keys()))
  const migrations = Object.fromEntries([...texts].map(([name, text]) => [name, asMigration(text)]))
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } })
  const { error, results = [] } = await (last ? migrator.migrateTo(last) : migrator.migrateToLatest())
  if (error) {
    const failed = results.find((result) => result.status === 'Error')?.migrationName
    throw databaseCannotMigrate({
      detail: failed
        ? `Migration ${failed} failed${placeOf(error, texts.get(failed) ?? '')}.`
        : 'No migration could be run.',
      hint: 'Nothing was changed.',
      cause: error,
    })
  }
  return results.map((result) => result.migrationName)
}

/** In Postgres' own words, and on which line of the file. */
function placeOf(error: unknown, text: string): string {
  const { message, position } = error as { message?: string; position?: string }
  const line = position ? ` (line ${text.slice(0, Number(position)).split('\n').length})` : ''
  return `${line}: ${message ?? 'no reason given'}`
}

function asMigration(text: string): Migration {
  return {
    up: async (db) => {
      await sql.raw(text).execute(db)
    },
  }
}

async function refuseNewer(db: Database | Tx, known: ReadonlySet<string>): Promise<void> {
  const found = await sql<{ found: string | null }>`select to_regclass('kysely_migration') as found`.execute(db)
  if (!found.rows[0]?.found) return
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  const unknown = rows.map((row) => row.name).filter((name) => !known.has(name))
  if (unknown.length === 0) return
  throw databaseNewer({
    detail: `The database has been migrated by a newer Tessera (${unknown.join(', ')}).`,
    hint: 'Run the newer version again, or restore a backup made with this one.',
  })
}
