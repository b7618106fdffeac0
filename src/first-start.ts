import { readFile, rename, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { actor, localCaller } from '#src/access/caller.ts'
import type { App } from '#src/app.ts'
import { type Base, demoNote } from '#src/base.ts'
import { depositDemo } from '#src/datasets/demo/deposit-demo.ts'
import { listResources } from '#src/imports/list-resources.ts'
import { loadDemo } from '#src/imports/load-demo.ts'
import type { CompiledModel } from '#src/models/compile-model.ts'
import { requestRefresh } from '#src/models/request-refresh.ts'
import { clock } from '#src/needs.ts'
import { Problem } from '#src/problem/problem.ts'
import { makeWeeklyUsage } from '#src/reports/demo/weekly-usage.ts'
import { getRun } from '#src/runs/get-run.ts'
import type { Run } from '#src/runs/run.ts'
import { subscribeDemoTeam } from '#src/subscriptions/demo/weekly-usage.ts'

/** Shows how far something is, on one line where there is a terminal. */
export interface ProgressLine {
  show(text: string): void
  /** Ends the line with what came of it. */
  done(text: string): void
}

export function progressLine(output: NodeJS.WriteStream): ProgressLine {
  return {
    show(text) {
      if (output.isTTY) output.write(`\r\u001b[K${text}`)
    },
    done(text) {
      output.write(`${output.isTTY ? '\r\u001b[K' : ''}${text}\n`)
    },
  }
}

const caller = localCaller('system', 'first start')
const DemoNote = z.object({
  until: z.iso.datetime(),
  loaded: z.boolean(),
  /** Whether its report was made; should somebody delete it, it stays deleted. */
  reported: z.boolean().default(false),
  /** Whether its subscription was made and sent once. */
  sent: z.boolean().default(false),
  /** Whether its dataset was published. */
  deposited: z.boolean().default(false),
})

const undone = { reported: false, sent: false, deposited: false }

/**
 * Fills a new installation with the made-up centre. The moment up to which it has jobs is noted before: after a crash the
 * same jobs are made again, and the imports take only those that are missing.
 */
async function fillWithDemo(base: Base, line: ProgressLine): Promise<void> {
  const { settings, places, db, change } = base
  const file = demoNote(settings.general.dataDirectory)
  const before = await readNote(file)
  if (before?.loaded) return
  // Somebody's own data may have come in while the demo was off.
  if (!before && (await listResources({ db })).length > 0) return
  const until = before?.until ?? new Date().toISOString()
  await writeNote(file, { until, loaded: false, ...undone })
  line.show('Importing two years of a made-up cluster…')
  const needs = { db, change, importsDirectory: places.imports, timeZone: settings.general.timeZone }
  const { jobs } = await loadDemo(needs, actor(caller), { now: new Date(until) })
  await writeNote(file, { until, loaded: true, ...undone })
  line.done(`Imported ${jobs.toLocaleString('en')} jobs of a made-up cluster.`)
}

/** Makes the report of the made-up centre, once. */
async function reportOnDemo(base: Base, models: App['models']): Promise<void> {
  const file = demoNote(base.settings.general.dataDirectory)
  const note = await readNote(file)
  if (!note?.loaded || note.reported) return
  const needed = ['jobs', 'cost_centers']
  if (needed.every((name) => models.models.includes(name)))
    await base.change(actor(caller), (change) => makeWeeklyUsage({ shelf: models, clock }, change))
  await writeNote(file, { ...note, reported: true })
}

/** Publishes the dataset of the made-up centre, once. The note comes after, so a crash between the two is noticed by its collection. */
async function publishDemo(base: Base, datasets: App['datasets'], line: ProgressLine): Promise<void> {
  const file = demoNote(base.settings.general.dataDirectory)
  const note = await readNote(file)
  if (!note?.loaded || note.deposited) return
  const pid = await depositDemo(datasets, caller).catch((error: unknown) => {
    if (error instanceof Problem) return null
    throw error
  })
  await writeNote(file, { ...note, deposited: true })
  if (pid !== null) line.done('Published the dataset “Temperatures of a made-up machine room”.')
}

async function readNote(file: string): Promise<z.infer<typeof DemoNote> | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? null : DemoNote.parse(JSON.parse(text))
}

