import type { Command } from 'commander'
import type { Actor } from '#src/access/caller.ts'
import type { Changer, Database } from '#src/database/change.ts'
import { getRun } from '#src/runs/get-run.ts'
import { type PerformNeeds, performRun } from '#src/runs/perform-run.ts'
import { unknownModel } from '#src/warehouse/problems.ts'
import { collectSnapshots } from './collect-snapshots.ts'
import { definitionOf } from './definition.ts'
import { refreshModelRun } from './jobs.ts'
import { listSnapshots, showSnapshot } from './list-snapshots.ts'
import { checkModels, type ModelDefaults } from './load-models.ts'
import { modelFileSchema } from './model-schema.ts'
import { unknownSnapshot } from './problems.ts'
import { type RefreshNeeds, refreshModel } from './refresh-model.ts'
import { requestRefresh } from './request-refresh.ts'
import { rollBack } from './roll-back.ts'
import { findCurrent } from './store.ts'

export interface ModelCommandNeeds extends RefreshNeeds, Pick<PerformNeeds, 'log' | 'stillStands'> {
  readonly db: Database
  readonly change: Changer
  readonly actor: Actor
}

type WithNeeds = (body: (needs: ModelCommandNeeds) => Promise<void>) => Promise<void>

/** What checking model files takes; no database. */
export interface ModelFileNeeds extends ModelDefaults {
  readonly modelsDirectory: string
}

const say = (text: string): boolean => process.stdout.write(`${text}\n`)
const asJson = ['--json', 'print the outcome as JSON'] as const

/** `tessera model …`. `files` tells where model files are, without opening anything. */
export function modelCommands(program: Command, withNeeds: WithNeeds, files: () => ModelFileNeeds): void {
  const group = program.command('model').description('semantic models: check, refresh, show')

  group
    .command('list')
    .description('list the models and their snapshots')
    .option(...asJson)
    .action((options: { json?: true }) =>
      withNeeds(async (needs) => {
        const rows = await Promise.all(needs.models.map((model) => describe(needs, model.name)))
        if (options.json) say(JSON.stringify(rows))
        else for (const row of rows) say(told(row))
      }),
    )

  group
    .command('show')
    .description('show a model: metrics, dimensions, fields, snapshot')
    .option(...asJson)
    .argument('<name>')
    .action((name: string, options: { json?: true }) =>
      withNeeds(async (needs) => {
        const model = needs.models.find((one) => one.name === name)
        if (!model)
          throw unknownModel({ detail: `There is no model called ${name}.`, hint: './tessera model list shows them.' })
        const row = await describe(needs, name)
        const { catalogue } = model
        if (options.json) {
          say(JSON.stringify({ ...row, catalogue }))
          return
        }
        say(told(row))
        const list = (title: string, items: readonly { name: string; label: string }[]) => {
          say(`\n${title}`)
          for (const item of items) say(`  ${item.name.padEnd(36)} ${item.label}`)
        }
        list(
          'Metrics',
          catalogue.metrics.filter((metric) => !metric.hidden),
        )
        list('Dimensions', catalogue.dimensions)
        list('Raw fields', catalogue.raw?.fields ?? [])
      }),
    )

  group
    .command('check')
    .description('check all model files, with file, line and remedy')
    .action(async () => {
      const { modelsDirectory, ...defaults } = files()
      const { models, faults } = await checkModels(modelsDirectory, defaults)
      for (const { file, line, message } of faults) say(`${file}:${line}: ${message}`)
      if (faults.length > 0) process.exitCode = 1
      else
        say(
          `${models.length === 1 ? 'The model is' : `All ${models.length} models are`} right: ${models.map((model) => model.name).join(', ')}`,
        )
    })

  group
    .command('schema')
    .description('print the JSON Schema of model files, for editors')
    .action(() => {
      say(JSON.stringify(modelFileSchema(), null, 2))
    })

  group
    .command('snapshots')
    .description('list the snapshots of a model that are kept')
    .option(...asJson)
    .argument('<name>')
    .action((name: string, options: { json?: true }) =>
      withNeeds(async (needs) => {
        const { snapshots, current } = await listSnapshots(needs, name)
        const rows = snapshots.map((snapshot) => showSnapshot(snapshot, current))
        if (options.json) say(JSON.stringify(rows))
        else for (const row of rows) say(toldSnapshot(row))
      }),
    )

  group
    .command('rollback')
    .description('read an earlier snapshot again; servers follow within a second')
    .option('--to <version>', 'default: the newest one kept below the one that is read')
    .option('--reason <text>', 'kept in the audit trail')
    .argument('<name>')
    .action((name: string, options: { to?: string; reason?: string }) =>
      withNeeds(async (needs) => {
        const version = options.to === undefined ? undefined : Number(options.to)
        if (version !== undefined && !Number.isSafeInteger(version))
          throw unknownSnapshot({ detail: `${options.to} is no number of a snapshot.` })
        await needs.change(needs.actor, (change) => rollBack(needs, change, name, { version, reason: options.reason }))
        say(told(await describe(needs, name)))
      }),
    )

  group
    .command('refresh')
    .description('build a new snapshot and swap it in')
    .option(...asJson)
    .option('--reason <text>', 'shown in the history')
    .option('--full', 'read all rows anew, also where a refresh is usually incremental')
    .argument('<name...>')
    .action((names: string[], options: { json?: true; reason?: string; full?: true }) =>
      withNeeds(async (needs) => {
        for (const name of names) await refreshHere(needs, name, options)
      }),
    )
}

