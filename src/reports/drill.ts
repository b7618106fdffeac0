import type { AskInput } from '#src/warehouse/ask.ts'
import { joinIds } from '#src/warehouse/id-list.ts'

/** Where the portal shows the same question in Explore, and the rows behind it; null where their addresses have no words for it. */
export function drillOf(ask: AskInput, mayReadRows: boolean): { explore: string | null; rows: string | null } {
  const scope = scopeOf(ask)
  if (scope === null) return { explore: null, rows: null }
  const words: [string, string][] = [
    ['metrics', ask.metrics.join(',')],
    ...named('dimensions', (ask.dimensions ?? []).join(',')),
    ...scope,
    ...named('unit', ask.unit === 'auto' ? undefined : ask.unit),
    ...named('series', ask.series ? 'true' : undefined),
    ...named('order', (ask.order ?? []).map(({ by, descending }) => `${descending ? '-' : ''}${by}`).join(',')),
    ...(ask.limit === undefined ? [] : named('limit', String(ask.limit))),
    ...named('others', ask.others && ask.limit !== undefined ? 'true' : undefined),
  ]
  const page = `/explore/${encodeURIComponent(ask.model)}`
  return {
    explore: `${page}?${new URLSearchParams(words)}`,
    rows: mayReadRows ? `${page}/rows${scope.length === 0 ? '' : `?${new URLSearchParams(scope)}`}` : null,
  }
}

const named = (name: string, value: string | undefined): [string, string][] =>
  value === undefined || value === '' ? [] : [[name, value]]

function scopeOf({ filters = [], period }: AskInput): [string, string][] | null {
  if (filters.some(({ labels, min, max }) => labels || min !== undefined || max !== undefined)) return null
  return [
    ...filters.map(({ dimension, values = [], exclude }): [string, string] => [
      'filter',
      `${dimension}${exclude ? '!' : ''}:${joinIds(values)}`,
    ]),
    ...(period === undefined
      ? []
      : typeof period === 'string'
        ? named('period', period)
        : [...named('start', period.start), ...named('end', period.end)]),
  ]
}
