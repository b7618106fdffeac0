import { keyColumn, unknownId, valuesTable } from '#src/warehouse/catalogue.ts'
import { literal } from '#src/warehouse/engines/duckdb-lock-down.ts'
import type { BuildRecipe, FileTable, RecipeDimension, RecipeExpression, RecipeRaw } from './recipe.ts'

/** DuckDB's SQL for building a snapshot. Names and expressions come from a checked recipe; texts are written as literals. */

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** What a source's files hold. */
export function filesSql({ files, format, columns, delimiter, header }: FileTable): string {
  const list = `[${files.map(literal).join(', ')}]`
  const types =
    columns &&
    `{${Object.entries(columns)
      .map(([name, type]) => `${literal(name)}: ${literal(type)}`)
      .join(', ')}}`
  if (format === 'parquet') return `read_parquet(${list}, union_by_name = true)`
  if (format === 'json') return `read_json(${list}, union_by_name = true${types ? `, columns = ${types}` : ''})`
  const options = [
    'union_by_name = true',
    ...(types ? [`types = ${types}`] : []),
    ...(delimiter === null ? [] : [`delim = ${literal(delimiter)}`]),
    ...(header === null ? [] : [`header = ${header}`]),
  ]
  return `read_csv(${list}, ${options.join(', ')})`
}

/** DuckDB's type of a column, as far as telling the time goes. */
export type TimeKind = 'date' | 'timestamp' | 'timestamptz' | 'seconds'

export function timeKind(type: string): TimeKind | null {
  if (type === 'DATE') return 'date'
  if (type === 'TIMESTAMP WITH TIME ZONE') return 'timestamptz'
  if (type.startsWith('TIMESTAMP')) return 'timestamp'
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/.test(type) ? 'seconds' : null
}

/** The local day of a moment. */
export function localDay(value: string, kind: TimeKind, zone: string): string {
  if (kind === 'date') return value
  if (kind === 'seconds')
    return zone === 'UTC'
      ? `cast(date '1970-01-01' + cast(floor(${value} / 86400) as integer) as date)`
      : `cast(timezone(${literal(zone)}, to_timestamp(${value})) as date)`
  if (kind === 'timestamp' && zone === 'UTC') return `cast(${value} as date)`
  return `cast(timezone(${literal(zone)}, cast(${value} as timestamptz)) as date)`
}

/** Unix seconds of a moment; a date is the begin of that local day. */
export function unixSeconds(value: string, kind: TimeKind, zone: string): string {
  if (kind === 'seconds') return value
  if (kind === 'date') return `epoch(timezone(${literal(zone)}, cast(${value} as timestamp)))`
  return `epoch(${value})`
}

/** The facts table `f` with the relationships that these expressions read. */
export function sourceSql(recipe: BuildRecipe, expressions: readonly RecipeExpression[]): string {
  const used = new Set(expressions.flatMap((expression) => expression.relations))
  // From the far end, since a relationship may start at another one.
  for (const one of recipe.relationships.toReversed()) if (used.has(one.name) && one.from !== 'f') used.add(one.from)
  const joins = recipe.relationships
    .filter((one) => used.has(one.name))
    .map(({ name, from, to, fromColumns, toColumns }) => {
      const on = fromColumns.map(
        (column, i) => `${quoted(from)}.${quoted(column)} = ${quoted(name)}.${quoted(toColumns[i]!)}`,
      )
      return `\nleft join ${quoted(to)} ${quoted(name)} on ${on.join(' and ')}`
    })
  return `${quoted(recipe.facts)} f${joins.join('')}`
}

/** The value's id: a number, null where there is none; or a text, which then says so. */
const valueSql = ({ id, type }: RecipeDimension): string =>
  type === 'string' ? `coalesce(cast(${id.sql} as varchar), ${literal(unknownId)})` : `cast(${id.sql} as bigint)`

