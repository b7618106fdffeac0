import { formatValue } from '#portal/warehouse/numbers.ts'
import { periodName } from '#portal/warehouse/periods.ts'
import type { Unit } from '#portal/warehouse/question.ts'
import type { Cell, DataColumn, TableData, TableRow } from './report-data.ts'

/** What a model answered, as people read it. */
export function dataText(cell: Cell, { role, decimals }: Pick<DataColumn, 'role' | 'decimals'>, unit: Unit): string {
  if (cell === null) return '–'
  if (role === 'period') return periodName(String(cell), unit)
  return role === 'metric' ? formatValue(cell, { decimals }) : String(cell)
}

/** A row by its dimensions, as people call it. */
export function rowName(row: TableRow, { columns, unit }: TableData): string {
  const names = columns.flatMap((column, at) =>
    column.role === 'metric' ? [] : [dataText(row.cells[at] ?? null, column, unit)],
  )
  return names.join(', ') || 'this'
}
