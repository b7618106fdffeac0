import { type Actor, actor, localCaller } from '#src/access/caller.ts'
import type { Permission } from '#src/access/permissions.ts'
import type { Changer, Database } from '#src/database/change.ts'
import type { Log } from '#src/database/log.ts'
import { Problem } from '#src/problem/problem.ts'
import type { Queue } from '#src/queue/queue.ts'
import { closeRun } from './close-run.ts'
import { jobOfRuns } from './jobs.ts'
import { type ArtifactKeeper, artifactsOf } from './keep-artifact.ts'
import { type Reporter, reporter } from './report.ts'
import type { AnyRunKind, Run, RunError, RunHandler, RunKind, RunOutcome } from './run.ts'
import { beatRun, claimRun, findRun, nextInLine, type RunEnd } from './store.ts'

export interface PerformNeeds {
  db: Database
  changer: Changer
  /** Null at the command line: what waits behind the run is then found by the next worker that looks. */
  queue: Queue | null
  log: Log
  /** Whether the token that asked for a run still may. */
  stillStands: (tokenId: string, permission: Permission, resource: string) => Promise<boolean>
  /** How long a worker may be silent before it is taken for dead. Default: 20 s. */
  leaseMs?: number
  /** How often it renews its lease, keeps its news and learns of a cancellation. Default: 1 s. */
  beatMs?: number
  /** How long a handler may take to give in when it is stopped. Default: 10 s. */
  graceMs?: number
  /** Where the files of runs are kept; left out where runs of this process make none. */
  artifacts?: ArtifactKeeper
}

/** Why a handler was told to stop; the reason of its signal. */
type Stop = 'cancelled' | 'timed_out' | 'lost' | 'closing'

/**
 * Does one run here and now: takes it up (unless someone else does it, or it is over), asks whether its token still
 * stands, calls the handler, closes it. Resolves when it is closed, or at once when there is nothing to do. `closing`
 * gives it back to the queue.
 */
export async function performRun<Data extends object>(
  needs: PerformNeeds,
  kind: RunKind<Data>,
  handler: RunHandler<Data>,
  runId: string,
  closing?: AbortSignal,
): Promise<void> {
  const { db, leaseMs = 20_000 } = needs
  const waiting = await findRun(db, runId)
  if (!waiting || waiting.finishedAt || closing?.aborted) return
  // What runs already, or ran until its worker was lost, was asked about when it began.
  if (waiting.state === 'queued' && !(await mayStart(needs, waiting))) return closeRefused(needs, kind, waiting)
  const claimed = await claimRun(db, runId, leaseMs)
  if (claimed === null || claimed === 'busy') return
  await workOn(needs, kind, handler, claimed, closing)
}

async function mayStart({ stillStands }: PerformNeeds, { trigger, permission, subject }: Run): Promise<boolean> {
  return trigger.tokenId === null || stillStands(trigger.tokenId, permission, subject.id)
}

async function closeRefused(needs: PerformNeeds, kind: AnyRunKind, run: Run): Promise<void> {
  const error: RunError = {
    code: 'token-no-longer-stands',
    message: `The token that asked for this run was revoked, narrowed or has expired before it ${run.attempt === 0 ? 'began' : 'could go on'}.`,
    retryable: false,
  }
  await close(needs, kind, run, { state: 'cancelled', error }, null, async (change) => {
    change.note({
      verb: 'run.cancelled',
      subjectType: 'run',
      subjectId: run.id,
      detail: { kind: run.kind, reason: error.code },
    })
  })
}

async function workOn<Data extends object>(
  needs: PerformNeeds,
  kind: RunKind<Data>,
  handler: RunHandler<Data>,
  { run, lastLine }: { run: Run; lastLine: number },
  closing: AbortSignal | undefined,
): Promise<void> {
  const { db, log, leaseMs = 20_000, beatMs = 1000, graceMs = 10_000 } = needs
  const stopper = new AbortController()
  const stop = (reason: Stop): void => stopper.abort(reason)
  const onClosing = (): void => stop('closing')
  if (closing?.aborted) onClosing()
  closing?.addEventListener('abort', onClosing)
  const report = reporter(run, lastLine, stopper.signal)
  let renewedAt = performance.now()
  let beating: Promise<void> | null = null
  const beat = async (): Promise<void> => {
    try {
      const asked = performance.now()
      const state = await beatRun(db, run, leaseMs, report.takeNews())
      if (state === null) return stop('lost')
      renewedAt = asked
      if (state.cancelRequested) stop('cancelled')
    } catch (error) {
      report.keepNews()
      log.warn({ err: error, run: run.id }, 'a run could not renew its lease')
      // Others take it up from now on; what this one would still do is shut out.
      if (performance.now() - renewedAt > leaseMs) stop('lost')
    }
  }
  const beats = setInterval(() => {
    beating ??= beat().finally(() => {
      beating = null
    })
  }, beatMs)
  const alarm = setTimeout(() => stop('timed_out'), kind.timeoutSeconds * 1000)
  try {
    const ended = await race(
      async () =>
        handler({
          ...report.work,
          ...artifactsOf(needs, run, stopper.signal),
          run,
          data: kind.data.parse(run.data),
        }),
      stopper.signal,
      graceMs,
    )
    clearInterval(beats)
    await beating
    if (stopper.signal.reason === 'lost') return
    await conclude(needs, kind, run, report, ended, stopper.signal.reason as Stop | undefined)
  } finally {
    clearInterval(beats)
    clearTimeout(alarm)
    closing?.removeEventListener('abort', onClosing)
  }
}

