import type { Caller } from '#src/access/caller.ts'
import type { AskInput, Unit } from '#src/warehouse/ask.ts'
import { units } from '#src/warehouse/ask.ts'
import type { Dimension, Metric } from '#src/warehouse/catalogue.ts'
import type { Cell } from '#src/warehouse/engines/engine.ts'
import { listValues } from '#src/warehouse/list-values.ts'
import { runQuery } from '#src/warehouse/run-query.ts'
import type { RealmNeeds } from './needs.ts'
import { isDay, type Parameters, parameter } from './parameters.ts'
import { invalid, xdmodUnknownUnit } from './problems.ts'
import { findRealm, none, type Realm, requireDimension, requireRealm, usableDimensions } from './realms.ts'
import { readValueIds } from './value-ids.ts'
import { numbersLabel, oneLine, seriesHeader, writeCsv, writeNumber } from './write-csv.ts'

/** Most numbers of one table: all values of a dimension are columns, so this is far above what /v1 answers at once. */
const maxRows = 2_000_000

interface NumbersAsk {
  readonly start: string
  readonly end: string
  readonly realm: Realm
  readonly metric: Metric
  /** Null: none. */
  readonly dimension: Dimension | null
  readonly filters: readonly NumbersFilter[]
  readonly series: boolean
  readonly unit: Unit | 'auto'
}

interface NumbersFilter {
  readonly dimension: Dimension
  readonly ids: readonly string[]
  readonly labels: readonly string[]
}

/** One metric over days as CSV: a time series with one column for each value of a dimension, or an aggregate with one row. */
export async function answerNumbers(
  needs: RealmNeeds,
  caller: Caller,
  given: Parameters,
  signal: AbortSignal,
): Promise<string> {
  const ask = readAsk(needs, caller, given)
  const run = (more: Partial<AskInput>) =>
    runQuery(needs.warehouse, caller, { ...questionOf(ask), ...more }, { signal, timeoutMs: needs.timeoutMs, maxRows })
  const { dimension, metric, start, end } = ask
  const title = dimension === null ? metric.label : `${metric.label}: by ${dimension.label}`
  const parameters = await filterTexts(needs, caller, ask, signal)
  const aggregate = await run({})
  const groups = aggregate.rows.map((row) => groupOf(row, dimension, needs.organization))
  const number = (cell: Cell | undefined): string => writeNumber(Number(cell ?? 0), metric.decimals)
  if (!ask.series) {
    const headers = [dimension?.label ?? 'Summary', metric.label]
    const rows = aggregate.rows.map((row, i) => [numbersLabel(groups[i]?.label ?? ''), number(row.at(-1))])
    return writeCsv({ title, parameters, start, end, headers, rows })
  }

  const { unit, rows: cells } = await run({ series: true })
  const periods = new Map<string, string[]>()
  const column = new Map(groups.map(({ id }, i) => [id, i]))
  for (const [period, ...row] of cells) {
    const day = String(period)
    // Where a series has nothing in a period that others have, it has 0 without decimals.
    const values = periods.get(day) ?? groups.map(() => '0')
    periods.set(day, values)
    values[column.get(groupOf(row, dimension, needs.organization).id) ?? -1] = number(row.at(-1))
  }
  const [first = ''] = unit
  const columns = periods.size === 0 ? [] : groups
  const headers = [
    first.toUpperCase() + unit.slice(1),
    ...columns.map(({ label }) => seriesHeader(label, metric.label)),
  ]
  const rows = [...periods].map(([day, values]) => [writePeriod(day, unit), ...values])
  return writeCsv({ title, parameters, start, end, headers, rows })
}

/** Columns of an answer, the period apart: id and label of the group when there is a dimension, then the metric. */
const groupOf = (row: readonly Cell[], dimension: Dimension | null, organization: string) =>
  dimension === null ? { id: '', label: organization } : { id: String(row[0]), label: String(row[1]) }

/** By the metric's total, falling (what the warehouse does by itself); buckets keep their own order. */
function questionOf({ realm, metric, dimension, filters, start, end, unit }: NumbersAsk): AskInput {
  return {
    model: realm.catalogue.model,
    metrics: [metric.name],
    dimensions: dimension === null ? [] : [dimension.name],
    filters: filters.map(({ dimension, ids, labels }) => ({
      dimension: dimension.name,
      ...(ids.length > 0 && { values: [...ids] }),
      ...(labels.length > 0 && { labels: [...labels] }),
    })),
    period: { start, end },
    unit,
    order: dimension?.bucketed ? [{ by: dimension.name }] : [],
  }
}

