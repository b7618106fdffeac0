import type { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import { type Catalogue, findDimension } from '#src/warehouse/catalogue.ts'
import { knownChoices } from './choices.ts'
import type { InputTable } from './contract.ts'
import { type BlockOf, type Definition, inputColumnsOf } from './definition.ts'
import { findExistingRows, isKeyOf, keyNames } from './existing-rows.ts'
import { readerOf } from './open-report.ts'
import { hasChoices, idsIn, presentCell } from './present-cell.ts'
import { blockUnclear } from './problems.ts'
import type { DataNeeds } from './read-report-data.ts'
import type { RowKey } from './row-key.ts'
import { type CellRow, findCells, type ReportRow } from './store.ts'

export type ShownInputs = z.input<typeof InputTable>

/** The table whose inputs are meant: the one that is named, or the only one. */
export function tableWithInputs(definition: Definition, id: string | undefined): BlockOf<'table'> {
  const tables = [...new Set(inputColumnsOf(definition).map(({ block }) => block))]
  const found = id === undefined && tables.length === 1 ? tables[0] : tables.find((block) => block.id === id)
  if (found) return found
  const names = tables.map((block) => block.id).join(', ')
  throw blockUnclear({
    detail:
      tables.length === 0
        ? 'No table of this report has data-input columns.'
        : `Tables with data-input columns are ${names}.`,
    errors: [{ pointer: 'block', detail: names === '' ? 'there is none' : `is one of ${names}` }],
  })
}

/** What is filled in, row by row: of rows that the caller may see; and, when asked, of those that the model has lost. */
export async function readInputTable(
  needs: DataNeeds,
  caller: Caller,
  report: ReportRow,
  ask: { readonly block?: string | undefined; readonly orphaned: boolean },
  signal?: AbortSignal,
): Promise<ShownInputs> {
  const block = tableWithInputs(report.definition, ask.block)
  const reader = readerOf(caller, report.definition)
  const columns = block.inputs
  const ids = columns.map(({ id }) => id)
  const rows = rowsOf(await findCells(needs.db, report.id, ids, null), columns)
  const keyed = rows.filter(({ key }) => isKeyOf(block, key))
  const existing = await findExistingRows(
    needs,
    reader,
    block,
    keyed.map(({ key }) => key),
    signal,
  )
  const known = await Promise.all(
    columns.map((column) => {
      const cells = rows.flatMap((row) => row.cells.get(column.id) ?? [])
      const used = hasChoices(column) ? [...new Set(cells.flatMap(({ value }) => idsIn(value)))] : []
      return knownChoices(needs, reader, column, used, signal)
    }),
  )
  const names = keyNames(block)
  const shown = rows.flatMap(({ key, labels, cells }) => {
    const found = isKeyOf(block, key) ? existing.labelsOf(key) : null
    if (!found && !(ask.orphaned && existing.whole)) return []
    const called = found ?? labels
    return [
      {
        key: { ...key },
        labels: names.map((name) => called[name] ?? null),
        orphaned: found === null,
        cells: columns.map((column, i) => presentCell(column, cells.get(column.id), known[i]!)),
      },
    ]
  })
  return {
    block: block.id,
    dimensions: names.map((name) => ({ name, label: labelOf(needs.shelf.catalogue(block.query.model), name) })),
    columns: columns.map(({ id, label, type }) => ({ id, label, type })),
    rows: shown.sort((a, b) => compare(a.labels, b.labels)),
  }
}

interface FilledRow {
  readonly key: RowKey
  readonly labels: RowKey
  readonly cells: Map<string, CellRow>
}

/** Rows in which something stands or stood. */
function rowsOf(cells: readonly CellRow[], columns: BlockOf<'table'>['inputs']): FilledRow[] {
  const rows = new Map<string, FilledRow>()
  for (const cell of cells) {
    if (columns.find(({ id }) => id === cell.column_id)?.type !== cell.column_type) continue
    const row = rows.get(cell.row_id) ?? { key: cell.row_key, labels: cell.row_labels, cells: new Map() }
    row.cells.set(cell.column_id, cell)
    rows.set(cell.row_id, row)
  }
  return [...rows.values()]
}

const labelOf = (catalogue: Catalogue | null, name: string): string =>
  (catalogue && findDimension(catalogue, name)?.label) ?? (name === 'period' ? 'Period' : name)

const compare = (a: readonly (string | null)[], b: readonly (string | null)[]): number => {
  for (const [i, label] of a.entries()) {
    const order = (label ?? '').localeCompare(b[i] ?? '', 'en', { numeric: true })
    if (order !== 0) return order
  }
  return 0
}
