import type { Caller } from '#src/access/caller.ts'
import { rowConditions } from '#src/warehouse/plan-filters.ts'
import { runQuery, type WarehouseNeeds } from '#src/warehouse/run-query.ts'
import type { BlockOf } from './definition.ts'
import { type RowKey, rowIdOf } from './row-key.ts'

/** Beyond so many different rows, all that the model has are asked for instead of these. */
const mostNamed = 2000

/** The names that make up the keys of a table's rows. */
export const keyNames = ({ query }: BlockOf<'table'>): string[] => [
  ...(query.series ? ['period'] : []),
  ...query.dimensions,
]

export const isKeyOf = (block: BlockOf<'table'>, key: RowKey): boolean => {
  const names = keyNames(block)
  return names.length === Object.keys(key).length && names.every((name) => Object.hasOwn(key, name))
}

/** What rows are called that the model has for this caller, whatever the period and the report's filters; by the id of their dimensions. */
export interface ExistingRows {
  /** Labels by dimension; null: the model has no such row that the caller may see. */
  labelsOf(key: RowKey): RowKey | null
  /** Whether the caller sees every row of the model, so that one that is not here is nowhere. */
  readonly whole: boolean
}

/** Which of these rows the model has. A period needs no facts to be filled in for; what it is a period of does. */
export async function findExistingRows(
  needs: WarehouseNeeds,
  reader: Caller,
  block: BlockOf<'table'>,
  keys: readonly RowKey[],
  signal?: AbortSignal,
): Promise<ExistingRows> {
  const { model, metrics, dimensions, series } = block.query
  const named = keys.length <= mostNamed
  const filters = dimensions.map((dimension) => ({
    dimension,
    values: [...new Set(keys.map((key) => key[dimension] ?? ''))],
  }))
  const labels = new Map<string, RowKey>()
  if (keys.length > 0) {
    const ask = { model, metrics: metrics.slice(0, 1), dimensions, ...(named && { filters }) }
    const { columns, rows } = await runQuery(needs, reader, ask, { signal })
    const at = (name: string) => columns.findIndex((column) => column.name === name)
    const places = dimensions.map((name) => ({ name, id: at(`${name}_id`), label: at(name) }))
    for (const row of rows) {
      const key = Object.fromEntries(places.map(({ name, id }) => [name, String(row[id])]))
      labels.set(rowIdOf(key), Object.fromEntries(places.map(({ name, label }) => [name, String(row[label] ?? '')])))
    }
  }
  const catalogue = needs.shelf.catalogue(model)
  return {
    labelsOf(key) {
      const { period, ...ids } = key
      if (!series || period === undefined) return labels.get(rowIdOf(key)) ?? null
      const known = labels.get(rowIdOf(ids))
      return known ? { ...known, period } : null
    },
    whole: catalogue !== null && rowConditions(catalogue, reader).length === 0,
  }
}