/** All values that occur, numbered in the dimension's order. Where an id has several labels, the least counts. */
export function valuesSql(recipe: BuildRecipe, dimension: RecipeDimension): string {
  const { id, label, buckets, orderBy, order, type, unknown } = dimension
  const expressions = [id, ...(label ? [label] : []), ...(orderBy ? [orderBy] : [])]
  const isUnknown = type === 'string' ? `value = ${literal(unknownId)}` : 'value is null'
  const ofBucket = (what: (bucket: { label: string }, i: number) => string) =>
    `case value ${(buckets ?? []).map((bucket, i) => `when ${bucket.id} then ${what(bucket, i)}`).join(' ')} end`
  const written = buckets ? ofBucket((bucket) => literal(bucket.label)) : label ? 'min(label)' : 'null'
  const place = buckets ? ofBucket((_, i) => String(i)) : orderBy ? 'min(place)' : 'null'
  const by = order === 'rank' ? 'place, lower(label), label' : order === 'id' ? 'value' : 'lower(label), label'
  return `select cast(row_number() over (order by is_unknown, ${by}, value) as integer) as key, id, label,
  ${type === 'integer' ? 'value' : 'cast(null as bigint)'} as number
from (
  select value, coalesce(cast(value as varchar), ${literal(unknownId)}) as id, ${isUnknown} as is_unknown, ${place} as place,
    coalesce(${written}, case when ${isUnknown} then ${literal(unknown)} else cast(value as varchar) end) as label
  from (
    select ${valueSql(dimension)} as value, ${label ? `cast(${label.sql} as varchar)` : 'null'} as label, ${orderBy?.sql ?? 'null'} as place
    from ${sourceSql(recipe, expressions)}
  ) group by value
) order by key`
}

/** Finds the key of each row's value in the dimension's table, made before. */
const keyJoin = (dimension: RecipeDimension): string => {
  const values = quoted(valuesTable(dimension.name))
  const value = valueSql(dimension)
  return dimension.type === 'string'
    ? `\nleft join ${values} on ${values}.id = ${value}`
    : `\nleft join ${values} on ${values}.number is not distinct from ${value}`
}

/** How a raw field is stored. `kind` tells how its moments are written. */
export function rawSql(field: RecipeRaw['fields'][number], kind: TimeKind | null, salt: string): string {
  const { sql } = field.value
  if (field.deidentify) return `sha1(cast(${sql} as varchar) || ${literal(salt)})`
  switch (field.type) {
    case 'timestamp':
      return kind === 'seconds'
        ? `make_timestamp(cast(round(${sql} * 1000000) as bigint))`
        : `cast(${sql} as timestamp)`
    case 'string':
      return `cast(${sql} as varchar)`
    case 'integer':
      return `cast(${sql} as bigint)`
    case 'number':
      return `cast(${sql} as double)`
    default:
      return `cast(${sql} as ${field.type})`
  }
}

export interface TimeColumns {
  /** SQL over `f`. */
  readonly day: string
  readonly spread: { startDay: string; endDay: string; start: string; end: string } | null
}

/** The type whose values are the ids of a dimension. */
export const enumType = (dimension: string): string => quoted(`e_${dimension}`)

/** Dimensions whose ids columns or raw fields repeat; only text is worth it. */
export function repeatedDimensions(recipe: BuildRecipe): RecipeDimension[] {
  const texts = [
    ...recipe.factColumns.flatMap((column) => [`f.${column}`, `f.${quoted(column)}`]),
    ...(recipe.raw?.fields ?? []).flatMap((field) => (mayRepeat(field) ? [field.value.sql] : [])),
  ]
  return recipe.dimensions.filter(({ type, id }) => type === 'string' && texts.includes(id.sql))
}

const mayRepeat = (field: RecipeRaw['fields'][number]): boolean => field.type === 'string' && !field.deidentify

const asEnum = (sql: string, dimension: RecipeDimension): string =>
  `cast(cast(${sql} as varchar) as ${enumType(dimension.name)})`

interface StoredTables {
  /** Those of the repeated dimensions that have a type of their ids: text is stored in half the time that way. */
  readonly enums: readonly RecipeDimension[]
  readonly recipe: BuildRecipe
  readonly time: TimeColumns | null
  readonly rawDay: string | null
  /** SQL of each raw field as stored. */
  readonly rawFields: readonly string[]
}

