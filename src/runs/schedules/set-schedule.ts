import { isDeepStrictEqual } from 'node:util'
import type { Change, Database, Tx } from '#src/database/change.ts'
import { nextDue } from '#src/schedule/due-times.ts'
import { type Schedule, ScheduleMembers } from '#src/schedule/shape.ts'
import { requireHolidays } from './holiday-calendar.ts'
import type { KeptSchedule, ScheduleKey, ScheduleOwner } from './kept-schedule.ts'
import { deleteSchedule, findSchedules, findSchedule as inStore, lockSchedule, writeSchedule } from './store.ts'

interface SetScheduleAsk extends ScheduleKey {
  schedule: Schedule
  owner: ScheduleOwner
  /** Its times pass by until it is set again without this. */
  paused?: boolean
}

/**
 * From now on it is due as `schedule` says. Set again as it is, it stays as it is, however often a server starts; what
 * is due already and not yet taken stays due. Times that passed while it was paused are not made up for.
 */
export async function setSchedule(
  { clock }: { clock: { now(): Date } },
  { tx }: Change,
  { kind, subject, owner, paused = false, ...ask }: SetScheduleAsk,
): Promise<KeptSchedule> {
  const key = { kind, subject }
  // As it will be read again, so that two spellings of the same are the same.
  const schedule = ScheduleMembers.parse(JSON.parse(JSON.stringify(ask.schedule)))
  const now = clock.now()
  const before = await lockSchedule(tx, key)
  const isHoliday = await requireHolidays(tx, schedule)
  const same = before !== null && before.paused === paused && isDeepStrictEqual(before.schedule, schedule)
  const isDue = before?.nextAt != null && before.nextAt <= now && !paused
  const kept: KeptSchedule = {
    key,
    schedule,
    owner,
    paused,
    nextAt: same || isDue ? before.nextAt : paused ? null : nextDue(schedule, now, isHoliday),
    lastAt: before?.lastAt ?? null,
    passedOver: same ? before.passedOver : 0,
    failures: same ? before.failures : 0,
    heldUntil: same ? before.heldUntil : null,
  }
  await writeSchedule(tx, kept)
  return kept
}

/** From now on it is due no more. Says whether it was. */
export const removeSchedule = ({ tx }: Change, key: ScheduleKey): Promise<boolean> => deleteSchedule(tx, key)

export const findSchedule = (db: Database | Tx, key: ScheduleKey): Promise<KeptSchedule | null> => inStore(db, key)

/** All of a kind. */
export const listSchedules = (db: Database | Tx, kind: string): Promise<KeptSchedule[]> => findSchedules(db, kind)
