import { queryOptions } from '@tanstack/react-query'
import { askRaw } from '#portal/kit/ask.ts'
import { type ApiDocument, groupsOf } from './api-document.ts'

/** The API's description, read once per load of the portal. */
export const apiDocumentQuery = queryOptions({
  queryKey: ['GET /v1/openapi.json'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => {
    const document = (await (await askRaw('GET /v1/openapi.json', { signal })).json()) as ApiDocument
    return { document, groups: groupsOf(document) }
  },
})
