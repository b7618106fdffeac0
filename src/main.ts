import { userInfo } from 'node:os'
import { Command } from 'commander'
import { accountCommands } from '#src/accounts/commands.ts'
import { accountNeeds, modelDefaults, refreshNeeds, stillStands, tokenNeeds } from '#src/app.ts'
import { auditCommands } from '#src/audit/commands.ts'
import {
  type Base,
  commandActor,
  keptFiles,
  openBase,
  openDatabaseOf,
  productDirectory,
  productVersion,
} from '#src/base.ts'
import { databaseCommands } from '#src/database/commands.ts'
import { openLog } from '#src/http/log.ts'
import { importCommands } from '#src/imports/commands.ts'
import { modelCommands } from '#src/models/commands.ts'
import { Problem } from '#src/problem/problem.ts'
import { serve, work } from '#src/serve.ts'
import { loadSettings } from '#src/settings/load-settings.ts'
import { tokenCommands } from '#src/tokens/commands.ts'

const program = new Command('tessera')
  .description('A self-hosted data portal whose front door is the API token.')
  .option('--settings <file>', 'settings file (default: portal_settings.ini beside package.json, if there is one)')
  .showHelpAfterError('(try --help)')
  .enablePositionalOptions()

const load = () => {
  const file = program.opts<{ settings?: string }>().settings
  return loadSettings({ ...(file !== undefined && { file }), env: process.env, root: productDirectory })
}

/** Runs a subcommand beside a live server, or on its own. Its log goes to the standard error, its words to the output. */
async function withBase(body: (base: Base) => Promise<void>): Promise<void> {
  const loaded = load()
  const base = await openBase(loaded, openLog('warn', process.stderr))
  try {
    await body(base)
  } finally {
    await base.close()
  }
}

const clock = { now: () => new Date() }
const me = () => commandActor(userInfo().username)

program
  .command('serve')
  .description('run the portal: API, background work, and the database when none is given')
  .action(() => serve(load()))
program
  .command('work')
  .description('do background work only, on a machine beside the server')
  .action(() => work(load()))

databaseCommands(program, async (body, options) => {
  const { settings } = load()
  const log = openLog('warn', process.stderr)
  const database = await openDatabaseOf(settings, log, options)
  try {
    const { dataDirectory } = settings.general
    await body({ database, dataDirectory, keeps: keptFiles(settings), version: productVersion, clock, log })
  } finally {
    await database.close()
  }
})
accountCommands(program, (body) => withBase((base) => body({ ...accountNeeds(base), actor: me() })))
tokenCommands(program, (body) =>
  withBase((base) =>
    body({
      ...tokenNeeds(base),
      db: base.db,
      changer: base.change,
      print: (text) => void process.stdout.write(`${text}\n`),
    }),
  ),
)
auditCommands(program, (body) => withBase(({ db, places }) => body({ db, checkpointFile: places.checkpoints })))
importCommands(program, (body) =>
  withBase(({ db, change, places, settings }) =>
    body({ db, change, actor: me(), importsDirectory: places.imports, timeZone: settings.general.timeZone }),
  ),
)

modelCommands(
  program,
  (body) =>
    withBase(async (base) =>
      body({
        ...(await refreshNeeds(base)),
        change: base.change,
        actor: me(),
        log: base.log,
        stillStands: stillStands(base),
      }),
    ),
  () => {
    const { settings } = load()
    return { modelsDirectory: settings.models.directory, ...modelDefaults(settings) }
  },
)

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`tessera: ${error instanceof Problem ? wordsOf(error) : unexpected(error)}\n`)
  process.exitCode = 1
}

function wordsOf({ message, details }: Problem): string {
  return details.hint ? `${message}\n${details.hint}` : message
}

function unexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
