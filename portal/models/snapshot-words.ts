import type { Reply } from '#portal/kit/contracts.ts'
import { countText } from '#portal/kit/figures.ts'

export type Snapshot = Reply<'GET /v1/models/:model/snapshots'>['snapshots'][number]

/** "+1,200 rows", against the refresh before; nothing for the first. */
export function rowsChange({ rows, rows_before }: Pick<Snapshot, 'rows' | 'rows_before'>): string {
  if (rows_before === null) return ''
  const difference = rows - rows_before
  if (difference === 0) return 'as before'
  return `${difference > 0 ? '+' : '−'}${countText(Math.abs(difference))}`
}

/** "1,200 added, 3 changed"; what cannot be told apart, for want of a key, is said so. */
export function changedText({
  rows_before,
  added,
  removed,
  changed,
}: Pick<Snapshot, 'rows_before' | 'added' | 'removed' | 'changed'>): string {
  if (rows_before === null) return 'The first data'
  if (added === null || removed === null || changed === null) return ''
  const counts = [
    [added, 'added'],
    [removed, 'removed'],
    [changed, 'changed'],
  ] as const
  const says = counts.flatMap(([count, word]) => (count === 0 ? [] : [`${countText(count)} ${word}`]))
  return says.length === 0 ? 'The same rows' : says.join(', ')
}

type SchemaChange = Snapshot['schema_changes'][number]

/** "jobs.queue is new (VARCHAR)". */
export function schemaChangeText({ table, column, change, from, to }: SchemaChange): string {
  const name = `${table}.${column}`
  if (change === 'added') return `${name} is new${to === null ? '' : ` (${to})`}`
  if (change === 'removed') return `${name} is gone`
  return `${name} was ${from ?? 'something else'}, and is ${to ?? 'something else'}`
}
