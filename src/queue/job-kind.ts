import type { z } from 'zod'

/** What the queue may carry, declared in the `jobs.ts` of the room that does it. */
export interface JobKind<Data extends object = object> {
  /** Letters, digits and dashes; the queue's name for ever. */
  readonly name: string
  /** Read again when the job is taken up: what an older version sent may no longer be understood. */
  readonly data: z.ZodType<Data>
  /** How often a job that failed is tried again. Default: not at all. */
  readonly retries?: number
  /** Before the first retry; doubled for each further one. Default: 5. */
  readonly retryDelaySeconds?: number
  /** A job that takes longer is given up (and retried). Default: 15 minutes. */
  readonly timeoutSeconds?: number
  /** Names a job by its data: of two with the same key only one waits; sending the second does nothing. */
  readonly key?: (data: Data) => string
  /** Done in a moment and sent in crowds (mails): up to ten at a time are taken up together by each worker. */
  readonly short?: true
  /** Jobs of this kind at work at the same time in one process (of short ones, such groups). Default: 1. */
  readonly concurrency?: number
}

export const jobKind = <Data extends object>(kind: JobKind<Data>): JobKind<Data> => kind

/** One job at work. */
export interface Job<Data> {
  readonly id: string
  readonly data: Data
  /** 1 the first time. */
  readonly attempt: number
  /** Aborts when the job's time is up. */
  readonly signal: AbortSignal
}
