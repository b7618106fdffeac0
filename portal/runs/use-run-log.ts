import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { askPage } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'

export type LogLine = Reply<'GET /v1/runs/:run/log'>['lines'][number]

interface ReadLog {
  /** Where the last page begins: from there on it is read again for what came since. */
  readonly cursor: string | null
  readonly earlier: readonly LogLine[]
  readonly last: readonly LogLine[]
}

const everyMs = 1000

/** The log of a run, all of it; while the run is open what is added comes along, and only that is fetched. */
export function useRunLog(run: string, open: boolean) {
  const key = ['GET /v1/runs/:run/log', { params: { run } }] as const
  const log = useQuery({
    queryKey: key,
    queryFn: async ({ signal, client }): Promise<ReadLog> => {
      let read: ReadLog = client.getQueryData<ReadLog>(key) ?? { cursor: null, earlier: [], last: [] }
      for (;;) {
        const query = { limit: 1000, cursor: read.cursor ?? undefined }
        const { body, next } = await askPage('GET /v1/runs/:run/log', { params: { run }, query, signal })
        if (next === null) return { ...read, last: body.lines }
        read = { cursor: next, earlier: [...read.earlier, ...body.lines], last: [] }
      }
    },
    select: ({ earlier, last }) => [...earlier, ...last],
    refetchInterval: open ? everyMs : false,
  })
  const { refetch } = log
  // The last lines come with the run's end.
  useEffect(() => {
    if (!open) void refetch()
  }, [open, refetch])
  return log
}
