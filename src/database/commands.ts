import path from 'node:path'
import type { Command } from 'commander'
import { backUp, type KeptFiles } from './back-up.ts'
import type { Manifest } from './backup-format.ts'
import type { Log } from './log.ts'
import { migrate } from './migrate.ts'
import { connect, type OpenDatabase } from './open-database.ts'
import { restoreBackup } from './restore-backup.ts'

export interface DatabaseCommandNeeds {
  /** Opened and not migrated. */
  readonly database: OpenDatabase
  readonly dataDirectory: string
  /** What the rooms keep in the data directory. */
  readonly keeps: readonly KeptFiles[]
  readonly version: string
  readonly clock: { now(): Date }
  readonly log: Log
}

/** `restoring` opens the database although an earlier restore was interrupted. */
type WithNeeds = (
  body: (needs: DatabaseCommandNeeds) => Promise<void>,
  options?: { restoring: boolean },
) => Promise<void>

/** `tessera migrate`, `tessera backup`, `tessera restore` */
export function databaseCommands(program: Command, withNeeds: WithNeeds): void {
  program
    .command('migrate')
    .description('bring the database to this version; servers do it by themselves when they start')
    .option('--json', 'for programs')
    .action(({ json }: { json?: true }) =>
      withNeeds(async ({ database }) => {
        const done = await migrate(database.db)
        if (json) return say(JSON.stringify({ migrations: done }))
        say(done.length > 0 ? `Migrated: ${done.join(', ')}.` : 'The database is at this version already.')
      }),
    )

  program
    .command('backup')
    .description('write everything the product keeps into a new directory, beside a running server too')
    .argument('<directory>', 'must not exist yet; it will hold secrets, so guard it')
    .option('--json', 'for programs')
    .action((directory: string, { json }: { json?: true }) =>
      withNeeds(async ({ database, ...needs }) => {
        const manifest = await backUp({ ...needs, db: database.db }, directory)
        if (json) return say(JSON.stringify(report(directory, manifest)))
        say(`Backed up to ${path.resolve(directory)}: ${summary(manifest)}.`)
        say('Your portal_settings.ini is not in it.')
      }),
    )

  program
    .command('restore')
    .description('put back a backup, all or nothing; no server may be running')
    .argument('<directory>', 'what `tessera backup` wrote')
    .option('--replace', 'lose what is in the database now; files in the way are moved aside')
    .option('--json', 'for programs')
    .action((directory: string, { replace = false, json }: { replace?: boolean; json?: true }) =>
      withNeeds(
        async ({ database, dataDirectory, clock, log }) => {
          const own = connect(database.connection, { log, poolSize: 1 })
          try {
            const manifest = await restoreBackup({ db: own.db, dataDirectory, clock }, directory, { replace })
            if (json) return say(JSON.stringify(report(directory, manifest)))
            say(`Restored the state of ${manifest.made_at}: ${summary(manifest)}.`)
            say(
              'What was revoked, disabled or signed out after that moment is valid again: do it once more where it matters.',
            )
          } finally {
            await own.close()
          }
        },
        { restoring: true },
      ),
    )
}

function report(directory: string, { made_at, tessera, migrations, tables, files }: Manifest) {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  return {
    directory: path.resolve(directory),
    made_at,
    tessera,
    migration: migrations.at(-1),
    rows,
    files: files.length,
  }
}

function summary({ tables, files }: Manifest): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const bytes = [...tables, ...files].reduce((sum, part) => sum + part.bytes, 0)
  return `${rows} rows of ${tables.length} tables and ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
