import { type Catalogue, keyColumn, type Metric, valuesTable } from './catalogue.ts'
import type { Statement } from './engines/engine.ts'
import type { MatchedAsk, MatchedOrder } from './match-ask.ts'
import { type Binder, makeBinder, type Scope, whereSql } from './plan-filters.ts'
import { aggregateSql, baseMetrics, valueSql } from './plan-metrics.ts'

/** A column of the answer. A dimension gives two: `NAME_id` and `NAME` (its label). */
export interface AnswerColumn {
  readonly name: string
  readonly label: string
  readonly role: 'period' | 'id' | 'label' | 'metric'
  readonly of: string | null
}

export interface Plan extends Statement {
  readonly columns: readonly AnswerColumn[]
}

type QueryScope = Omit<Scope, 'binder'> & { readonly catalogue: Catalogue }

/** Writes the SELECT that answers a matched ask on one snapshot. */
export function planQuery(scope: QueryScope, ask: MatchedAsk): Plan {
  const binder = makeBinder()
  const query = { ...scope, binder, ask }
  const limitsSeries = ask.limit !== null && ask.dimensions.length > 0 && (ask.series || ask.others)
  const groups = groupsSql(query, {
    series: ask.series,
    top: limitsSeries,
    others: limitsSeries && ask.others,
    prefix: '',
  })
  const top = limitsSeries ? `${topSql(query)},\n` : ''
  const limit = ask.limit !== null && !limitsSeries ? `\nlimit ${ask.limit}` : ''
  const sql = `with ${top}${groups.ctes}
select ${selectList(query, ask.series, groups.others)}
from ${groups.from}${labelJoins(query)}
order by ${orderSql(query, ask.series, groups.others)}${limit}`
  return { sql, params: binder.params, columns: columnsOf(ask) }
}

/** The same question without dimensions and periods: each metric over everything. */
export const planTotals = (scope: QueryScope, ask: MatchedAsk): Plan =>
  planQuery(scope, { ...ask, dimensions: [], series: false, order: [], limit: null, others: false })

interface Query extends QueryScope {
  readonly binder: Binder
  readonly ask: MatchedAsk
}

interface GroupOptions {
  readonly series: boolean
  /** Whether only (or, with `others`, separately) the groups in `top` count. */
  readonly top: boolean
  readonly others: boolean
  /** Names the CTEs apart when there are two sets of them. */
  readonly prefix: string
}

const key = (i: number): string => `k${i}`

/** Facts aggregated per group: CTEs, and a FROM in which each needed base metric is a column. */
function groupsSql(query: Query, { series, top, others, prefix }: GroupOptions) {
  const { dialect, snapshot, catalogue, ask, binder } = query
  const { dimensions, unit, days } = ask
  const wanted = [...ask.metrics, ...ask.order.flatMap((term) => ('metric' in term ? [term.metric] : []))]
  const bases = baseMetrics(catalogue, wanted)
  const keys = dimensions.map((dimension, i) => {
    const column = `f.${dialect.quote(keyColumn(dimension.name))}`
    return `${others ? `case when t.place is not null then ${column} end` : column} as ${key(i)}`
  })
  if (others) keys.push('t.place is null as is_others')
  const period = dialect.truncate(unit, 'f.day')
  if (series) keys.unshift(`${period} as period`)
  const groupNames = [
    ...(series ? ['period'] : []),
    ...dimensions.map((_, i) => key(i)),
    ...(others ? ['is_others'] : []),
  ]
  const source = `${dialect.table(snapshot, 'facts')} f${top ? topJoin(query, others) : ''}`
  const where = whereSql(query, 'f', ask.conditions, days)
  const grouping = groupNames.length === 0 ? '' : `\n  group by ${groupNames.map((_, i) => i + 1).join(', ')}`

  const firstDay = series ? period : days ? dialect.date(binder.bind(days.start)) : 'f.start_day'
  const aggregated = bases.flatMap((metric) =>
    metric.kind === 'aggregate'
      ? [`${aggregateSql(metric, { dialect, unit, firstDay })} as ${dialect.quote(metric.name)}`]
      : [],
  )
  // A group exists where facts do, whatever is asked of it.
  if (aggregated.length === 0) aggregated.push('count(*) as facts')
  const ctes = [
    `${prefix}g as (\n  select ${[...keys, ...aggregated].join(',\n    ')}\n  from ${source}\n  where ${where}${grouping}\n)`,
  ]
  let from = `${prefix}g g`
  bases.forEach((metric, i) => {
    if (metric.kind !== 'capacity') return
    const seen = `${prefix}seen${i}`
    const thing = `f.${dialect.quote(metric.of)} as thing`
    ctes.push(`${seen} as (\n  select distinct ${[...keys, thing].join(', ')}\n  from ${source}\n  where ${where}\n)`)
    const amounts = dialect.table(snapshot, metric.table)
    const [begin, end] = boundsSql(query, series)
    const seconds = `greatest(0, least(coalesce(c.valid_until, ${end}), ${end}) - greatest(coalesce(c.valid_from, ${begin}), ${begin}))`
    const by = groupNames.map((name) => `s.${name}`)
    ctes.push(
      `${prefix}c${i} as (\n  select ${[...by, `coalesce(cast(sum(c.amount * ${seconds}) as double), 0) as amount`].join(', ')}` +
        `\n  from ${seen} s join ${amounts} c on c.key = s.thing` +
        `${by.length === 0 ? '' : `\n  group by ${by.join(', ')}`}\n)`,
    )
    const same = groupNames.map((name) => dialect.sameOrBothNull(`c${i}.${name}`, `g.${name}`))
    from += `\nleft join ${prefix}c${i} c${i} on ${same.length === 0 ? 'true' : same.join(' and ')}`
  })
  return { ctes: ctes.join(',\n'), from, others }
}

