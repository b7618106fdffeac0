import { userInfo } from 'node:os'
import { Command } from 'commander'
import {
  type Base,
  commandActor,
  keptFiles,
  openBase,
  openDatabaseOf,
  productDirectory,
  productVersion,
} from '#src/base.ts'
import { openLog } from '#src/http/log.ts'
import { accountNeeds, clock, modelDefaults, refreshNeeds, stillStands, tokenNeeds } from '#src/needs.ts'
import { Problem } from '#src/problem/problem.ts'
import { loadSettings } from '#src/settings/load-settings.ts'

const program = new Command('tessera')
  .description('A self-hosted data portal whose front door is the API token.')
  .option('--settings <file>', 'settings file (default: portal_settings.ini beside package.json, if there is one)')
  .showHelpAfterError('(try --help)')
  .enablePositionalOptions()
  // 2: the command was not understood; 1: it was, and failed.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))

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

const me = () => commandActor(userInfo().username)

async function addDatabase(): Promise<void> {
  const { databaseCommands } = await import('#src/database/commands.ts')
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
}

async function addAccount(): Promise<void> {
  const { accountCommands } = await import('#src/accounts/commands.ts')
  accountCommands(program, (body) => withBase((base) => body({ ...accountNeeds(base), actor: me() })))
}

async function addToken(): Promise<void> {
  const { tokenCommands } = await import('#src/tokens/commands.ts')
  tokenCommands(program, (body) =>
    withBase((base) =>
      body({
        ...tokenNeeds(base),
        db: base.db,
        changer: base.change,
        print: (text) => void process.stdout.write(`${text}\n`),
        remark: (text) => void process.stderr.write(`${text}\n`),
      }),
    ),
  )
}

async function addAudit(): Promise<void> {
  const { auditCommands } = await import('#src/audit/commands.ts')
  auditCommands(program, (body) => withBase(({ db, places }) => body({ db, checkpointFile: places.checkpoints })))
}

async function addDatasets(): Promise<void> {
  const { datasetCommands } = await import('#src/datasets/commands.ts')
  datasetCommands(program, (body) => withBase(({ db }) => body({ db })))
}

async function addImport(): Promise<void> {
  const { importCommands } = await import('#src/imports/commands.ts')
  importCommands(program, (body) =>
    withBase(({ db, change, places, settings }) =>
      body({ db, change, actor: me(), importsDirectory: places.imports, timeZone: settings.general.timeZone }),
    ),
  )
}

async function addModel(): Promise<void> {
  const { modelCommands } = await import('#src/models/commands.ts')
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
}

/** Says what there is; a room's own code is loaded only when its word is asked for, as loading all takes longer than most commands. */
async function addCommands(): Promise<void> {
  program
    .command('serve')
    .description('run the portal: API, background work, and the database when none is given')
    .action(async () => (await import('#src/serve.ts')).serve(load()))
  program
    .command('work')
    .description('do background work only, on a machine beside the server')
    .action(async () => (await import('#src/serve.ts')).work(load()))
  const [word = ''] = program.parseOptions(process.argv.slice(2)).operands
  const rooms = {
    account: addAccount,
    token: addToken,
    audit: addAudit,
    import: addImport,
    datasets: addDatasets,
    model: addModel,
  }
  if (word === 'serve' || word === 'work') return
  if (Object.hasOwn(rooms, word)) return rooms[word as keyof typeof rooms]()
  await addDatabase()
  for (const add of Object.values(rooms)) await add()
}

// Whoever reads us may have seen enough (`tessera audit list | head`): no failure, and the database is still to be closed.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await addCommands()
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`tessera: ${error instanceof Problem ? wordsOf(error) : unexpected(error)}\n`)
  process.exitCode = 1
}

function wordsOf({ message, details: { errors = [], hint } }: Problem): string {
  const more = errors.map(({ detail }) => detail).filter((detail) => !message.includes(detail))
  return [message, ...more, ...(hint ? [hint] : [])].join('\n')
}

function unexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
