import { type Actor, actor, localCaller } from '#src/access/caller.ts'
import type { Change, Changer, Database } from '#src/database/change.ts'
import type { Log } from '#src/database/log.ts'
import type { IsHoliday } from '#src/schedule/calendar-days.ts'
import { describeSchedule } from '#src/schedule/describe-schedule.ts'
import { latestDue, nextDue, upcoming } from '#src/schedule/due-times.ts'
import type { Schedule } from '#src/schedule/shape.ts'
import type { Subject } from '../run.ts'
import { holidaysOf } from './holiday-calendar.ts'
import type { KeptSchedule, ScheduleKey, ScheduleOwner } from './kept-schedule.ts'
import { findDue, findTakenAfter, holdSchedule, lockSchedule, takeDue, writeSchedule } from './store.ts'

/** What is due, for the room that does it. */
export interface Due {
  readonly subject: Subject
  readonly schedule: Schedule
  /** The planned time that this is for: the latest, where several have passed. */
  readonly scheduledFor: Date
  /** Why it is done now, and what became of earlier times; for the run's `cause`. */
  readonly cause: string
  /** Whether the planned time has passed for longer than a few minutes. */
  readonly late: boolean
  /** Whether the schedule has come to its end with this. */
  readonly last: boolean
}

/** Starts what is due (a run), in the change that moves the schedule on: both happen or neither. */
export type DueHandler = (change: Change, due: Due) => Promise<void>

export interface Ticker {
  /** Says who starts what is due of a kind; before `start`. */
  onDue(kind: string, handler: DueHandler): void
  /** Looks for what is due from now on. Any number of processes may: each planned time is taken once. */
  start(): void
  /** Looks once, and takes all that is due. */
  tick(): Promise<void>
  close(): Promise<void>
}

interface TickerNeeds {
  db: Database
  changer: Changer
  log: Log
  clock: { now(): Date }
  /** How often to look. Default: 1 s. */
  everyMs?: number
}

/** A time that passed longer ago than this was missed; a restart does not take so long. */
export const graceMs = 5 * 60_000
const batch = 100
/** How many missed times are counted; a minute's schedule may have missed a million. */
const mostCounted = 100
const dayMs = 24 * 60 * 60_000

export function makeTicker(needs: TickerNeeds): Ticker {
  const { db, log, clock, everyMs = 1000 } = needs
  const handlers = new Map<string, DueHandler>()
  let timer: NodeJS.Timeout | undefined
  let ticking: Promise<void> | null = null
  let closing = false
  let mendedAt = Number.NEGATIVE_INFINITY

  async function tick(): Promise<void> {
    if (handlers.size === 0) return
    const asked = performance.now()
    if (asked - mendedAt > 60_000) {
      mendedAt = asked
      await returnFromTheFuture(needs)
    }
    for (let more = true; more && !closing; ) {
      const now = clock.now()
      const due = await findDue(db, [...handlers.keys()], now, batch)
      more = due.length === batch
      for (const { key, owner } of due) {
        if (closing) return
        const handler = handlers.get(key.kind)
        if (handler) await take(needs, handler, key, owner)
      }
    }
  }

  const tickOnce = (): Promise<void> => {
    ticking ??= tick().finally(() => {
      ticking = null
    })
    return ticking
  }
  const look = (): void => {
    tickOnce().catch((error: unknown) => log.warn({ err: error }, 'schedules that are due could not be looked for'))
  }

  return {
    onDue: (kind, handler) => void handlers.set(kind, handler),
    start() {
      look()
      timer = setInterval(look, everyMs)
    },
    tick: tickOnce,
    async close() {
      closing = true
      clearInterval(timer)
      await ticking?.catch(() => undefined)
    },
  }
}

