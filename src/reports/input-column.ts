import type { Caller } from '#src/access/caller.ts'
import { roles } from '#src/access/permissions.ts'
import { dayIn } from '#src/warehouse/period.ts'
import type { InputColumn } from './definition.ts'
import { mayInput, owns } from './may-see-report.ts'
import type { ReportRow } from './store.ts'

/** Whether the caller is one of those who fill in this column, whatever the day. */
export function mayEnter(caller: Caller, report: ReportRow, { entry }: Pick<InputColumn, 'entry'>): boolean {
  if (!mayInput(caller, report)) return false
  if (entry === 'owner') return owns(caller, report)
  return caller.role !== null && roles.indexOf(caller.role) >= roles.indexOf(entry)
}

/** Whether the last day on which a column may be filled in is over, in the time zone of the table's model. */
export const isLocked = (
  { locked_after: last }: Pick<InputColumn, 'locked_after'>,
  timeZone: string,
  now: Date,
): boolean => last !== undefined && dayIn(timeZone, now) > last
