import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Database } from '#src/database/change.ts'
import type { SourceProvider } from '#src/models/source-provider.ts'
import type { BlockOf, InputColumn } from './definition.ts'
import { isKeyOf, keyNames } from './existing-rows.ts'
import { hasChoices, idsIn } from './present-cell.ts'
import { reportNotFound } from './problems.ts'
import { tableWithInputs } from './read-input-table.ts'
import { type CellRow, findCells, findReport } from './store.ts'

/**
 * What people filled into a table of a report, as a table that models can read: a row for each in which something stands,
 * also where the model that it was filled in beside has lost it. No row filter holds here; who may read the model that
 * is made of it is said in that model's file.
 */
export const inputSource = ({ db }: { readonly db: Database }): SourceProvider => ({
  async open({ report: id, block: blockId }, scratch, signal) {
    const report = await findReport(db, id)
    if (!report) throw reportNotFound({ detail: `There is no report ${id}.` })
    const block = tableWithInputs(report.definition, blockId)
    const cells = await findCells(
      db,
      id,
      block.inputs.map((column) => column.id),
      null,
    )
    signal.throwIfAborted()
    const rows = rowsOf(block, cells)
    const columns = columnsOf(block)
    if (rows.length === 0) return { format: 'json', files: [], columns, time: report.inputs_changed_at }
    const file = path.join(scratch, `${id}-${block.id}.ndjson`)
    await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    return { format: 'json', files: [file], columns, time: report.inputs_changed_at }
  },
})

const types = { number: 'DOUBLE', checkbox: 'BOOLEAN', date: 'DATE' } as const
const typeOf = ({ type }: InputColumn): string => (type in types ? types[type as keyof typeof types] : 'VARCHAR')

/** Ids and labels of rows; of choices both as well, several set apart by a semicolon; and who filled it in, when. */
const columnsOf = (block: BlockOf<'table'>): Record<string, string> =>
  Object.fromEntries([
    ...keyNames(block).flatMap((name) => [
      [`${name}_id`, name === 'period' && block.query.series ? 'DATE' : 'VARCHAR'],
      [name, 'VARCHAR'],
    ]),
    ...block.inputs.flatMap((column) => [
      ...(hasChoices(column) ? [[`${column.id}_id`, 'VARCHAR']] : []),
      [column.id, typeOf(column)],
      [`${column.id}_changed_at`, 'TIMESTAMP'],
      [`${column.id}_changed_by`, 'VARCHAR'],
    ]),
  ])

function rowsOf(block: BlockOf<'table'>, cells: readonly CellRow[]): Record<string, unknown>[] {
  const rows = new Map<string, Record<string, unknown>>()
  for (const cell of cells) {
    const column = block.inputs.find(({ id }) => id === cell.column_id)
    if (!column || column.type !== cell.column_type || cell.value === null || !isKeyOf(block, cell.row_key)) continue
    const row = rows.get(cell.row_id) ?? {
      ...Object.fromEntries(
        keyNames(block).flatMap((name) => [
          [`${name}_id`, cell.row_key[name]],
          [name, cell.row_labels[name] ?? cell.row_key[name]],
        ]),
      ),
    }
    if (hasChoices(column)) {
      row[`${column.id}_id`] = idsIn(cell.value).join(';')
      row[column.id] = (cell.choices ?? []).map(({ label }) => label).join(';')
    } else row[column.id] = cell.value
    row[`${column.id}_changed_at`] = cell.changed_at.toISOString()
    row[`${column.id}_changed_by`] = cell.changed_by_name
    rows.set(cell.row_id, row)
  }
  return [...rows.values()]
}
