import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { ask } from '#portal/kit/ask.ts'
import type { Answer, Ask } from './question.ts'

export interface Timed {
  readonly answer: Answer
  /** From the question to the whole answer, as it was felt here. */
  readonly tookMs: number
}

/** A question as a query: the same question is asked once, one that nobody wants any more is broken off. */
export const answerQuery = (body: Ask) =>
  queryOptions<Timed>({
    queryKey: ['POST /v1/query', body],
    queryFn: async ({ signal }) => {
      const began = performance.now()
      const answer = await ask('POST /v1/query', { body, signal })
      return { answer, tookMs: performance.now() - began }
    },
    staleTime: 60_000,
  })

/** Asks as soon as nothing was changed for a moment; what was answered before stays meanwhile. */
export function useAnswer(body: Ask | null) {
  const [settled] = useDebouncedValue(body === null ? null : JSON.stringify(body), 250)
  const asked = settled === null || body === null ? null : (JSON.parse(settled) as Ask)
  const waits = body !== null && settled !== JSON.stringify(body)
  const query = useQuery({
    ...answerQuery(asked ?? { model: '-', metrics: ['-'] }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
  })
  return { ...query, answeredTo: query.isPlaceholderData ? null : asked, isLoading: query.isFetching || waits }
}