async function writeNote(file: string, note: z.infer<typeof DemoNote>): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(note)}\n`, { flush: true })
  await rename(`${file}.new`, file)
}

/**
 * Makes a new installation able to answer: the demo, where it is wanted, and a first snapshot of every model that has
 * none. What reads no imports is refreshed while the demo is imported. A model that fails says why, and the rest goes on.
 */
export async function fillNewInstallation(
  base: Base,
  { runs: starter, models, compiled, datasets }: Pick<App, 'runs' | 'models' | 'compiled' | 'datasets'>,
  line: ProgressLine,
  stopped: AbortSignal,
): Promise<void> {
  const request = async (model: string): Promise<Run> => {
    const { run } = await base.change(actor(caller), (change) =>
      requestRefresh({ runs: starter, modelNames: models.models }, change, model, { cause: 'first start' }),
    )
    return run
  }
  // Those that read other models come behind these.
  const reads = ({ recipe }: CompiledModel) => Number(recipe.tables.some(({ kind }) => kind === 'model'))
  const unread = compiled.filter(({ name }) => isUnread(models, name)).sort((a, b) => reads(a) - reads(b))
  const [afterwards, meanwhile] = [true, false].map((wanted) =>
    unread.filter(({ recipe }) => recipe.tables.some(({ kind }) => kind === 'import') === wanted),
  ) as [CompiledModel[], CompiledModel[]]
  const runs: Run[] = []
  for (const { name } of meanwhile) runs.push(await request(name))
  if (base.settings.general.demo) {
    await fillWithDemo(base, line)
    await reportOnDemo(base, models)
    await publishDemo(base, datasets, line)
  }
  if (stopped.aborted) return
  for (const { name } of afterwards) runs.push(await request(name))
  for (const run of runs) {
    const ended = await watch(base, run, line, stopped)
    if (ended) line.done(told(ended))
  }
}

function isUnread(models: App['models'], model: string): boolean {
  const reading = models.take(model)
  if (reading !== 'none_yet') reading?.release()
  return reading === 'none_yet'
}

function told({ subject, state, counts, error, startedAt, finishedAt }: Run): string {
  if (state !== 'succeeded')
    return `The model ${subject.id} could not be refreshed (${state}): ${error?.message ?? 'no reason given'}`
  const took = ((finishedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)) / 1000
  return `Refreshed ${subject.id}: ${(counts.rows ?? 0).toLocaleString('en')} rows in ${took.toFixed(1)} s.`
}

/** The run once it has ended; null when we are told to stop before. */
async function watch(base: Base, { id, subject }: Run, line: ProgressLine, stopped: AbortSignal): Promise<Run | null> {
  while (!stopped.aborted) {
    const run = await getRun(base, caller, id)
    if (run.finishedAt) return run
    line.show(
      `${subject.type === 'model' ? 'Refreshing' : 'Sending'} ${subject.id}: ${Math.round(run.progress * 100)} % ${run.progressText ?? ''}`,
    )
    await sleep(150, undefined, { signal: stopped }).catch(() => undefined)
  }
  return null
}

/**
 * Subscribes a made-up team to that report in the administrator's name, and sends it once: so that there is something to
 * look at.
 */
export async function sendDemo(
  base: Base,
  { subscriptions }: Pick<App, 'subscriptions'>,
  line: ProgressLine,
  stopped: AbortSignal,
): Promise<void> {
  const file = demoNote(base.settings.general.dataDirectory)
  const note = base.settings.general.demo ? await readNote(file) : null
  if (!note?.reported || note.sent) return
  const run = await subscribeDemoTeam(subscriptions, base.change).catch((error: unknown) => {
    // A report that was changed or deleted meanwhile is nothing to stop for.
    if (error instanceof Problem) return null
    throw error
  })
  await writeNote(file, { ...note, sent: true })
  const ended = run && (await watch(base, await getRun(base, caller, run), line, stopped))
  if (ended)
    line.done(
      ended.state === 'succeeded'
        ? 'Sent the report “Weekly usage” to the outbox.'
        : `The report “Weekly usage” could not be sent (${ended.state}): ${ended.error?.message ?? 'see its deliveries'}`,
    )
}
