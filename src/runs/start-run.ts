import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { Change, Tx } from '#src/database/change.ts'
import type { CallbackKeeper } from './callbacks.ts'
import { closeRun } from './close-run.ts'
import { type CreateRunAsk, type CreateRunNeeds, createRun } from './create-run.ts'
import { mayCancelRun } from './may-see-run.ts'
import { mayNotCancelRun, runAlreadyOpen } from './problems.ts'
import type { AnyRunKind, Callback, IfRunning, Run, Subject } from './run.ts'
import { addressOfRun } from './show-run.ts'
import { findOpenRuns, findRun, lockRun, requestCancel } from './store.ts'

/** What starting runs takes; `app.ts` makes it once. */
export interface RunStarter extends CreateRunNeeds {
  /** Null at the command line, where nobody can ask to be called back. */
  readonly callbacks: CallbackKeeper | null
}

export interface StartRunAsk<Data extends object> extends CreateRunAsk<Data> {
  /** Default: `join`. Waiting for a turn needs a kind that is `oneAtATime`. */
  readonly ifRunning?: IfRunning | undefined
  readonly callback?: Callback | undefined
  /** Whether an open run would do what is asked for. Default: when its data are equal. */
  readonly same?: (open: Run) => boolean
}

export interface StartedRun {
  readonly run: Run
  /** It was under way before it was asked for; then nothing is to be audited. */
  readonly joined: boolean
}

/**
 * Starts a run, or finds the one that is under way already: as `ifRunning` says. Nobody is given a run that does
 * something else than asked for: then another one waits its turn, whatever was asked to happen. Whether the caller may is
 * for the room that asks; what is audited, too, but for the cancellations of a restart.
 */
export async function startRun<Data extends object>(
  needs: RunStarter,
  change: Change,
  ask: StartRunAsk<Data>,
): Promise<StartedRun> {
  const { kind, subject, ifRunning = 'join', callback } = ask
  const same = ask.same ?? sameData(kind.data.parse(ask.data))
  if (callback) needs.callbacks?.check(callback)
  await lockStarts(change.tx, kind, subject)
  const open = await findOpenRuns(change.tx, kind.name, subject)
  if (ifRunning === 'reject' && open[0]) throw alreadyOpen(open[0])
  if (ifRunning === 'restart') for (const run of open) await cancelOpen(needs, change, kind, run)
  const joined =
    ifRunning === 'join' || ifRunning === 'queue' ? await firstStillOpen(change.tx, open.filter(same), ifRunning) : null
  const run = joined ?? (await createRun(needs, change, ask))
  if (!callback) return { run, joined: joined !== null }
  await needs.callbacks?.keep(change.tx, run, callback)
  return { run: (await findRun(change.tx, run.id)) ?? run, joined: joined !== null }
}

const sameData =
  (data: object) =>
  (open: Run): boolean =>
    isDeepStrictEqual(JSON.parse(JSON.stringify(data)), open.data)

/** Two who ask at the same moment come one after the other, so that the second sees what the first began. */
async function lockStarts(tx: Tx, { name }: AnyRunKind, { type, id }: Subject): Promise<void> {
  const key = JSON.stringify(['start', name, type, id])
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx)
}

/**
 * Held until the change ends, so that it can neither end before it knows of who joined it nor, where one is to wait,
 * begin.
 */
async function firstStillOpen(tx: Tx, open: readonly Run[], ifRunning: 'join' | 'queue'): Promise<Run | null> {
  for (const { id } of open) {
    const run = await lockRun(tx, id)
    const joinable = run && !run.finishedAt && !run.cancelRequested
    if (joinable && (ifRunning === 'join' || run.state === 'queued')) return run
  }
  return null
}

async function cancelOpen(needs: RunStarter, change: Change, kind: AnyRunKind, { id }: Run): Promise<void> {
  const { tx, actor } = change
  const run = await lockRun(tx, id)
  if (!run || run.finishedAt || run.cancelRequested) return
  if (!mayCancelRun(actor.caller, run))
    throw mayNotCancelRun({
      detail: 'The run that is under way is somebody else’s, so you may not put another in its place.',
      hint: 'Ask with if_running set to join or queue, or have the permission runs:admin.',
      extensions: { run: id },
    })
  await requestCancel(tx, id)
  if (run.state === 'queued') await closeRun(needs.queue, tx, run, { state: 'cancelled' }, null)
  const detail = { kind: kind.name, subject: run.subject.id, reason: 'restarted' }
  change.note({ verb: 'run.cancelled', subjectType: 'run', subjectId: id, detail })
}

const alreadyOpen = ({ id, state }: Run) =>
  runAlreadyOpen({
    detail: `A run of this kind is ${state === 'queued' ? 'waiting' : 'at work'}: ${id}.`,
    hint: 'Follow that one, or ask with if_running set to join, queue or restart.',
    extensions: { run: id },
    headers: { location: addressOfRun(id), 'retry-after': '5' },
  })
