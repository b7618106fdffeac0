import type { Args } from '#portal/kit/contracts.ts'
import { query } from '#portal/kit/queries.ts'

export type Verb = NonNullable<NonNullable<Args<'GET /v1/audit'>['query']>['verb']> & string

/** Everything the trail can say; that changes only with the product. */
export const verbsQuery = { ...query('GET /v1/audit/verbs'), staleTime: Number.POSITIVE_INFINITY }
