import { type Selectable, sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { HolidayCalendars, Schedules } from '#src/database/tables.ts'
import { ScheduleMembers } from '#src/schedule/shape.ts'
import type { HolidayCalendar, HolidayDay } from './holiday-calendar.ts'
import type { KeptSchedule, ScheduleKey } from './kept-schedule.ts'

export async function findSchedule(db: Database | Tx, key: ScheduleKey): Promise<KeptSchedule | null> {
  const row = await db.selectFrom('schedules').selectAll().where(matches(key)).executeTakeFirst()
  return row ? readSchedule(row) : null
}

export async function lockSchedule(tx: Tx, key: ScheduleKey): Promise<KeptSchedule | null> {
  const row = await tx.selectFrom('schedules').selectAll().where(matches(key)).forUpdate().executeTakeFirst()
  return row ? readSchedule(row) : null
}

export async function findSchedules(db: Database | Tx, kind: string): Promise<KeptSchedule[]> {
  const rows = await db.selectFrom('schedules').selectAll().where('kind', '=', kind).orderBy('subject_id').execute()
  return rows.map(readSchedule)
}

export async function writeSchedule(tx: Tx, { key, ...kept }: KeptSchedule): Promise<void> {
  const columns = {
    definition: JSON.stringify(kept.schedule),
    owner_account_id: kept.owner.accountId,
    owner_account_name: kept.owner.accountName,
    paused: kept.paused,
    next_at: kept.nextAt,
    last_at: kept.lastAt,
    passed_over: kept.passedOver,
    failures: kept.failures,
    held_until: kept.heldUntil,
    updated_at: sql<Date>`now()`,
  }
  await tx
    .insertInto('schedules')
    .values({ kind: key.kind, subject_type: key.subject.type, subject_id: key.subject.id, ...columns })
    .onConflict((conflict) => conflict.columns(['kind', 'subject_type', 'subject_id']).doUpdateSet(columns))
    .execute()
}

export async function deleteSchedule(tx: Tx, key: ScheduleKey): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('schedules').where(matches(key)).executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** Those that are due, the longest first. Asked every second: one look into the index of due times. */
export async function findDue(
  db: Database,
  kinds: readonly string[],
  now: Date,
  limit: number,
): Promise<Pick<KeptSchedule, 'key' | 'owner'>[]> {
  const rows = await db
    .selectFrom('schedules')
    .select(['kind', 'subject_type', 'subject_id', 'owner_account_id', 'owner_account_name'])
    .where('next_at', '<=', now)
    .where(isFree(now))
    .where('kind', 'in', kinds)
    .orderBy('next_at')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ key: keyOf(row), owner: ownerOf(row) }))
}

/** One that is due, for the caller alone; null when somebody else has it or had it. */
export async function takeDue(tx: Tx, key: ScheduleKey, now: Date): Promise<KeptSchedule | null> {
  const row = await tx
    .selectFrom('schedules')
    .selectAll()
    .where(matches(key))
    .where('next_at', '<=', now)
    .where(isFree(now))
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row ? readSchedule(row) : null
}

const isFree = (now: Date) => sql<boolean>`(held_until is null or held_until <= ${now})`

export async function holdSchedule(db: Database, key: ScheduleKey, failures: number, until: Date): Promise<void> {
  await db.updateTable('schedules').set({ failures, held_until: until }).where(matches(key)).execute()
}

/** Those whose last planned time lies after `moment`. */
export async function findTakenAfter(db: Database, moment: Date): Promise<ScheduleKey[]> {
  const rows = await db
    .selectFrom('schedules')
    .select(['kind', 'subject_type', 'subject_id'])
    .where('last_at', '>', moment)
    .execute()
  return rows.map(keyOf)
}

export interface ScheduleFigures {
  active: number
  paused: number
  /** Come to their end. */
  completed: number
  /** Due for longer than `overdueMs`. */
  overdue: number
  /** Due, but starting what is due failed again and again. */
  failing: number
  oldestDue: Date | null
  next: Date | null
}

