import type { Caller } from '#src/access/caller.ts'
import { findOptionSet, optionsTable } from '#src/warehouse/catalogue.ts'
import type { Engine } from '#src/warehouse/engines/engine.ts'
import { noSuch } from '#src/warehouse/no-such.ts'
import { makeBinder } from '#src/warehouse/plan-filters.ts'
import { askerOf, type Reading, type Shelf, takeModel } from '#src/warehouse/reading.ts'
import { unknownOptionSet } from './problems.ts'
import { mostOptions } from './store-options.ts'

export interface OptionNeeds {
  readonly engine: Engine
  readonly shelf: Shelf
}

export interface OptionsAsk {
  readonly model: string
  readonly set: string
  /** Only these; those that the set does not have are left out of the answer. */
  readonly ids?: readonly string[] | undefined
  /** Words that must all occur in the label or the id, whatever their case. */
  readonly search?: string | undefined
  /** Only options that may be chosen in a row that holds this value. */
  readonly for?: string | undefined
  readonly offset?: number | undefined
  /** Default: all. */
  readonly limit?: number | undefined
}

export interface Option {
  /** What is stored when it is chosen. */
  readonly id: string
  readonly label: string
  /** The values of rows that it may be chosen in; null: every row. */
  readonly only_for: readonly string[] | null
}

export interface Options {
  readonly model: string
  readonly option_set: string
  readonly label: string
  /** Names the data: the same snapshot, the same options. */
  readonly snapshot: string
  readonly version: number
  readonly filter_by: string | null
  /** All that match, whatever the page. */
  readonly total: number
  readonly options: readonly Option[]
}

/** The options of a set that this caller may see, as the model's current snapshot has them, in the set's own order. */
export async function findOptions(
  needs: OptionNeeds,
  caller: Caller,
  ask: OptionsAsk,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<Options> {
  const question = openOptions(needs, caller, ask)
  try {
    return await question.answer(signal)
  } finally {
    question.release()
  }
}

/** A question for options, checked and bound to a snapshot, before anything is run. `release` it, answered or not. */
export interface OptionQuestion {
  readonly snapshot: string
  answer(signal?: AbortSignal): Promise<Options>
  release(): void
}

export function openOptions({ engine, shelf }: OptionNeeds, caller: Caller, ask: OptionsAsk): OptionQuestion {
  const reading = takeModel(shelf, caller, ask.model, 'query')
  try {
    const set = findOptionSet(reading.catalogue, ask.set)
    if (!set)
      throw unknownOptionSet({
        detail: noSuch('option set', ask.set, reading.catalogue.optionSets),
        hint: `GET /v1/models/${ask.model} lists them; one that was just written into the model file is there after the next refresh.`,
      })
    return {
      snapshot: reading.snapshot,
      release: () => reading.release(),
      async answer(signal) {
        const { rows, total } = await read(engine, reading, caller, ask, signal)
        return {
          model: ask.model,
          option_set: set.name,
          label: set.label,
          snapshot: reading.snapshot,
          version: versionOf(reading.snapshot),
          filter_by: set.filterBy,
          total,
          options: rows,
        }
      },
    }
  } catch (error) {
    reading.release()
    throw error
  }
}

async function read(
  { dialect, query }: Engine,
  { snapshot }: Reading,
  caller: Caller,
  ask: OptionsAsk,
  signal: AbortSignal | undefined,
): Promise<{ rows: Option[]; total: number }> {
  const binder = makeBinder()
  const words = (ask.search ?? '').split(/\s+/).filter((word) => word !== '')
  const conditions = words.map((word) => {
    const bound = binder.bind(word)
    return `(contains(lower(o.label), lower(${bound})) or contains(lower(o.id), lower(${bound})))`
  })
  if (ask.ids) conditions.push(dialect.among('o.id', binder.bind(ask.ids)))
  if (ask.for !== undefined) conditions.push(`(o.only_for is null or o.only_for = ${binder.bind(ask.for)})`)
  const where = conditions.length === 0 ? 'true' : conditions.join(' and ')
  // An option for several rows stands in several places; it is one all the same.
  const groups = `select o.id as id, min(o.label) as label, min(o.place) as place, count(*) over () as total
from ${dialect.table(snapshot, optionsTable(ask.set))} o where ${where} group by o.id`
  const limit = ask.limit === undefined ? '' : ` limit ${binder.bind(ask.limit)}`
  const page = `select * from (${groups}) order by place${limit} offset ${binder.bind(ask.offset ?? 0)}`
  const wholeSet = `select p.id, p.label, p.total, o.only_for from (${page}) p
join ${dialect.table(snapshot, optionsTable(ask.set))} o on o.id = p.id order by p.place, o.place`
  const asked = { signal, asker: askerOf(caller), maxRows: mostOptions * 10 }
  const found = await query({ sql: wholeSet, params: binder.params }, asked)
  const options = new Map<string, { id: string; label: string; only_for: string[] | null }>()
  for (const [id, label, , onlyFor] of found.rows) {
    const known = options.get(String(id))
    const rows = onlyFor === null || known?.only_for === null ? null : [...(known?.only_for ?? []), String(onlyFor)]
    options.set(String(id), { id: String(id), label: String(label), only_for: rows })
  }
  return { rows: [...options.values()], total: Number(found.rows[0]?.[2] ?? 0) }
}

/** Snapshots are called `model@version`. */
export const versionOf = (snapshot: string): number => Number(snapshot.slice(snapshot.lastIndexOf('@') + 1))
