import { infiniteQueryOptions } from '@tanstack/react-query'
import { askRaw, nextCursor } from '#portal/kit/ask.ts'
import { type RowsQuestion, writeRowsQuestion } from './explore-search.ts'
import type { Cell } from './question.ts'

export type Row = Readonly<Record<string, Cell>>

interface RowsPage {
  readonly rows: readonly Row[]
  readonly next: string | null
}

const pageSize = 500

/** Raw rows page by page, in the model's order. */
export function rowsQuery(model: string, question: RowsQuestion) {
  const { filter, ...words } = writeRowsQuestion(question)
  const query = {
    ...words,
    ...(filter !== undefined && { filter: [filter].flat() }),
    limit: pageSize,
    format: 'ndjson',
  }
  return infiniteQueryOptions({
    queryKey: ['GET /v1/models/:model/raw', model, query],
    queryFn: async ({ signal, pageParam }): Promise<RowsPage> => {
      const cursor = pageParam ?? undefined
      const reply = await askRaw('GET /v1/models/:model/raw', {
        params: { model },
        query: { ...query, cursor } as never,
        signal,
      })
      const lines = (await reply.text()).split('\n').filter((line) => line !== '')
      return { rows: lines.map((line) => JSON.parse(line) as Row), next: nextCursor(reply.headers.get('link')) }
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    staleTime: 60_000,
  })
}
