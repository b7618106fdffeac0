import type { Formula, Metric } from '#src/warehouse/catalogue.ts'
import { metricsIn } from '#src/warehouse/plan-metrics.ts'
import { type Compiling, nothing } from './compiling.ts'
import { parseFormula } from './formula.ts'
import type { MetricFile } from './model-file.ts'
import type { Path } from './read-model.ts'
import type { RecipeCapacity } from './recipe.ts'

export interface CompiledMetric {
  readonly catalogue: Metric | null
  readonly columns: readonly string[]
  readonly capacity: RecipeCapacity | null
}

export async function compileMetric(compiling: Compiling, file: MetricFile, i: number): Promise<CompiledMetric> {
  const { content, wrong } = compiling
  const path = ['metrics', i]
  const facts = {
    name: file.name,
    label: file.label,
    description: file.description,
    unit: file.unit,
    decimals: file.decimals ?? null,
    hidden: file.hidden,
    standardError: file.standard_error ?? null,
  }
  const none = { catalogue: null, columns: [], capacity: null }
  const unwanted = (keys: readonly (keyof MetricFile)[], why: string) => {
    for (const key of keys) if (file[key] !== undefined) wrong([...path, key], `${key} ${why}; leave it out`)
  }
  if (file.standard_error && !content.metrics.some((metric) => metric.name === file.standard_error))
    wrong([...path, 'standard_error'], `there is no metric ${file.standard_error}`)

  if (file.agg === undefined) {
    unwanted(['filter', 'once', 'capacity'], 'needs agg')
    if (file.expr === undefined)
      return wrong([...path, 'name'], 'a metric needs agg, or an expr over other metrics') ?? none
    try {
      return { ...none, catalogue: { ...facts, kind: 'derived', expr: parseFormula(file.expr) } }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      return wrong([...path, 'expr'], `expr: ${error.message}`) ?? none
    }
  }
  if (file.agg === 'capacity') {
    unwanted(['expr', 'filter', 'once'], 'has no meaning with agg: capacity')
    return file.capacity
      ? compileCapacity(compiling, facts, file.capacity, path)
      : (wrong([...path, 'agg'], 'agg: capacity needs capacity') ?? none)
  }
  unwanted(['capacity'], 'needs agg: capacity')
  if (file.agg === 'count') unwanted(['expr'], 'is not counted; use filter')
  else if (file.expr === undefined) return wrong([...path, 'agg'], `agg: ${file.agg} needs expr`) ?? none
  if (file.once && !(content.time && 'spread' in content.time))
    wrong([...path, 'once'], 'once has a meaning only where time has spread; leave it out')
  const inMetric = { periods: content.time !== undefined, relations: [] }
  const expr = file.expr === undefined ? null : await compiling.expression([...path, 'expr'], file.expr, inMetric)
  const filter =
    file.filter === undefined ? null : await compiling.expression([...path, 'filter'], file.filter, inMetric)
  return {
    catalogue: {
      ...facts,
      kind: 'aggregate',
      aggregate: file.agg,
      sql: expr?.sql ?? null,
      filterSql: filter?.sql ?? null,
      once: file.once ?? null,
    },
    columns: [...(expr?.columns ?? []), ...(filter?.columns ?? [])],
    capacity: null,
  }
}

async function compileCapacity(
  compiling: Compiling,
  facts: Omit<Metric, 'kind'>,
  capacity: NonNullable<MetricFile['capacity']>,
  path: Path,
): Promise<CompiledMetric> {
  const { content, wrong } = compiling
  if (!content.time) wrong([...path, 'capacity'], 'capacity needs a model with time')
  if (!content.tables.some((table) => table.name === capacity.table))
    wrong([...path, 'capacity', 'table'], `there is no table ${capacity.table}`)
  const read = (key: 'from' | 'until' | 'expr') =>
    compiling.expression([...path, 'capacity', key], capacity[key], { facts: capacity.table, relations: [] })
  const [from, until, amount] = [await read('from'), await read('until'), await read('expr')]
  const table = `c_${facts.name}`
  return {
    catalogue: { ...facts, kind: 'capacity', of: capacity.of, table },
    columns: [capacity.of],
    capacity: {
      table,
      source: capacity.table,
      key: capacity.key,
      from: (from ?? nothing).sql,
      until: (until ?? nothing).sql,
      amount: (amount ?? nothing).sql,
    },
  }
}

/** Derived metrics name metrics that exist, and none of them itself by a detour. */
export function checkFormulas({ content, wrong }: Compiling, metrics: readonly CompiledMetric[]): void {
  const formulas = new Map<string, Formula>()
  for (const { catalogue } of metrics) if (catalogue?.kind === 'derived') formulas.set(catalogue.name, catalogue.expr)
  const reaches = (from: string, target: string, seen = new Set<string>()): boolean => {
    const formula = formulas.get(from)
    if (!formula || seen.has(from)) return false
    seen.add(from)
    return metricsIn(formula).some((name) => name === target || reaches(name, target, seen))
  }
  content.metrics.forEach(({ name }, i) => {
    const formula = formulas.get(name)
    if (!formula) return
    for (const other of metricsIn(formula))
      if (!content.metrics.some((metric) => metric.name === other))
        wrong(['metrics', i, 'expr'], `there is no metric ${other}; derived metrics compute with metrics only`)
    if (reaches(name, name)) wrong(['metrics', i, 'expr'], `${name} depends on itself`)
  })
}
