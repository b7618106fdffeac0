import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { pages } from '#portal/kit/queries.ts'
import { isOpen } from '#portal/runs/run-words.ts'
import { useRun } from '#portal/runs/use-run.ts'
import { subscriptionsChanged } from './use-save.ts'

/** How soon a run that somebody else began shows on an open page. */
const lookEveryMs = 5000

/** The runs of a subscription, and the one that is under way, watched to its end, whoever began it. */
export function useSubscriptionRuns(subscription: string) {
  const [watched, setWatched] = useState<string | null>(null)
  const list = useInfiniteQuery({
    ...pages('GET /v1/runs', { query: { subject_type: 'subscription', subject: subscription, limit: 20 } }),
    refetchInterval: lookEveryMs,
  })
  const openRun = list.data?.pages[0]?.body.runs.find(isOpen)?.id
  useEffect(() => {
    if (openRun !== undefined) setWatched((now) => now ?? openRun)
  }, [openRun])
  const { data: run } = useRun(watched)
  const ended = run !== undefined && !isOpen(run) ? run.id : null
  useEffect(() => {
    if (ended !== null) void subscriptionsChanged()
  }, [ended])
  return {
    list,
    run: run ?? null,
    watch: setWatched,
    /** Puts away what is shown of a run that has ended. */
    dismiss: () => setWatched(null),
  }
}

export type SubscriptionRuns = ReturnType<typeof useSubscriptionRuns>
