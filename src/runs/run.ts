import type { z } from 'zod'
import type { Permission } from '#src/access/permissions.ts'
import type { Change } from '#src/database/change.ts'

export const runStates = [
  'queued',
  'running',
  'succeeded',
  'partially_failed',
  'failed',
  'cancelled',
  'skipped',
  'timed_out',
] as const
export type RunState = (typeof runStates)[number]

export const triggerTypes = ['schedule', 'api', 'manual', 'dependency'] as const
export type TriggerType = (typeof triggerTypes)[number]

/** What a run is about; `id` is also the resource that its permission may be narrowed to. */
export interface Subject {
  readonly type: string
  readonly id: string
}

export interface RunTrigger {
  readonly type: TriggerType
  readonly tokenId: string | null
  readonly accountId: string | null
  readonly accountName: string | null
  /** What led to it, for people: a request's id, a schedule's name, the run it depends on. */
  readonly cause: string | null
}

export interface RunStep {
  readonly name: string
  readonly state: 'running' | 'succeeded' | 'failed'
  readonly startedAt: string
  readonly finishedAt: string | null
}

export interface RunError {
  /** A problem's code, or one of ours: `worker-lost`, `token-no-longer-stands`, `timed-out`, `internal`. */
  readonly code: string
  readonly message: string
  /** Whether the same run may well succeed when asked for again. */
  readonly retryable: boolean
}

export type Counts = Readonly<Record<string, number>>

/** One piece of background work that a person can watch. */
export interface Run {
  readonly id: string
  readonly kind: string
  readonly subject: Subject
  readonly permission: Permission
  readonly data: unknown
  readonly state: RunState
  readonly trigger: RunTrigger
  readonly attempt: number
  /** 0 to 1. */
  readonly progress: number
  readonly progressText: string | null
  readonly steps: readonly RunStep[]
  readonly counts: Counts
  readonly error: RunError | null
  readonly cancelRequested: boolean
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
}

export interface RunLogLine {
  readonly line: number
  readonly at: Date
  readonly attempt: number
  readonly level: 'info' | 'warn' | 'error'
  readonly text: string
}

/** A kind of run, declared in the `jobs.ts` of the room that does it. */
export interface RunKind<Data extends object = object> {
  /** Verb and noun, e.g. `refresh-model`; also the name of its queue. */
  readonly name: string
  readonly data: z.ZodType<Data>
  /** What starting one takes, for its subject; asked again of the token before the run starts. */
  readonly permission: Permission
  /** A run that takes longer is stopped. */
  readonly timeoutSeconds: number
  /** Runs of this kind at work at the same time in one process. Default: 1. */
  readonly concurrency?: number
  /** Never two on the same subject at the same time; the second waits its turn. */
  readonly oneAtATime?: true
}

/** What can be said of a kind whatever its data. */
export type AnyRunKind = Omit<RunKind, 'data'>

export const runKind = <Data extends object>(kind: RunKind<Data>): RunKind<Data> => kind

/** What a handler is given to work with. Everything reported is kept within a second or two, and with the run's end. */
export interface RunWork<Data> {
  readonly run: Run
  readonly data: Data
  /** Aborts when the run is cancelled, its time is up, this process stops, or another worker has taken it over. */
  readonly signal: AbortSignal
  /** A named part of the work; its times and outcome are shown. */
  step<T>(name: string, body: () => Promise<T>): Promise<T>
  /** How far it is, from 0 to 1, and what is being done. */
  progress(fraction: number, text?: string): void
  /** A line for whoever watches: no secrets, no stack. */
  log(text: string, level?: RunLogLine['level']): void
}

export interface RunOutcome {
  /** Default: `succeeded`. */
  readonly state?: 'succeeded' | 'partially_failed' | 'skipped'
  readonly counts?: Counts
  readonly text?: string
  /**
   * What must become true exactly if the run ends so (a pointer moved, an event noted): done in the transaction that
   * closes the run. A worker that was taken for dead and comes back closes nothing, so its commit never happens.
   */
  readonly commit?: (change: Change) => Promise<void>
}

/** Does a run. What it throws fails the run; a `Problem`'s text is shown, anything else is only logged. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler with nothing to add returns nothing
export type RunHandler<Data> = (work: RunWork<Data>) => Promise<RunOutcome | void>
