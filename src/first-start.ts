import { readFile, rename, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { actor, localCaller } from '#src/access/caller.ts'
import type { App } from '#src/app.ts'
import { type Base, demoNote } from '#src/base.ts'
import { loadDemo } from '#src/imports/load-demo.ts'
import { requestRefresh } from '#src/models/request-refresh.ts'
import { getRun } from '#src/runs/get-run.ts'
import type { Run } from '#src/runs/run.ts'

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
const DemoNote = z.object({ until: z.iso.datetime(), loaded: z.boolean() })

/**
 * Fills a new installation with the made-up centre. The moment up to which it has jobs is noted before: after a crash the
 * same jobs are made again, and the imports take only those that are missing.
 */
export async function fillWithDemo(base: Base, line: ProgressLine): Promise<void> {
  const { settings, places, db, change } = base
  const file = demoNote(settings.general.dataDirectory)
  const before = await readNote(file)
  if (before?.loaded) return
  const until = before?.until ?? new Date().toISOString()
  await writeNote(file, { until, loaded: false })
  line.show('Importing two years of a made-up cluster…')
  const needs = { db, change, importsDirectory: places.imports, timeZone: settings.general.timeZone }
  const { jobs } = await loadDemo(needs, actor(caller), { now: new Date(until) })
  await writeNote(file, { until, loaded: true })
  line.done(`Imported ${jobs.toLocaleString('en')} jobs of a made-up cluster.`)
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

/** Refreshes the models that can't be read yet, and waits for them. A model that fails says why, and the rest goes on. */
export async function refreshNewModels(
  base: Base,
  { queue, models }: Pick<App, 'queue' | 'models'>,
  line: ProgressLine,
  stopped: AbortSignal,
): Promise<void> {
  for (const model of models.models) {
    const reading = models.take(model)
    if (reading !== 'none_yet') {
      reading?.release()
      continue
    }
    const { run } = await base.change(actor(caller), (change) =>
      requestRefresh({ queue, modelNames: models.models }, change, model, 'first start'),
    )
    const ended = await watch(base, run, line, stopped)
    if (ended === null) return
    const took = ((ended.finishedAt?.getTime() ?? 0) - ended.createdAt.getTime()) / 1000
    line.done(
      ended.state === 'succeeded'
        ? `Refreshed ${model}: ${(ended.counts.rows ?? 0).toLocaleString('en')} rows in ${took.toFixed(1)} s.`
        : `The model ${model} could not be refreshed (${ended.state}): ${ended.error?.message ?? 'no reason given'}`,
    )
  }
}

/** The run once it has ended; null when we are told to stop before. */
async function watch(base: Base, { id, subject }: Run, line: ProgressLine, stopped: AbortSignal): Promise<Run | null> {
  while (!stopped.aborted) {
    const run = await getRun(base, caller, id)
    if (run.finishedAt) return run
    line.show(`Refreshing ${subject.id}: ${Math.round(run.progress * 100)} % ${run.progressText ?? ''}`)
    await sleep(150, undefined, { signal: stopped }).catch(() => undefined)
  }
  return null
}
