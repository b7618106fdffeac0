import type { AskInput } from '#src/warehouse/ask.ts'
import { type Block, mostRows } from './definition.ts'
import { fillScope, type Values } from './fill-query.ts'

/** What a block asks the warehouse. A pivot also asks for its rows and its columns, which gives their order and totals. */
export interface BlockAsks {
  readonly main: AskInput
  readonly rows?: AskInput
  readonly columns?: AskInput
}

export type AskingBlock = Exclude<Block, { type: 'text' }>

export function asksOf(block: AskingBlock, values: Values): BlockAsks {
  const scope = fillScope(block.query, values)
  if (block.type === 'number') return { main: { ...scope, metrics: block.query.metrics, unit: block.query.unit } }
  if (block.type === 'pivot') return pivotAsks(block, scope)
  const { dimensions, series, limit, filters: _, period: __, ...query } = block.query
  // One row more than is shown says that there are more. In a series the limit would count groups.
  const most = limit ?? (series || dimensions.length === 0 ? undefined : mostRows + 1)
  return { main: { ...query, ...scope, dimensions, series, ...(most !== undefined && { limit: most }) } }
}

function pivotAsks(
  block: Extract<Block, { type: 'pivot' }>,
  scope: Pick<AskInput, 'model' | 'filters' | 'period'>,
): BlockAsks {
  const { metrics, unit, totals } = block.query
  const { rows, columns } = block
  const series = columns === 'period'
  const across = series ? [] : [columns]
  const by = (names: readonly string[]) => names.map((name) => ({ by: name }))
  const ask = { ...scope, metrics, unit }
  return {
    main: { ...ask, dimensions: [...rows, ...across], series },
    rows: { ...ask, dimensions: [...rows], order: by(rows), totals },
    columns: { ...ask, dimensions: across, series, order: by(across) },
  }
}
