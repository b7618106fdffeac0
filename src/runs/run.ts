import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { GrantText } from '#src/access/grants.ts'
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
  /** From where it was asked for. */
  readonly address: string | null
}

/** What to do when a run of the same kind on the same subject waits or is at work already. */
export const ifRunningWords = ['join', 'queue', 'reject', 'restart'] as const
export type IfRunning = (typeof ifRunningWords)[number]

/** Whom to tell of a run's end, as given by who asks for it. */
export interface Callback {
  readonly url: string
  readonly secret: string
}

/** How far the telling is. */
export interface CallbackFacts {
  readonly id: string
  readonly host: string
  readonly state: 'waiting' | 'delivered' | 'failed'
  readonly attempts: number
  readonly failure: string | null
}

/** A file that a run made. */
export interface Artifact {
  readonly id: string
  readonly runId: string
  readonly name: string
  readonly mediaType: string
  readonly bytes: number
  /** In hexadecimal; also its name in the content store. */
  readonly sha256: string
  readonly createdAt: Date
  readonly expiresAt: Date
  /** Past its time: no longer given out, and collected soon. */
  readonly expired: boolean
}

export interface NewArtifact {
  /** A file's name, as it will be offered when it is downloaded. */
  readonly name: string
  readonly mediaType: string
  readonly content: Readable | Uint8Array
  /** Default: `[files] artifact_lifetime` from now. */
  readonly expiresAt?: Date
  /** Hears how much has been written so far. */
  readonly onBytes?: (bytes: number) => void
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
  /** The moment of the schedule that it is the run of. */
  readonly scheduledFor: Date | null
  /** The run that it does again. */
  readonly rerunOf: string | null
  /** Seen by who started it and by administrators only. */
  readonly personal: boolean
  /** Without this nobody gets its files; null: nothing besides the run's own permission. */
  readonly filesNeed: GrantText | null
  readonly artifacts: { readonly total: number; readonly expired: number }
  readonly callbacks: readonly CallbackFacts[]
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
  /** What it makes is for who asked only (their rows): nobody else who may start such runs sees this one. */
  readonly personal?: true
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
  /**
   * Keeps a file with the run, in constant memory and at once. One of the same name takes the place of that of an
   * attempt before.
   */
  addArtifact(artifact: NewArtifact): Promise<Artifact>
  /** What the run has kept so far; an attempt that takes it up may build on that. */
  listArtifacts(): Promise<readonly Artifact[]>
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
