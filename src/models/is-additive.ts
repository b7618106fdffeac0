import { type Catalogue, type Formula, findMetric, type Metric } from '#src/warehouse/catalogue.ts'

/**
 * Whether the values of groups add up to the value of all of them together, so that a group without rows has 0 and bars
 * may be stacked. Sums and counts do, and what is made of them by adding and by multiplying with numbers.
 */
export function isAdditive(catalogue: Catalogue, metric: Metric): boolean {
  if (metric.kind === 'aggregate') return metric.aggregate === 'sum' || metric.aggregate === 'count'
  return metric.kind === 'derived' && adds(catalogue, metric.expr)
}

function adds(catalogue: Catalogue, formula: Formula): boolean {
  if ('metric' in formula) {
    const metric = findMetric(catalogue, formula.metric)
    return metric !== undefined && isAdditive(catalogue, metric)
  }
  if (!('op' in formula)) return false
  const { op, left, right } = formula
  if (op === '+' || op === '-') return adds(catalogue, left) && adds(catalogue, right)
  return (isNumber(right) && adds(catalogue, left)) || (op === '*' && isNumber(left) && adds(catalogue, right))
}

const isNumber = (formula: Formula): boolean =>
  'number' in formula || ('op' in formula && isNumber(formula.left) && isNumber(formula.right))