type Ended = { outcome: RunOutcome } | { thrown: unknown }

/** The handler's end; or, when it doesn't give in within the grace after it was told to stop, an end without it. */
async function race(work: () => ReturnType<RunHandler<never>>, signal: AbortSignal, graceMs: number): Promise<Ended> {
  let timer: NodeJS.Timeout | undefined
  const givenUp = new Promise<Ended>((resolve) => {
    const wait = (): void => {
      timer = setTimeout(() => resolve({ thrown: new Error('the run went on after it was told to stop') }), graceMs)
    }
    if (signal.aborted) wait()
    else signal.addEventListener('abort', wait, { once: true })
  })
  const done = work().then(
    (outcome): Ended => ({ outcome: outcome ?? {} }),
    (thrown: unknown): Ended => ({ thrown }),
  )
  return Promise.race([done, givenUp]).finally(() => clearTimeout(timer))
}

async function conclude(
  needs: PerformNeeds,
  kind: AnyRunKind,
  run: Run,
  report: Reporter,
  ended: Ended,
  stopped: Stop | undefined,
): Promise<void> {
  if ('outcome' in ended) {
    const { state = 'succeeded', counts, text, commit } = ended.outcome
    if (text !== undefined) report.say(text)
    try {
      await close(needs, kind, run, { state, error: null, ...(counts && { counts }) }, report, commit)
    } catch (thrown) {
      report.keepNews()
      await conclude(needs, kind, run, report, { thrown }, stopped)
    }
    return
  }
  await close(needs, kind, run, endOf(needs.log, kind, run, ended.thrown, stopped), report)
}

function endOf(log: Log, kind: AnyRunKind, run: Run, thrown: unknown, stopped: Stop | undefined): RunEnd {
  if (stopped === 'closing') return { state: 'queued' }
  if (stopped === 'cancelled') return { state: 'cancelled' }
  if (stopped === 'timed_out') {
    const message = `It took longer than the ${kind.timeoutSeconds} seconds allowed.`
    return { state: 'timed_out', error: { code: 'timed-out', message, retryable: true } }
  }
  log.error({ err: thrown, run: run.id, kind: run.kind }, 'a run failed')
  return { state: 'failed', error: errorOf(thrown) }
}

function errorOf(thrown: unknown): RunError {
  if (!(thrown instanceof Problem)) {
    return {
      code: 'internal',
      message: 'Something went wrong on our side; the log of the server says what.',
      retryable: true,
    }
  }
  const { hint, errors = [] } = thrown.details
  const lines = errors.slice(0, 20).map(({ pointer, detail }) => `${pointer}: ${detail}`)
  const message = [thrown.message, ...lines, ...(hint ? [hint] : [])].join('\n')
  return {
    code: thrown.code,
    message,
    retryable: ['unavailable', 'timeout', 'internal', 'too_many'].includes(thrown.kind),
  }
}

type Commit = NonNullable<RunOutcome['commit']>

/** Another worker has this run now, so that nothing of this one's may happen. */
class LostRun extends Error {}

/** The end of a run, what must become true with it, and the turn of the next in line: one transaction. */
async function close(
  { changer, queue }: PerformNeeds,
  kind: AnyRunKind,
  run: Run,
  end: RunEnd,
  report: Reporter | null,
  commit?: Commit,
): Promise<void> {
  try {
    await changer(actorOf(run), async (change) => {
      // First, as it locks the run: from here on nobody else takes it up.
      const ours = await closeRun(queue, change.tx, run, end, report?.takeNews(true) ?? null)
      if (!ours) throw new LostRun()
      await commit?.(change)
      const next = end.state === 'queued' ? run.id : await nextInLine(change.tx, run.id)
      if (queue && next) await queue.send(change.tx, jobOfRuns(kind), { run_id: next })
    })
  } catch (error) {
    if (!(error instanceof LostRun)) throw error
  }
}

/** The product acts, in the name of whoever asked. */
function actorOf({ trigger }: Run): Actor {
  const { accountId, accountName, tokenId, cause } = trigger
  const system = actor(localCaller('system', accountName ?? 'tessera'))
  return { ...system, caller: { ...system.caller, accountId, tokenId }, requestId: cause?.slice(0, 200) ?? null }
}
