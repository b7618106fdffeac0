import type { Schedule } from '#src/schedule/shape.ts'
import type { Subject } from '../run.ts'

/** What is done by the clock, and to what: a thing has at most one schedule of a kind. */
export interface ScheduleKey {
  /** The name of the kind of run that it starts, e.g. `refresh-model`. */
  readonly kind: string
  readonly subject: Subject
}

/** In whose name it is done. */
export interface ScheduleOwner {
  readonly accountId: string | null
  readonly accountName: string | null
}

export interface KeptSchedule {
  readonly key: ScheduleKey
  readonly schedule: Schedule
  readonly owner: ScheduleOwner
  readonly paused: boolean
  /** The next planned time; null while paused, and when the schedule has come to its end. */
  readonly nextAt: Date | null
  /** The last planned time that was taken. */
  readonly lastAt: Date | null
  /** Times since then that were let pass. */
  readonly passedOver: number
  /** Attempts in a row that failed to start what is due, and until when not to try again. */
  readonly failures: number
  readonly heldUntil: Date | null
}

export const scheduleState = ({ paused, nextAt }: KeptSchedule): 'active' | 'paused' | 'completed' =>
  paused ? 'paused' : nextAt === null ? 'completed' : 'active'
