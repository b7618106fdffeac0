import type { Sort } from '#portal/kit/VirtualTable.tsx'
import { isEmpty } from './cell-words.ts'
import { columnKey, type GridColumn } from './grid-columns.ts'
import type { Place } from './grid-moves.ts'
import type { TableRow } from './report-data.ts'

/** Rows by one of the columns that the model answers; what has no value comes last, whichever way round. */
export function sortedRows(
  rows: readonly TableRow[],
  columns: readonly GridColumn[],
  sort: Sort | null,
): readonly TableRow[] {
  const column = columns.find((one) => columnKey(one) === sort?.column)
  if (!sort || column?.kind !== 'data') return rows
  const turn = sort.descending ? -1 : 1
  return rows.toSorted((a, b) => {
    const [one, other] = [a.cells[column.at] ?? null, b.cells[column.at] ?? null]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    if (typeof one === 'number' && typeof other === 'number') return turn * (one - other)
    return turn * collator.compare(String(one), String(other))
  })
}

const collator = new Intl.Collator('en', { numeric: true })

/** One way, the other, and the report's own order. */
export function turned(sort: Sort | null, key: string): Sort | null {
  if (sort?.column !== key) return { column: key, descending: true }
  return sort.descending ? { column: key, descending: false } : null
}

/** The next required cell with nothing in it, from where one is and round again. */
export function nextMissing(
  rows: readonly TableRow[],
  columns: readonly GridColumn[],
  from: Place | null,
  valueAt: (place: Place) => Parameters<typeof isEmpty>[0],
): Place | null {
  const all = rows.flatMap((row, at) =>
    row.key === null
      ? []
      : columns.flatMap((column, place) =>
          column.kind === 'input' && column.input.required && isEmpty(valueAt({ row: at, column: place }))
            ? [{ row: at, column: place }]
            : [],
        ),
  )
  const after = all.find(
    ({ row, column }) => from === null || row > from.row || (row === from.row && column > from.column),
  )
  return after ?? all[0] ?? null
}
