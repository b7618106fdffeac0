import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { invalidate, pages } from '#portal/kit/queries.ts'
import { isOpen } from '#portal/runs/run-words.ts'
import { useRun } from '#portal/runs/use-run.ts'
import { isBehind, type Model } from './model-words.ts'

/** How soon a refresh that somebody else began shows on an open page. */
const lookEveryMs = 5000
/** How often, and how many times, the model is asked whether the data of a run that has succeeded can be read. */
const lookAgainMs = 500
const mostLooks = 120

interface Ask {
  readonly reason: string
  /** Other than the model file says. */
  readonly type?: 'full' | 'incremental' | undefined
}

/**
 * The refreshes of a model, for those who may: what is under way, whoever began it, watched to its end; and how to begin
 * one. What the model's data are after it is asked anew by itself.
 */
export function useRefresh({ name: model, may, freshness }: Pick<Model, 'name' | 'may' | 'freshness'>) {
  const [watched, setWatched] = useState<string | null>(null)
  const list = useInfiniteQuery({
    ...pages('GET /v1/models/:model/refreshes', { params: { model }, query: { limit: 10 } }),
    enabled: may.refresh,
    refetchInterval: lookEveryMs,
  })
  const openRun = list.data?.pages[0]?.body.runs.find(isOpen)?.id
  useEffect(() => {
    if (openRun !== undefined) setWatched(openRun)
  }, [openRun])
  const { data: run } = useRun(watched)
  const ended = run !== undefined && !isOpen(run) ? run.id : null
  useEffect(() => {
    if (ended !== null)
      void invalidate(
        'GET /v1/models',
        'GET /v1/models/:model',
        'GET /v1/models/:model/refreshes',
        'GET /v1/models/:model/snapshots',
      )
  }, [ended])
  const behind = run !== undefined && isBehind(freshness, run)
  useEffect(() => {
    if (!behind) return
    let left = mostLooks
    const timer = setInterval(() => {
      if (left-- > 0) void invalidate('GET /v1/models', 'GET /v1/models/:model')
    }, lookAgainMs)
    return () => clearInterval(timer)
  }, [behind])
  const start = useMutation({
    mutationFn: ({ reason, type, key }: Ask & { key: string }) =>
      ask('POST /v1/models/:model/refreshes', {
        params: { model },
        body: { ...(reason !== '' && { cause: reason }), ...(type && { type }) },
        headers: { 'idempotency-key': key },
      }),
    onSuccess: ({ id }) => {
      setWatched(id)
      void invalidate('GET /v1/models/:model/refreshes')
    },
  })
  return {
    list,
    run: run ?? null,
    /** The run has succeeded, and its data are just being opened for readers. */
    behind,
    underWay: behind || (run !== undefined && isOpen(run)) || (openRun !== undefined && openRun !== ended),
    problem: start.error,
    starting: start.isPending,
    start: (asked: Ask = { reason: '' }) => start.mutate({ ...asked, key: idempotencyKey() }),
    /** The same once more, after a problem: under the same key, so that it begins once. */
    again: () => start.variables && start.mutate(start.variables),
    /** Puts away what is shown of a refresh that has ended. */
    dismiss: () => setWatched(null),
  }
}

export type Refresh = ReturnType<typeof useRefresh>
