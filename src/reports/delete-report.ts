import type { Change, Tx } from '#src/database/change.ts'
import { requireMatch } from '#src/http/etag.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { tagOf } from './change-report.ts'
import { holdReport, requireManage } from './may-see-report.ts'
import { reportInUse } from './problems.ts'
import { countInputs, deleteReport as deleteRow } from './store.ts'

/** What needs a report, told by the rooms above. */
export type FindUses = (
  tx: Tx,
  report: string,
) => Promise<readonly { readonly kind: string; readonly id: string; readonly label: string }[]>

/** Deletes a report with its versions and what was filled in, unless something needs it. */
export async function deleteReport(
  { findUses }: { readonly findUses: FindUses },
  change: Change,
  request: Pick<RequestFacts, 'headers'>,
  id: string,
): Promise<void> {
  const report = await holdReport(change, id, 'reports:write')
  requireManage(change.actor.caller, report, 'delete it')
  requireMatch(request as RequestFacts, tagOf(report))
  const uses = await findUses(change.tx, id)
  if (uses.length > 0)
    throw reportInUse({
      detail: `It is needed by ${uses
        .slice(0, 3)
        .map(({ kind, label }) => `the ${kind} ${label}`)
        .join(', ')}${uses.length > 3 ? ` and ${uses.length - 3} more` : ''}.`,
      extensions: { used_by: uses },
    })
  const cells = (await countInputs(change.tx, id)).reduce((sum, column) => sum + column.cells, 0)
  await deleteRow(change.tx, id)
  change.note({
    verb: 'report.deleted',
    subjectType: 'report',
    subjectId: id,
    detail: { title: report.title, owner: report.owner_name, version: report.version, cells },
  })
}
