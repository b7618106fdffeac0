import type { Caller } from '#src/access/caller.ts'
import { roles } from '#src/access/permissions.ts'
import type { Change, Database, Tx } from '#src/database/change.ts'
import { requirePermission } from '#src/http/permission.ts'
import { notYourReport, reportNotFound } from './problems.ts'
import { findReport, lockReport, type ReportRow } from './store.ts'

type Facts = Pick<ReportRow, 'id' | 'owner_id' | 'owner_active' | 'shared_with'>

export const owns = (caller: Caller, { owner_id }: Pick<ReportRow, 'owner_id'>): boolean =>
  owner_id !== null && owner_id === caller.accountId

/** Whether the caller's account sees it: its own, what is shared with its role; administrators what nobody else could care for. */
export function sees(caller: Caller, report: Facts): boolean {
  if (caller.via === 'system' || caller.via === 'command' || owns(caller, report)) return true
  if (caller.role === null) return false
  if (report.shared_with === 'owner') return caller.role === 'admin' && report.owner_active !== true
  return roles.indexOf(caller.role) >= roles.indexOf(report.shared_with)
}

/** Who may see it and holds `reports:write` may change it; every version is kept. */
export const mayWriteReport = (caller: Caller, report: Facts): boolean =>
  sees(caller, report) && caller.grants.allows('reports:write', report.id)

export const mayInput = (caller: Caller, report: Facts): boolean =>
  sees(caller, report) && caller.grants.allows('reports:input', report.id)

/** To delete it, and to say who sees it. */
export const mayManageReport = (caller: Caller, report: Facts): boolean =>
  mayWriteReport(caller, report) && (owns(caller, report) || caller.role === 'admin')

/** The report, for a caller who may read it. One that they may not see does not exist for them. */
export async function takeReport(db: Database | Tx, caller: Caller, id: string): Promise<ReportRow> {
  requirePermission(caller, 'reports:read', id)
  const report = await findReport(db, id)
  if (!report || !sees(caller, report)) throw notThere(id)
  return report
}

/** The report, held against other changes until the change ends, for a caller with a permission on it. */
export async function holdReport(
  change: Change,
  id: string,
  permission: 'reports:write' | 'reports:input',
): Promise<ReportRow> {
  const { caller } = change.actor
  requirePermission(caller, permission, id)
  const report = await lockReport(change.tx, id)
  if (!report || !sees(caller, report)) throw notThere(id)
  return report
}

export function requireManage(caller: Caller, report: ReportRow, what: string): void {
  if (!mayManageReport(caller, report)) throw notYourReport({ detail: `You may not ${what}.` })
}

export const notThere = (id: string) =>
  reportNotFound({
    detail: `There is no report ${id} that you may see.`,
    hint: 'GET /v1/reports lists those that you may see.',
  })
