import { useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query'
import { query } from '#portal/kit/queries.ts'
import type { Model } from '#portal/warehouse/question.ts'

/** Every model that has data, with its fields and option sets: what a report can be made of. */
export function useAllModels(): readonly Model[] {
  const { data } = useSuspenseQuery(query('GET /v1/models'))
  const names = data.models.flatMap(({ name, freshness }) => (freshness === null ? [] : [name]))
  const models = useSuspenseQueries({
    queries: names.map((model) => query('GET /v1/models/:model', { params: { model } })),
  })
  return models.map((one) => one.data)
}

/** Those that count something; others only have options to choose from. */
export const countingModels = (models: readonly Model[]): readonly Model[] =>
  models.filter(({ metrics, may }) => may.query && metrics.length > 0)
