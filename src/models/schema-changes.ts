import type { SchemaChange } from './store.ts'

interface Source {
  readonly name: string
  readonly columns: Readonly<Record<string, string>>
}

/** What is different in the columns of sources that were there before. A source that is new, or gone, was written so by the model's author. */
export function schemaChanges(before: readonly Source[], now: readonly Source[]): SchemaChange[] {
  return now.flatMap(({ name, columns }) => {
    const known = before.find((source) => source.name === name)?.columns
    if (!known) return []
    const change = (column: string, change: SchemaChange['change']): SchemaChange => ({
      table: name,
      column,
      change,
      from: known[column] ?? null,
      to: columns[column] ?? null,
    })
    const gone = Object.keys(known).filter((column) => !Object.hasOwn(columns, column))
    return [
      ...gone.map((column) => change(column, 'removed')),
      ...Object.entries(columns).flatMap(([column, type]) => {
        if (!Object.hasOwn(known, column)) return [change(column, 'added')]
        return known[column] === type ? [] : [change(column, 'type_changed')]
      }),
    ]
  })
}

/** One change, for people. */
export const toldChange = ({ table, column, change, from, to }: SchemaChange): string =>
  change === 'added'
    ? `${table} has a new column ${column} (${to})`
    : change === 'removed'
      ? `${table} has lost its column ${column} (${from})`
      : `the column ${column} of ${table} is ${to} now, it was ${from}`
