import { queryOptions } from '@tanstack/react-query'
import { askRaw } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { invalidate, query, renew } from '#portal/kit/queries.ts'

export type License = Reply<'GET /v1/licenses'>['items'][number]
export type Dataset = Reply<'GET /v1/datasets/:dataset'>
export type Collection = Reply<'GET /v1/collections/:collection'>

export const blocksQuery = { ...query('GET /v1/metadata-blocks'), staleTime: 600_000 }
export const licensesQuery = query('GET /v1/licenses')

const tagged = 'tagged dataset'

/** A dataset as an edit begins with it, with the tag that saving has to show. */
export const taggedDataset = (dataset: string) =>
  queryOptions({
    queryKey: [tagged, dataset],
    queryFn: async ({ signal }) => {
      const reply = await askRaw('GET /v1/datasets/:dataset', {
        params: { dataset },
        query: { version: 'latest' },
        signal,
      })
      return { dataset: (await reply.json()) as Dataset, tag: reply.headers.get('etag') ?? '*' }
    },
    // What is edited begins with what is there now, and stays what it is while it is edited.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

/** After a change of a dataset: all that pages show of it is asked again. */
export const datasetChanged = (): Promise<unknown> =>
  Promise.all([
    renew({
      predicate: ({ queryKey: [name] }) =>
        typeof name === 'string' && (name === tagged || /^GET \/v1\/(datasets|files|search|collections)/.test(name)),
    }),
    invalidate('GET /v1/runs'),
  ])

/** After files of a draft have changed: the dataset is asked again too, as it counts them and has got a draft by it. */
export const filesChanged = (): Promise<unknown> =>
  Promise.all([
    renew({ queryKey: [tagged] }),
    invalidate(
      'GET /v1/datasets/:dataset',
      'GET /v1/datasets/:dataset/versions/:version/files',
      'GET /v1/datasets/:dataset/versions/:version/files/counts',
      'GET /v1/files/:file',
    ),
  ])