interface KeptLine {
  version: number
  current: boolean
  type: string
  refreshed_at: string
  rows: number
  added: number | null
  removed: number | null
  changed: number | null
}

function toldSnapshot({ version, current, type, refreshed_at, rows, added, removed, changed }: KeptLine): string {
  const differences = added === null ? '' : `, ${added} added, ${removed} removed, ${changed} changed`
  return `${version}${current ? ' (read now)' : ''}: ${refreshed_at}, ${type}, ${rows} rows${differences}`
}

/** Makes the run and does it in this process, whether or not a server is up. */
async function refreshHere(
  needs: ModelCommandNeeds,
  name: string,
  options: { json?: true; reason?: string; full?: true },
): Promise<void> {
  const { change, actor, db } = needs
  const modelNames = needs.models.map((model) => model.name)
  const { run, joined } = await change(actor, (change) =>
    requestRefresh({ runs: { queue: null, callbacks: null }, modelNames }, change, name, {
      cause: options.reason,
      type: options.full ? 'full' : undefined,
    }),
  )
  const handler = refreshModel(needs)
  const shows = !options.json && process.stderr.isTTY
  if (joined) process.stderr.write('A refresh of this model is open already; waiting for it.\n')
  const perform = () =>
    performRun(
      { ...needs, changer: change, queue: null },
      refreshModelRun,
      async (work) => {
        await collectSnapshots(needs)
        return handler({
          ...work,
          progress(fraction, text) {
            if (shows) process.stderr.write(`\r${name}: ${Math.round(fraction * 100)} % ${text ?? ''}\x1b[K`)
            work.progress(fraction, text)
          },
        })
      },
      run.id,
    )
  await perform()
  let done = await getRun({ db }, actor.caller, run.id)
  while (done.finishedAt === null) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    // Whoever had it may be dead, and no server there to notice: then it is ours once its lease has lapsed.
    await perform()
    done = await getRun({ db }, actor.caller, run.id)
  }
  if (shows) process.stderr.write('\r\x1b[K')
  const row = await describe(needs, name)
  if (options.json) say(JSON.stringify({ ...row, run: run.id, state: done.state, error: done.error }))
  else if (done.state === 'succeeded') say(told(row))
  else process.stderr.write(`${name}: ${done.state}${done.error ? `: ${done.error.message}` : ''}\n`)
  if (done.state !== 'succeeded') process.exitCode = 1
}

interface Described {
  name: string
  label: string
  version: number | null
  rows: number | null
  first_day: string | null
  last_day: string | null
  refreshed_at: string | null
  outdated: boolean
}

async function describe({ db, models }: ModelCommandNeeds, name: string): Promise<Described> {
  const model = models.find((one) => one.name === name)
  const snapshot = await findCurrent(db, name)
  return {
    name,
    label: model?.catalogue.label ?? name,
    version: snapshot?.version ?? null,
    rows: snapshot?.rows ?? null,
    first_day: snapshot?.days?.start ?? null,
    last_day: snapshot?.days?.end ?? null,
    refreshed_at: snapshot?.finishedAt.toISOString() ?? null,
    outdated: snapshot !== null && model !== undefined && snapshot.definition !== definitionOf(model),
  }
}

function told({ name, label, version, rows, first_day, last_day, refreshed_at, outdated }: Described): string {
  if (version === null) return `${name} (${label}): never refreshed; run tessera model refresh ${name}`
  const days = first_day === null ? '' : `, ${first_day} to ${last_day}`
  const note = outdated ? '; its file has changed since, refresh it' : ''
  return `${name} (${label}): snapshot ${version} of ${refreshed_at}, ${rows} rows${days}${note}`
}
