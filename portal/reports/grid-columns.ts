import { type Span, spanOf } from './cell-look.ts'
import type { DataColumn, InputState, TableData } from './report-data.ts'

/** A column of a table: what the model answers, or what people fill in. `at` is its place among its kind. */
export type GridColumn =
  | { readonly kind: 'data'; readonly at: number; readonly data: DataColumn; readonly span: Span | null }
  | { readonly kind: 'input'; readonly at: number; readonly input: InputState; readonly span: Span | null }

export const columnsOf = ({ columns, inputs, rows }: TableData): GridColumn[] => [
  ...columns.map((data, at) => ({
    kind: 'data' as const,
    at,
    data,
    span: data.formats.length > 0 ? spanOf(rows.map(({ cells }) => cells[at] ?? null)) : null,
  })),
  ...inputs.map((input, at) => ({
    kind: 'input' as const,
    at,
    input,
    span:
      input.formats.length > 0
        ? spanOf(rows.map((row) => (typeof row.inputs[at]?.value === 'number' ? row.inputs[at].value : null)))
        : null,
  })),
]

export const isNumber = (column: GridColumn): boolean =>
  column.kind === 'data' ? column.data.role === 'metric' : column.input.type === 'number'

export const columnKey = (column: GridColumn): string =>
  column.kind === 'data' ? column.data.name : `input ${column.input.id}`

const inputWidths: Readonly<Record<InputState['type'], number>> = {
  text: 220,
  number: 150,
  checkbox: 140,
  date: 140,
  person: 170,
  single_select: 180,
  multi_select: 220,
}

/** Pixels at least; what is left over goes to all in proportion. */
export function widthOf(column: GridColumn): number {
  if (column.kind === 'input') return inputWidths[column.input.type]
  return { period: 110, dimension: 160, metric: 120 }[column.data.role]
}
