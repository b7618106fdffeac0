import type { Caller } from '#src/access/caller.ts'
import { namePeople } from '#src/accounts/name-people.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { findOptions } from '#src/models/find-options.ts'
import { Problem } from '#src/problem/problem.ts'
import type { WarehouseNeeds } from '#src/warehouse/run-query.ts'
import type { BlockOf, InputColumn } from './definition.ts'
import type { RowKey } from './row-key.ts'

export interface ChoiceNeeds extends Pick<WarehouseNeeds, 'engine' | 'shelf'> {
  readonly db: Database | Tx
}

export interface KnownChoice {
  readonly label: string
  readonly colour?: string | undefined
  /** Ids of the row's dimension that it may be chosen for; null: every row. */
  readonly onlyFor: readonly string[] | null
  /** May be read, not chosen: a disabled account. */
  readonly gone?: true
}

export interface Choices {
  readonly known: ReadonlyMap<string, KnownChoice>
  /** Why they cannot be read now; then nobody knows what is retired. */
  readonly problem: string | null
}

export type SelectColumn = Extract<InputColumn, { type: 'single_select' | 'multi_select' }>

export const isSelect = (column: InputColumn): column is SelectColumn =>
  column.type === 'single_select' || column.type === 'multi_select'

/** The dimension whose id says which options a row gets; null: all rows get the same. */
export function rowDimension(column: SelectColumn, block: BlockOf<'table'>, filterBy: string | null): string | null {
  if ('values' in column.options || filterBy === null) return null
  const named = column.options.filter_by ?? filterBy
  return block.query.dimensions.includes(named) ? named : null
}

/** What these ids stand for in a column of choices, as it is now. */
export async function knownChoices(
  needs: ChoiceNeeds,
  reader: Caller,
  column: InputColumn,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<Choices> {
  if (column.type === 'person') {
    const people = ids.length === 0 ? [] : await namePeople(needs.db, { userNames: ids })
    const known = people.map(({ user_name, label, active }): [string, KnownChoice] => [
      user_name,
      { label, onlyFor: null, ...(active ? {} : { gone: true as const }) },
    ])
    return { known: new Map(known), problem: null }
  }
  if (!isSelect(column)) return { known: new Map(), problem: null }
  const { options } = column
  if ('values' in options)
    return {
      known: new Map(options.values.map(({ id, label, colour }) => [id, { label, colour, onlyFor: null }])),
      problem: null,
    }
  try {
    const ask = { model: options.model, set: options.option_set, ids }
    const found = ids.length === 0 ? [] : (await findOptions(needs, reader, ask, { signal })).options
    return { known: new Map(found.map(({ id, label, only_for }) => [id, { label, onlyFor: only_for }])), problem: null }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { known: new Map(), problem: error.message }
  }
}

/** Whether a choice may be made in a row. */
export const fitsRow = ({ onlyFor }: KnownChoice, dimension: string | null, row: RowKey): boolean =>
  onlyFor === null || dimension === null || onlyFor.includes(row[dimension] ?? '')
