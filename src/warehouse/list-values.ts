import type { Caller } from '#src/access/caller.ts'
import { findDimension, keyColumn, valuesTable } from './catalogue.ts'
import { noSuch } from './no-such.ts'
import { makeBinder, rowConditions, whereSql } from './plan-filters.ts'
import { queryInvalid } from './problems.ts'
import { askerOf, mayUse, takeModel, usableDimensions } from './reading.ts'
import type { WarehouseNeeds } from './run-query.ts'

export interface ValuesAsk {
  readonly model: string
  readonly dimension: string
  /** Words that must all occur in the label or the id, whatever their case. */
  readonly search?: string | undefined
  /** Only these. */
  readonly ids?: readonly string[] | undefined
  readonly offset?: number | undefined
  /** Default: all. */
  readonly limit?: number | undefined
}

export interface DimensionValues {
  readonly snapshot: string
  /** Of all that match the search, whatever the page. */
  readonly total: number
  readonly values: readonly { readonly id: string; readonly label: string }[]
}

/** Values that occur in the data and that this caller may see, in the dimension's own order. */
export async function listValues(
  { engine, shelf }: Pick<WarehouseNeeds, 'engine' | 'shelf'>,
  caller: Caller,
  ask: ValuesAsk,
  { signal }: { signal?: AbortSignal } = {},
): Promise<DimensionValues> {
  const reading = takeModel(shelf, caller, ask.model, 'query')
  try {
    const { catalogue, snapshot } = reading
    const dimension = findDimension(catalogue, ask.dimension)
    if (!dimension || !mayUse(dimension, caller))
      throw queryInvalid({
        detail: noSuch('dimension', ask.dimension, usableDimensions(catalogue, caller)),
        hint: `GET /v1/models/${ask.model} lists them.`,
      })
    const { dialect } = engine
    const run = { signal, asker: askerOf(caller) }
    const binder = makeBinder()
    const parts = (ask.search ?? '').split(/\s+/).filter((word) => word !== '')
    const conditions = parts.map((word) => {
      const bound = binder.bind(word)
      return `(contains(lower(v.label), lower(${bound})) or contains(lower(v.id), lower(${bound})))`
    })
    if (ask.ids) conditions.push(dialect.among('v.id', binder.bind(ask.ids)))
    const own = rowConditions(catalogue, caller)
    if (own.length > 0) {
      const same = `f.${dialect.quote(keyColumn(dimension.name))} = v.key`
      const where = whereSql({ dialect, snapshot, binder }, 'f', own, null)
      conditions.push(`exists (select 1 from ${dialect.table(snapshot, 'facts')} f where ${same} and ${where})`)
    }
    const from = `from ${dialect.table(snapshot, valuesTable(dimension.name))} v
where ${conditions.length === 0 ? 'true' : conditions.join(' and ')}`
    const counted = { sql: `select count(*) ${from}`, params: [...binder.params] }
    const limit = ask.limit === undefined ? '' : ` limit ${binder.bind(ask.limit)}`
    const page = `select v.id, v.label ${from} order by v.key${limit} offset ${binder.bind(ask.offset ?? 0)}`
    const { rows } = await engine.query({ sql: page, params: binder.params }, { ...run, maxRows: 1_000_000 })
    const whole = ask.limit === undefined && (ask.offset ?? 0) === 0
    const total = whole ? rows.length : (await engine.query(counted, { ...run, maxRows: 1 })).rows[0]?.[0]
    return {
      snapshot,
      total: Number(total ?? 0),
      values: rows.map(([id, label]) => ({ id: String(id), label: String(label) })),
    }
  } finally {
    reading.release()
  }
}
