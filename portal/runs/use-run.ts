import { useQuery } from '@tanstack/react-query'
import { askRaw } from '#portal/kit/ask.ts'
import { isOpen, type Run } from './run-words.ts'

interface Watched {
  readonly run: Run
  readonly etag: string
}

/** How long the server may hold its answer until something has changed. */
const waitSeconds = 20
/** Between an answer and the next question: a run that reports much is drawn often enough. */
const breathMs = 250
const afterTroubleMs = 3000

export const runKey = (id: string | null) => ['GET /v1/runs/:run', { params: { run: id } }] as const

/**
 * A run, watched until it has ended: each question is held by the server until something about the run has changed, so
 * what is shown is never older than a moment. Pages that watch the same run share one question; a hidden tab asks none.
 */
export function useRun(id: string | null) {
  return useQuery({
    queryKey: runKey(id),
    enabled: id !== null,
    queryFn: async ({ signal, client }): Promise<Watched> => {
      const before = client.getQueryData<Watched>(runKey(id))
      const open = before !== undefined && isOpen(before.run)
      const headers: Record<string, string> = open
        ? { prefer: `wait=${waitSeconds}`, 'if-none-match': before.etag }
        : {}
      const reply = await askRaw('GET /v1/runs/:run', { params: { run: id ?? '' }, headers, signal })
      if (reply.status === 304 && before) return before
      return { run: (await reply.json()) as Run, etag: reply.headers.get('etag') ?? '' }
    },
    select: ({ run }) => run,
    staleTime: 1000,
    refetchInterval: ({ state: { data, status } }) => {
      if (data && !isOpen(data.run)) return false
      return status === 'error' ? (data ? afterTroubleMs : false) : breathMs
    },
  })
}
