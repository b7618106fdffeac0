/** Imports a log over and over in a process of its own, so that a test can kill it. Arguments: database, directory, log. */
import { actor, localCaller } from '#src/access/caller.ts'
import { makeChanger } from '#src/database/change.ts'
import { connect } from '#src/database/open-database.ts'
import { importSlurmLogs } from '#src/imports/import-slurm-logs.ts'
import { silent } from './postgres.ts'

const [url, importsDirectory, ...files] = process.argv.slice(2) as [string, string, ...string[]]
const { db, close } = connect({ connectionString: url }, { log: silent, poolSize: 2 })
const needs = { db, importsDirectory, timeZone: 'UTC', change: makeChanger(db, async () => undefined) }
const report = { badLine: () => undefined, warning: () => undefined }
process.stdout.write('ready\n')
for (const file of files) {
  await importSlurmLogs(needs, actor(localCaller('command', 'child')), { resource: 'anvil', files: [file] }, report)
  process.stdout.write(`${file}\n`)
}
await close()
