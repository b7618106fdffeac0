import type { Caller } from '#src/access/caller.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { noSuch } from '#src/warehouse/no-such.ts'
import { isSelect } from './choices.ts'
import { inputColumnsOf } from './definition.ts'
import { notThere, sees } from './may-see-report.ts'
import { columnNotFound } from './problems.ts'
import { findReport } from './store.ts'

/**
 * The model whose option set a column shows, for somebody who is to refresh it: their account must see the report, but
 * their token needs no permission to read it.
 */
export async function modelOfColumn(
  db: Database | Tx,
  caller: Caller,
  reportId: string,
  columnId: string,
): Promise<string> {
  const report = await findReport(db, reportId)
  if (!report || !sees(caller, report)) throw notThere(reportId)
  const columns = inputColumnsOf(report.definition).flatMap(({ column }) =>
    isSelect(column) && 'model' in column.options ? [{ name: column.id, model: column.options.model }] : [],
  )
  const found = columns.find(({ name }) => name === columnId)
  if (!found) throw columnNotFound({ detail: `${noSuch('column with options from a model', columnId, columns)}` })
  return found.model
}