/** Unix seconds between which capacity counts: the row's period, or the whole range. */
function boundsSql({ dialect, catalogue, ask, binder }: Query, series: boolean): [string, string] {
  const zone = binder.bind(catalogue.timeZone)
  if (series) return [dialect.dayBegins('s.period', zone), dialect.dayBegins(dialect.next(ask.unit, 's.period'), zone)]
  // Without days there are no facts either, and any bounds will do.
  const { start, end } = ask.days ?? { start: '1970-01-01', end: '1970-01-01' }
  const day = (text: string) => dialect.date(binder.bind(text))
  return [dialect.dayBegins(day(start), zone), dialect.dayBegins(dialect.next('day', day(end)), zone)]
}

/** Which groups come first in the aggregate over the whole range. */
function topSql(query: Query): string {
  const { ask } = query
  const groups = groupsSql(query, { series: false, top: false, others: false, prefix: 'top_' })
  const keys = ask.dimensions.map((_, i) => `g.${key(i)}`).join(', ')
  return `${groups.ctes},
top as (
  select ${keys}, row_number() over (order by ${orderSql(query, false, false)}) as place
  from ${groups.from}
  qualify place <= ${ask.limit}
)`
}

function topJoin({ dialect, ask }: Query, others: boolean): string {
  const same = ask.dimensions.map((dimension, i) => `t.${key(i)} = f.${dialect.quote(keyColumn(dimension.name))}`)
  return ` ${others ? 'left ' : ''}join top t on ${same.join(' and ')}`
}

const labelJoins = ({ dialect, snapshot, ask }: Query): string =>
  ask.dimensions
    .map((dimension, i) => {
      const values = dialect.table(snapshot, valuesTable(dimension.name))
      return `\nleft join ${values} v${i} on v${i}.key = g.${key(i)}`
    })
    .join('')

const baseColumn =
  ({ dialect, catalogue, ask }: Query) =>
  (base: string): string => {
    const wanted = [...ask.metrics, ...ask.order.flatMap((term) => ('metric' in term ? [term.metric] : []))]
    const position = baseMetrics(catalogue, wanted).findIndex(
      (metric) => metric.name === base && metric.kind === 'capacity',
    )
    return position >= 0 ? `coalesce(c${position}.amount, 0)` : `g.${dialect.quote(base)}`
  }

function selectList(query: Query, series: boolean, others: boolean): string {
  const { dialect, ask, catalogue } = query
  const value = (metric: Metric) => valueSql(catalogue, metric, baseColumn(query))
  return [
    ...(series ? ['cast(g.period as varchar) as period'] : []),
    ...ask.dimensions.flatMap((dimension, i) => {
      const [id, label] = others
        ? [`case when not g.is_others then v${i}.id end`, `case when g.is_others then 'Others' else v${i}.label end`]
        : [`v${i}.id`, `v${i}.label`]
      return [`${id} as ${dialect.quote(`${dimension.name}_id`)}`, `${label} as ${dialect.quote(dimension.name)}`]
    }),
    ...ask.metrics.map((metric) => `${value(metric)} as ${dialect.quote(metric.name)}`),
  ].join(',\n  ')
}

/** The order asked for (by default periods, then the first metric falling in aggregates), made definite by the dimensions' own. */
function orderSql(query: Query, series: boolean, others: boolean): string {
  const { ask, catalogue } = query
  const direction = (term: { descending: boolean }) => (term.descending ? 'desc' : 'asc')
  const written = (term: MatchedOrder): string[] => {
    if ('metric' in term)
      return [`${valueSql(catalogue, term.metric, baseColumn(query))} ${direction(term)} nulls last`]
    if ('dimension' in term) return [`g.${key(term.position)} ${direction(term)} nulls last`]
    return series ? [`g.period ${direction(term)}`] : []
  }
  const usual: MatchedOrder[] =
    series || ask.metrics.length === 0 ? [] : [{ metric: ask.metrics[0]!, descending: true }]
  const terms = [
    ...(series && !ask.order.some((term) => 'period' in term) ? ['g.period'] : []),
    ...(others ? ['g.is_others'] : []),
    ...(ask.order.length > 0 ? ask.order : usual).flatMap(written),
    ...ask.dimensions.map((_, i) => `g.${key(i)} nulls last`),
  ]
  return terms.length === 0 ? '1' : terms.join(', ')
}

const columnsOf = (ask: MatchedAsk): AnswerColumn[] => [
  ...(ask.series ? [{ name: 'period', label: 'Period', role: 'period' as const, of: null }] : []),
  ...ask.dimensions.flatMap(({ name, label }): AnswerColumn[] => [
    { name: `${name}_id`, label: `${label} (id)`, role: 'id', of: name },
    { name, label, role: 'label', of: name },
  ]),
  ...ask.metrics.map(({ name, label }) => ({ name, label, role: 'metric' as const, of: name })),
]
