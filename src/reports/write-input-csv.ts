import { looksLikeFormula } from '#src/documents/xlsx/cells.ts'
import { hasChoices } from './present-cell.ts'
import type { ShownInputs } from './read-input-table.ts'

/**
 * What is filled in as CSV: ids and labels of rows, values (of choices ids and labels), and by whom and when. For
 * spreadsheets without text that they would take for a formula: people have typed it.
 */
export function writeInputCsv({ dimensions, columns, rows }: ShownInputs, spreadsheet: boolean): string {
  const head = [
    ...dimensions.flatMap(({ name }) => [`${name}_id`, name]),
    ...columns.flatMap((column) => [
      ...(hasChoices(column as { type: 'text' }) ? [`${column.id}_id`] : []),
      column.id,
      `${column.id}_changed_at`,
      `${column.id}_changed_by`,
    ]),
    'orphaned',
  ]
  const lines = rows.map((row) => [
    ...dimensions.flatMap(({ name }, i) => [row.key[name] ?? null, row.labels[i] ?? null]),
    ...row.cells.flatMap((cell, i) => [
      ...(hasChoices(columns[i] as { type: 'text' }) ? [idsOf(cell.value)] : []),
      cell.choices ? cell.shown : cell.value,
      cell.changed_at,
      cell.changed_by,
    ]),
    row.orphaned,
  ])
  return `${[head, ...lines].map((line) => line.map((value) => quoted(value, spreadsheet)).join(',')).join('\n')}\n`
}

/** Several are set apart by a semicolon, as their labels are by a comma. */
const idsOf = (value: ShownInputs['rows'][number]['cells'][number]['value']): string | null =>
  Array.isArray(value) ? value.join(';') : value === null ? null : String(value)

function quoted(value: unknown, guarded: boolean): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  const formula = guarded && typeof value === 'string' && looksLikeFormula(text) && !/^-?\d+(?:\.\d+)?$/.test(text)
  const safe = formula ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