/** Takes one that is due, unless another process does. What throws is tried again, ever less often. */
async function take(
  { db, changer, log, clock }: TickerNeeds,
  handler: DueHandler,
  key: ScheduleKey,
  owner: ScheduleOwner,
): Promise<void> {
  let failures = 0
  try {
    await changer(actorOf(owner), async (change) => {
      const now = clock.now()
      const kept = await takeDue(change.tx, key, now)
      if (!kept?.nextAt) return
      failures = kept.failures
      const isHoliday = await holidaysOf(change.tx, kept.schedule)
      if (isHoliday === null)
        log.warn({ schedule: key }, `there is no holiday calendar "${kept.schedule.holidays}"; no day is left out`)
      const { after, due } = moveOn(kept, kept.nextAt, now, isHoliday ?? undefined)
      // First, so that what the handler says of the schedule has the last word.
      await writeSchedule(change.tx, after)
      if (due) await handler(change, due)
      else log.warn({ schedule: key, passed: after.lastAt }, 'planned times have passed and are not made up for')
    })
  } catch (error) {
    log.error({ err: error, schedule: key }, 'what is due could not be started; it will be tried again')
    const pauseMs = Math.min(5000 * 2 ** failures, 10 * 60_000)
    await holdSchedule(db, key, failures + 1, new Date(clock.now().getTime() + pauseMs))
  }
}

/** What is to be done now about a schedule whose next time has come, and where it then stands. */
export function moveOn(
  kept: KeptSchedule,
  planned: Date,
  now: Date,
  isHoliday?: IsHoliday,
): { after: KeptSchedule; due: Due | null } {
  const { schedule, key } = kept
  const latest = latestDue(schedule, planned, now, isHoliday) ?? planned
  // How many have passed beside the latest.
  const missed = latest > planned ? 1 + countBetween(schedule, planned, latest, isHoliday) : 0
  const late = now.getTime() - latest.getTime() > graceMs
  const nextAt = nextDue(schedule, latest, isHoliday)
  const moved: KeptSchedule = { ...kept, nextAt, lastAt: latest, failures: 0, heldUntil: null }
  const skips = schedule.catch_up === 'skip'
  if (skips && late) return { after: { ...moved, passedOver: kept.passedOver + missed + 1 }, due: null }
  const passedOver = skips ? kept.passedOver + missed : kept.passedOver
  const cause = [
    describeSchedule(schedule),
    `planned for ${onItsClocks(latest, schedule.time_zone)}`,
    ...(late ? ['caught up late, because nothing ran at the time'] : []),
    ...(missed > 0 && !skips ? [`makes up for ${times(missed)} missed before as well`] : []),
    ...(passedOver > 0 ? [`${times(passedOver)} before it passed while nothing ran and were not made up for`] : []),
  ].join('; ')
  return {
    after: { ...moved, passedOver: 0 },
    due: { subject: key.subject, schedule, scheduledFor: latest, cause, late, last: nextAt === null },
  }
}

const countBetween = (schedule: Schedule, after: Date, before: Date, isHoliday?: IsHoliday): number =>
  upcoming(schedule, after, mostCounted, isHoliday).filter((time) => time < before).length

const times = (count: number): string =>
  count > mostCounted ? `more than ${mostCounted} times` : count === 1 ? '1 time' : `${count} times`

const onItsClocks = (moment: Date, timeZone: string): string =>
  moment.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })

/**
 * A clock that ran years ahead and was set right leaves planned times taken that are still to come. Less than a day is
 * let be: those times would be taken twice.
 */
async function returnFromTheFuture({ db, changer, log, clock }: TickerNeeds): Promise<void> {
  const now = clock.now()
  const tomorrow = new Date(now.getTime() + dayMs)
  for (const key of await findTakenAfter(db, tomorrow)) {
    await changer(actor(localCaller('system', 'tessera')), async ({ tx }) => {
      const kept = await lockSchedule(tx, key)
      if (!kept?.lastAt || kept.lastAt <= tomorrow) return
      const isHoliday = await holidaysOf(tx, kept.schedule)
      log.warn({ schedule: key, lastAt: kept.lastAt }, 'the clock was set back; the schedule goes on from now')
      const nextAt = kept.paused ? null : nextDue(kept.schedule, now, isHoliday ?? undefined)
      await writeSchedule(tx, { ...kept, lastAt: null, nextAt })
    })
  }
}

/** The product acts, in the name of whoever owns the schedule. */
function actorOf({ accountId, accountName }: ScheduleOwner): Actor {
  const system = actor(localCaller('system', accountName ?? 'tessera'))
  return { ...system, caller: { ...system.caller, accountId } }
}
