import type { Change } from '#src/database/change.ts'
import { etagOf, requireMatch } from '#src/http/etag.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { type CheckNeeds, checkDefinition } from './check-definition.ts'
import type { NewReport } from './create-report.ts'
import { type Definition, inputColumnsOf } from './definition.ts'
import { holdReport, requireManage } from './may-see-report.ts'
import { reportInvalid, reportVersionNotFound } from './problems.ts'
import { countInputs, findReport, findVersion, type ReportRow, updateReport, type WrittenReport } from './store.ts'

export const tagOf = ({ id, version }: Pick<ReportRow, 'id' | 'version'>): string => etagOf('report', id, version)

type Match = Pick<RequestFacts, 'headers'>

/** Makes a new version of a report, on the ground of the one that the caller has read. */
export async function putReport(
  needs: CheckNeeds,
  change: Change,
  request: Match,
  ask: Omit<NewReport, 'id' | 'shared_with'> & { id: string; shared_with?: NewReport['shared_with'] | undefined },
): Promise<{ report: ReportRow; changed: boolean }> {
  const { caller } = change.actor
  const report = await holdReport(change, ask.id, 'reports:write')
  requireMatch(request as RequestFacts, tagOf(report), { required: true })
  const sharedWith = ask.shared_with ?? report.shared_with
  if (sharedWith !== report.shared_with) requireManage(caller, report, 'say who sees it')
  checkDefinition(needs, caller, ask.definition)
  return writeVersion(needs, change, report, { ...ask, sharedWith, note: ask.note ?? null })
}

/** Makes a report again what it was, as a new version. Who sees it is no part of that: nothing is shared by the way. */
export async function restoreReport(
  needs: CheckNeeds,
  change: Change,
  request: Match,
  ask: { id: string; version: number },
): Promise<{ report: ReportRow; changed: boolean }> {
  const report = await holdReport(change, ask.id, 'reports:write')
  requireMatch(request as RequestFacts, tagOf(report))
  const before = await findVersion(change.tx, ask.id, ask.version)
  if (!before) throw reportVersionNotFound({ detail: `${ask.id} has no version ${ask.version}.` })
  checkDefinition(needs, change.actor.caller, before.definition)
  const note = `As in version ${ask.version}`
  return writeVersion(needs, change, report, { ...before, sharedWith: report.shared_with, note })
}

async function writeVersion(
  { clock }: CheckNeeds,
  change: Change,
  report: ReportRow,
  {
    title,
    description,
    definition,
    sharedWith,
    note,
  }: WrittenReport & { sharedWith: ReportRow['shared_with']; note: string | null },
): Promise<{ report: ReportRow; changed: boolean }> {
  await refuseOtherTypes(change, report, definition)
  const same =
    title === report.title &&
    description === report.description &&
    sharedWith === report.shared_with &&
    textOf(definition) === textOf(report.definition)
  if (same) return { report, changed: false }
  const version = report.version + 1
  await updateReport(change.tx, {
    id: report.id,
    title,
    description,
    definition,
    sharedWith,
    note,
    version,
    by: change.actor.caller.accountId,
    now: clock.now(),
  })
  change.note({
    verb: 'report.changed',
    subjectType: 'report',
    subjectId: report.id,
    detail: {
      title,
      version,
      note,
      ...(sharedWith !== report.shared_with && { shared_with: sharedWith, shared_before: report.shared_with }),
    },
  })
  return { report: (await findReport(change.tx, report.id))!, changed: true }
}

/** PostgreSQL keeps members of an object in an order of its own. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )

/** What was filled in as one type must not be read as another: a column of another type gets another id. */
async function refuseOtherTypes(change: Change, report: ReportRow, definition: Definition): Promise<void> {
  const columns = inputColumnsOf(definition)
  if (columns.length === 0) return
  const filled = await countInputs(change.tx, report.id)
  const errors = filled.flatMap(({ column_id: id, column_type: type, cells }) => {
    const found = columns.find(({ column }) => column.id === id && column.type !== type)
    if (!found) return []
    const { block, column } = found
    const at = `#/definition/blocks/${definition.blocks.indexOf(block)}/inputs/${block.inputs.indexOf(column)}`
    return [
      {
        pointer: `${at}/type`,
        detail: `${id} holds ${cells} values of the type ${type}; give the new column another id.`,
      },
    ]
  })
  if (errors.length > 0) throw reportInvalid({ detail: errors[0]!.detail, errors })
}