export async function countSchedules(db: Database, now: Date, overdueMs: number): Promise<ScheduleFigures> {
  const since = new Date(now.getTime() - overdueMs)
  const row = await db
    .selectFrom('schedules')
    .select(({ fn }) => [
      fn.countAll().filterWhere('next_at', 'is not', null).as('active'),
      fn.countAll().filterWhere('paused', '=', true).as('paused'),
      fn.countAll().filterWhere('next_at', 'is', null).filterWhere('paused', '=', false).as('completed'),
      fn.countAll().filterWhere('next_at', '<', since).as('overdue'),
      fn.countAll().filterWhere('next_at', '<=', now).filterWhere('failures', '>', 0).as('failing'),
      fn.min('next_at').filterWhere('next_at', '<', since).as('oldest'),
      fn.min('next_at').filterWhere('next_at', '>', now).as('next'),
    ])
    .executeTakeFirstOrThrow()
  return {
    active: Number(row.active),
    paused: Number(row.paused),
    completed: Number(row.completed),
    overdue: Number(row.overdue),
    failing: Number(row.failing),
    oldestDue: row.oldest,
    next: row.next,
  }
}

export async function findHolidayCalendars(db: Database): Promise<HolidayCalendar[]> {
  const rows = await db.selectFrom('holiday_calendars').selectAll().orderBy('name').execute()
  return rows.map(readCalendar)
}

export async function findHolidayCalendar(db: Database | Tx, name: string): Promise<HolidayCalendar | null> {
  const row = await db.selectFrom('holiday_calendars').selectAll().where('name', '=', name).executeTakeFirst()
  return row ? readCalendar(row) : null
}

export async function writeHolidayCalendar(
  tx: Tx,
  { name, label, days }: Omit<HolidayCalendar, 'updatedAt'>,
): Promise<HolidayCalendar> {
  const columns = { label, days: JSON.stringify(days), updated_at: sql<Date>`now()` }
  const row = await tx
    .insertInto('holiday_calendars')
    .values({ name, ...columns })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(columns))
    .returningAll()
    .executeTakeFirstOrThrow()
  return readCalendar(row)
}

export async function deleteHolidayCalendar(tx: Tx, name: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('holiday_calendars').where('name', '=', name).executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** The schedules that leave out the days of a calendar, locked. */
export async function lockSchedulesWith(tx: Tx, holidays: string): Promise<KeptSchedule[]> {
  const rows = await tx
    .selectFrom('schedules')
    .selectAll()
    .where(sql<string>`definition ->> 'holidays'`, '=', holidays)
    .orderBy('kind')
    .orderBy('subject_type')
    .orderBy('subject_id')
    .forUpdate()
    .execute()
  return rows.map(readSchedule)
}

type KeyColumns = Pick<Selectable<Schedules>, 'kind' | 'subject_type' | 'subject_id'>

const matches = ({ kind, subject }: ScheduleKey) =>
  sql<boolean>`(kind, subject_type, subject_id) = (${kind}, ${subject.type}, ${subject.id})`

const keyOf = (row: KeyColumns): ScheduleKey => ({
  kind: row.kind,
  subject: { type: row.subject_type, id: row.subject_id },
})

const ownerOf = (row: Pick<Selectable<Schedules>, 'owner_account_id' | 'owner_account_name'>) => ({
  accountId: row.owner_account_id,
  accountName: row.owner_account_name,
})

const readSchedule = (row: Selectable<Schedules>): KeptSchedule => ({
  key: keyOf(row),
  schedule: ScheduleMembers.parse(row.definition),
  owner: ownerOf(row),
  paused: row.paused,
  nextAt: row.next_at,
  lastAt: row.last_at,
  passedOver: row.passed_over,
  failures: row.failures,
  heldUntil: row.held_until,
})

const readCalendar = ({ name, label, days, updated_at }: Selectable<HolidayCalendars>): HolidayCalendar => ({
  name,
  label,
  days: days as HolidayDay[],
  updatedAt: updated_at,
})
