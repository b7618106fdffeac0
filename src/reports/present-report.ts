import type { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import type { Report, ReportSummary } from './contract.ts'
import { inputColumnsOf } from './definition.ts'
import { mayEnter } from './input-column.ts'
import { mayManageReport, mayWriteReport } from './may-see-report.ts'
import type { ReportRow } from './store.ts'

/** A report as replies show it to a caller; not what is in it. */
export const presentSummary = (caller: Caller, report: ReportRow): z.input<typeof ReportSummary> => ({
  id: report.id,
  title: report.title,
  description: report.description,
  owner: report.owner_name,
  shared_with: report.shared_with,
  version: report.version,
  created_at: report.created_at.toISOString(),
  updated_at: report.updated_at.toISOString(),
  updated_by: report.updated_by_name,
  inputs_changed_at: report.inputs_changed_at?.toISOString() ?? null,
  may: {
    write: mayWriteReport(caller, report),
    input: inputColumnsOf(report.definition).some(({ column }) => mayEnter(caller, report, column)),
    manage: mayManageReport(caller, report),
  },
})

export const presentReport = (caller: Caller, report: ReportRow): z.input<typeof Report> => ({
  ...presentSummary(caller, report),
  definition: report.definition,
})
