import { useQuery } from '@tanstack/react-query'
import { query } from '#portal/kit/queries.ts'
import type { Example } from './paste-lines.ts'
import { choiceOf } from './permission-choice.ts'

/** Something that a token with these permissions can ask for, out of the models there are; null until it is found. */
export function useExample(permissions: readonly string[]): Example | null {
  const choice = choiceOf(permissions)
  const on = choice['warehouse:read'] ?? choice['models:refresh'] ?? null
  const { data: list } = useQuery(query('GET /v1/models'))
  const usable = list?.models.filter(({ name, freshness }) => freshness !== null && (on === null || on.includes(name)))
  // One that needs a token shows best what the token is for.
  const named = usable?.find(({ access }) => access.query !== 'public') ?? usable?.[0]
  const { data: model } = useQuery({
    ...query('GET /v1/models/:model', { params: { model: named?.name ?? '' } }),
    enabled: named !== undefined,
  })
  const [metric] = model?.metrics ?? []
  if (!model || !metric) return null
  return { model: model.name, realm: model.realm, metric, dimension: model.dimensions[0] ?? null }
}
