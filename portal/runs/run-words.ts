import type { Reply } from '#portal/kit/contracts.ts'

export type Run = Reply<'GET /v1/runs/:run'>
export type RunState = Run['state']

/** Whether anything about it may still change. */
export const isOpen = ({ state }: Pick<Run, 'state'>): boolean => state === 'queued' || state === 'running'

export const stateWords: Readonly<Record<RunState, string>> = {
  queued: 'Waiting',
  running: 'Running',
  succeeded: 'Succeeded',
  partially_failed: 'Failed in part',
  failed: 'Failed',
  cancelled: 'Cancelled',
  skipped: 'Skipped',
  timed_out: 'Took too long',
}

export const triggerTypeWords: Readonly<Record<Run['trigger']['type'], string>> = {
  manual: 'By hand, in the portal',
  api: 'By an application, with a token',
  schedule: 'By schedule',
  dependency: 'By another run',
}

/** "refresh-model" as people say it. */
export function kindWords(kind: string): string {
  const words = kind.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What the run is about, without its type when the kind says it: "Refresh model jobs". */
export const titleOf = ({ kind, subject }: Pick<Run, 'kind' | 'subject'>): string => `${kindWords(kind)} ${subject.id}`

/** Who or what led to it. */
export function triggerWords({ trigger }: Pick<Run, 'trigger'>): string {
  const { type, account } = trigger
  if (type === 'dependency') return 'Another run led to it'
  if (type === 'schedule') return account === null ? 'By schedule' : `By itself (${account})`
  const who = account ?? 'Somebody'
  return type === 'api' ? `${who}, with an API token` : who
}

/** Why, as somebody wrote it; null when all that is known is which request asked. */
export function reasonOf({ trigger: { cause, account } }: Pick<Run, 'trigger'>): string | null {
  return cause === null || cause === account || /^[0-9a-f]{8,16}-[0-9a-z]+$/.test(cause) ? null : cause
}

/** How long it took, or has taken so far; null while it waits. */
export function lengthOf({ started_at, finished_at }: Pick<Run, 'started_at' | 'finished_at'>, now: number) {
  if (started_at === null) return null
  return (finished_at === null ? now : Date.parse(finished_at)) - Date.parse(started_at)
}

type RunError = NonNullable<Run['error']>

const advice: Readonly<Record<string, string>> = {
  'refresh-refused':
    'What was there before is still read. Mend the source or the model file as the message says, then refresh again.',
  'worker-lost':
    'The process that did it went away again and again. Ask for it anew; should that fail too, look at the server’s log and its memory.',
  'timed-out': 'Ask for it again when the machine has less to do; should it fail again, make its sources smaller.',
  'token-no-longer-stands': 'Nothing was done. Ask for it anew, with a token that stands.',
  'unknown-model': 'Its model file is gone: put it back, or leave it.',
  'render-failed': 'The report could not be drawn. Do it again; should that fail too, make the report smaller.',
  'unknown-report': 'The report is gone, or no longer shared with its owner. Choose another in the subscription.',
}

/** What to do about a run that ended badly. */
export function adviceFor({ code, retryable }: Pick<RunError, 'code' | 'retryable'>): string {
  const known = advice[code]
  if (known !== undefined) return known
  return retryable
    ? 'Ask for it again; should it fail again, the server’s log says more under the run’s number.'
    : 'Asking again will not help before what the message says is mended.'
}

/** How much later than planned it began: "3 min 2 s late"; null while that is not known, or nothing to speak of. */
export function lateness({ scheduled_for, started_at }: Pick<Run, 'scheduled_for' | 'started_at'>): number | null {
  if (scheduled_for === null || started_at === null) return null
  const late = Date.parse(started_at) - Date.parse(scheduled_for)
  return late < 60_000 ? null : late
}

/** "rows_before" as a heading: "Rows before". */
export const countWords = (name: string): string => kindWords(name.replaceAll('_', '-'))
