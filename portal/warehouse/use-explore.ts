import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { asksBefore, joinBefore } from './compare.ts'
import { type Answer, type Ask, askOf, type Model, type Question } from './question.ts'

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
export function useAnswer(model: Model, question: Question) {
  const body = JSON.stringify({ ...askOf(model.name, question), totals: true })
  const [settled] = useDebouncedValue(body, 250)
  const query = useQuery({ ...answerQuery(JSON.parse(settled) as Ask), placeholderData: keepPreviousData })
  return { ...query, isCurrent: settled === body && !query.isPlaceholderData }
}

/** The past of an answer, when it is wanted; null while it isn't there. */
export function useBefore(model: Model, question: Question, answer: Answer | undefined) {
  const asks = question.compare && answer ? asksBefore(question, answer, model) : null
  const nothing = { model: '', metrics: [] }
  const groups = useQuery({ ...answerQuery(asks?.groups ?? nothing), enabled: asks !== null })
  const others = useQuery({ ...answerQuery(asks?.others ?? nothing), enabled: asks?.others != null })
  const [then, rest] = [groups.data?.answer, others.data?.answer]
  const isWhole = asks !== null && then !== undefined && (asks.others === null || rest !== undefined)
  const before = useMemo(
    () => (isWhole && answer && then ? joinBefore(answer, then, rest ?? null) : null),
    [isWhole, answer, then, rest],
  )
  return { before, error: groups.error ?? others.error, isFetching: groups.isFetching || others.isFetching }
}