/** The SELECTs whose results are stored: `facts`, and `rows` where raw rows are not facts. */
export function storedTables({ recipe, time, rawDay, rawFields, enums }: StoredTables): {
  facts: string
  rows: string | null
} {
  const { raw, dimensions } = recipe
  // Where values have a type of their own, their place in it is the key, and nothing need be joined.
  const ids = dimensions.map((dimension) => {
    const { name, id } = dimension
    const values = quoted(valuesTable(name))
    const key = enums.includes(dimension)
      ? `coalesce(cast(enum_code(${asEnum(id.sql, dimension)}) as integer) + 1,
    (select key from ${values} where id = ${literal(unknownId)}))`
      : `${values}.key`
    return `${key} as ${quoted(keyColumn(name))}`
  })
  const enumOf = (...texts: string[]) => enums.find((dimension) => texts.includes(dimension.id.sql))
  const fields = (raw?.fields ?? []).map((field, i) => {
    const dimension = mayRepeat(field) ? enumOf(field.value.sql) : undefined
    return `${dimension ? asEnum(field.value.sql, dimension) : rawFields[i]} as ${quoted(field.column)}`
  })
  const columns = recipe.factColumns.map((column) => {
    const sql = `f.${quoted(column)}`
    const dimension = enumOf(sql, `f.${column}`)
    return dimension ? `${asEnum(sql, dimension)} as ${quoted(column)}` : sql
  })
  const together = raw?.table === 'facts'
  const rawValues = (raw?.fields ?? []).map((field) => field.value)
  const source = (values: readonly RecipeExpression[]) =>
    sourceSql(recipe, [...dimensions.map((dimension) => dimension.id), ...values]) +
    dimensions
      .filter((dimension) => !enums.includes(dimension))
      .map(keyJoin)
      .join('')
  const factSource = source(together ? rawValues : [])
  const order = raw ? raw.orderBy.map((column) => `f.${quoted(column)}`) : []
  const list = (items: readonly string[]) => items.join(',\n  ')
  const rows =
    raw && !together
      ? `select ${list([...(rawDay ? [`${rawDay} as day`] : []), ...fields, ...ids])}
from ${source(rawValues)}
order by ${[...(rawDay ? ['day'] : []), ...order].join(', ') || 'all'}`
      : null
  const wanted = [...columns, ...ids, ...(together ? fields : [])]
  if (!time?.spread) {
    const orderBy = [...(time ? ['day'] : []), ...(together ? order : [])]
    const select = list([...(time ? [`${time.day} as day`] : []), ...wanted])
    return {
      facts: `select ${select || '1 as one'}\nfrom ${factSource}${orderBy.length > 0 ? `\norder by ${orderBy.join(', ')}` : ''}`,
      rows,
    }
  }
  const { startDay, endDay, start, end } = time.spread
  // One row per local day touched, the end's day included even when no second of it is.
  const facts = `select s.* exclude (start_s, end_s, spread_day), s.spread_day as day,
  cast(greatest(0, least(s.end_s, d.ends) - greatest(s.start_s, d.begins)) as double) as span_seconds
from (
  select ${list([...wanted, `${startDay} as start_day`, `${endDay} as end_day`, `${start} as start_s`, `${end} as end_s`])},
    ${startDay} + cast(unnest(range(0, greatest(${endDay} - ${startDay}, 0) + 1)) as integer) as spread_day
  from ${factSource}
) s join spread_days d on d.day = s.spread_day
order by day`
  return { facts, rows }
}

/** Every local day from the first to the last, with the Unix seconds at which it begins and ends. */
export const spreadDaysSql = (recipe: BuildRecipe, time: NonNullable<TimeColumns['spread']>): string => {
  const zone = literal(recipe.timeZone)
  const begin = (day: string) => `cast(epoch(timezone(${zone}, cast(${day} as timestamp))) as double)`
  return `create temp table spread_days as
select day, ${begin('day')} as begins, ${begin('day + 1')} as ends from (
  select first + cast(unnest(range(0, last - first + 1)) as integer) as day from (
    select min(${time.startDay}) as first, max(${time.endDay}) as last from ${quoted(recipe.facts)} f
  ) where first is not null
)`
}
