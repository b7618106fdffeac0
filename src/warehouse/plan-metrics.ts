import type { Unit } from './ask.ts'
import {
  type AggregateMetric,
  type CapacityMetric,
  type Catalogue,
  type Formula,
  findMetric,
  type Metric,
} from './catalogue.ts'
import type { SqlDialect } from './engines/engine.ts'

/** How the compiler writes `period(column)`: as a column of facts `f` that the planner replaces by a truncation to the unit asked for. */
export const periodColumn = (column: string): string => `period$${column}`
const periodCall = /\bf\."?period\$(\w+)"?/g

export interface GroupScope {
  readonly dialect: SqlDialect
  readonly unit: Unit
  /** SQL of the day from which `once: answer` counts: the row's own period in a series, the range's first day otherwise. */
  readonly firstDay: string
}

const fillIn = (sql: string, { dialect, unit }: GroupScope): string =>
  sql.replace(periodCall, (_, column: string) => dialect.truncate(unit, `f.${dialect.quote(column)}`))

/** The aggregate over facts `f`. */
export function aggregateSql(metric: AggregateMetric, scope: GroupScope): string {
  const value = metric.sql === null ? null : fillIn(metric.sql, scope)
  const conditions = metric.filterSql === null ? [] : [`(${fillIn(metric.filterSql, scope)})`]
  if (metric.once) {
    const first = metric.once === 'answer' ? scope.firstDay : scope.dialect.truncate(scope.unit, 'f.day')
    conditions.push(`f.day = greatest(f.start_day, ${first})`)
  }
  const filter = conditions.length === 0 ? '' : ` filter (where ${conditions.join(' and ')})`
  switch (metric.aggregate) {
    case 'count':
      return `count(*)${filter}`
    case 'count_distinct':
      return `count(distinct ${value})${filter}`
    case 'sum':
      return `coalesce(cast(sum(${value})${filter} as double), 0)`
    default:
      return `cast(${metric.aggregate}(${value})${filter} as double)`
  }
}

/** Which aggregates and capacities are needed for these metrics, each once. */
export function baseMetrics(catalogue: Catalogue, metrics: readonly Metric[]): (AggregateMetric | CapacityMetric)[] {
  const found = new Map<string, AggregateMetric | CapacityMetric>()
  const visit = (metric: Metric) => {
    if (metric.kind === 'derived') for (const name of metricsIn(metric.expr)) visit(metricNamed(catalogue, name))
    else found.set(metric.name, metric)
  }
  metrics.forEach(visit)
  return [...found.values()]
}

function metricNamed(catalogue: Catalogue, name: string): Metric {
  const metric = findMetric(catalogue, name)
  if (!metric) throw new Error(`a derived metric needs ${name}, which the model does not have`)
  return metric
}

export function metricsIn(formula: Formula): string[] {
  if ('metric' in formula) return [formula.metric]
  if ('op' in formula) return [...metricsIn(formula.left), ...metricsIn(formula.right)]
  return 'args' in formula ? formula.args.flatMap(metricsIn) : []
}

/** The metric's value from the columns of its base metrics. Whole numbers leave as such. */
export function valueSql(catalogue: Catalogue, metric: Metric, column: (base: string) => string): string {
  const value = metric.kind === 'derived' ? formulaSql(catalogue, metric.expr, column) : column(metric.name)
  const counted = metric.kind === 'aggregate' && metric.aggregate.startsWith('count')
  return counted || metric.decimals === 0 ? `cast(${value} as bigint)` : `cast(${value} as double)`
}

function formulaSql(catalogue: Catalogue, formula: Formula, column: (base: string) => string): string {
  const inner = (part: Formula) => formulaSql(catalogue, part, column)
  if ('number' in formula) return `cast(${formula.number} as double)`
  if ('metric' in formula) {
    const metric = metricNamed(catalogue, formula.metric)
    return metric.kind === 'derived' ? inner(metric.expr) : `cast(${column(metric.name)} as double)`
  }
  if ('call' in formula) {
    const args = formula.args.map(inner)
    // Rounding may take a variance of nothing a little below zero.
    return formula.call === 'sqrt' ? `sqrt(greatest(${args[0]}, 0))` : `${formula.call}(${args.join(', ')})`
  }
  const [left, right] = [inner(formula.left), inner(formula.right)]
  return formula.op === '/' ? `coalesce(${left} / nullif(${right}, 0), 0)` : `(${left} ${formula.op} ${right})`
}