/** `2026-03-01`, `2026-03`, `2026 Q1`, `2026`, from the first day of the period. */
function writePeriod(day: string, unit: Unit): string {
  if (unit === 'day') return day
  if (unit === 'month') return day.slice(0, 7)
  if (unit === 'year') return day.slice(0, 4)
  return `${day.slice(0, 4)} Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}

function readAsk({ warehouse: { shelf } }: RealmNeeds, caller: Caller, given: Parameters): NumbersAsk {
  const start = readDay(given, 'start_date')
  const end = readDay(given, 'end_date')
  if (end < start) throw invalid('End date must be greater than or equal to start date')
  const realmId = parameter(given, 'realm')
  if (realmId === undefined) throw invalid('One or more realms must be specified.')
  const realm = findRealm(shelf, realmId)
  if (!realm) throw invalid('No realm exists with the requested name.')
  requireRealm(realm, caller)
  const statistic = parameter(given, 'statistic') ?? ''
  const metric = realm.catalogue.metrics.find(({ name }) => name === statistic)
  if (!metric) throw invalid(`Statistic '${statistic}' does not exist for realm '${realm.id}'.`)
  const format = parameter(given, 'format') ?? 'csv'
  if (format !== 'csv') throw invalid(`The format '${format}' is not offered; ask for csv.`)
  return {
    start,
    end,
    realm,
    metric,
    dimension: requireDimension(realm, caller, parameter(given, 'group_by') ?? none.id),
    filters: readFilters(realm, caller, given),
    series: readKind(given),
    unit: readUnit(given),
  }
}

function readDay(given: Parameters, name: 'start_date' | 'end_date'): string {
  const day = parameter(given, name)
  if (day === undefined) throw invalid(`missing required ${name} parameter`)
  if (!isDay(day)) throw invalid(`${name} param is not in the correct format of Y-m-d.`)
  return day
}

function readKind(given: Parameters): boolean {
  const kind = parameter(given, 'dataset_type') ?? 'aggregate'
  if (kind !== 'timeseries' && kind !== 'aggregate')
    throw invalid(`dataset_type must be timeseries or aggregate, not '${kind}'.`)
  return kind === 'timeseries'
}

function readUnit(given: Parameters): Unit | 'auto' {
  const asked = parameter(given, 'aggregation_unit') ?? 'auto'
  const unit = ([...units, 'auto'] as const).find((name) => name === asked.toLowerCase())
  if (!unit) throw xdmodUnknownUnit({ detail: `There is no aggregation unit '${asked}'.` })
  return unit
}

/**
 * One field for each filtered dimension: `resource_filter=1,4`, or `resource=1,4`. An id in quotes is a label; a resource's
 * short code may be written with its dashes.
 */
function readFilters(realm: Realm, caller: Caller, given: Parameters): NumbersFilter[] {
  const usable = new Set(usableDimensions(realm, caller))
  return realm.catalogue.dimensions.flatMap((dimension) => {
    const text = parameter(given, `${dimension.name}_filter`) ?? parameter(given, dimension.name)
    if (text === undefined) return []
    if (!usable.has(dimension)) requireDimension(realm, caller, dimension.name)
    const ids = readValueIds(text)
    const quoted = ids.flatMap((id) => /^'(.*)'$|^"(.*)"$/.exec(id)?.slice(1).find(Boolean) ?? [])
    return { dimension, ids, labels: quoted.flatMap((label) => [label, label.replaceAll('-', ' ')]) }
  })
}

/** `Resource =  anvil`, or `Resource = ( anvil,  big iron )`: the portal writes two blanks. */
async function filterTexts(
  { warehouse }: RealmNeeds,
  caller: Caller,
  { realm, filters }: NumbersAsk,
  signal: AbortSignal,
): Promise<string[]> {
  return Promise.all(
    filters.map(async ({ dimension, ids }) => {
      const ask = { model: realm.catalogue.model, dimension: dimension.name }
      const { values } = await listValues(warehouse, caller, ask, { signal })
      const wanted = new Set(ids)
      const labels = values.filter(({ id }) => wanted.has(id)).map(({ label }) => oneLine(label))
      const [only = '', ...others] = labels.length > 0 ? labels : ids.map(oneLine)
      return others.length === 0
        ? `${dimension.label} =  ${only}`
        : `${dimension.label} = ( ${[only, ...others].join(',  ')} )`
    }),
  )
}
