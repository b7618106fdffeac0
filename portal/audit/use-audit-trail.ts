import { type InfiniteData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { askPage, type Page } from '#portal/kit/ask.ts'
import { pages, queryClient } from '#portal/kit/queries.ts'
import type { AuditSearch } from './audit-filter.ts'
import { type AuditEvent, addNewer } from './event-words.ts'
import type { Verb } from './verbs.ts'

type Events = { events: AuditEvent[] }
type Trail = InfiniteData<Page<Events>, string | null>

const limit = 100
const everyMs = 2000
/** Newer events than these pages hold are looked up by loading anew. */
const mostPages = 20

/** The events that match, newest first, page by page; when followed, what happens comes in at the top. */
export function useAuditTrail(search: AuditSearch, follow: boolean) {
  // A verb that there is none of is the server's to refuse.
  const query = { ...search, verb: search.verb as Verb | undefined, limit }
  const options = pages('GET /v1/audit', { query })
  // Numbered events never change, so what is there is kept; only following and filters bring others.
  const trail = useInfiniteQuery({ ...options, staleTime: everyMs, refetchOnWindowFocus: false })
  const newer = useQuery({
    queryKey: ['GET /v1/audit', { query }, 'newer'],
    enabled: follow && trail.isSuccess,
    refetchInterval: everyMs,
    queryFn: async ({ signal }) => {
      const known = queryClient.getQueryData<Trail>(options.queryKey)?.pages[0]?.body.events[0]?.id ?? 0
      const events: AuditEvent[] = []
      let cursor: string | null = null
      for (let page = 0; page < mostPages; page++) {
        const read: Page<Events> = await askPage('GET /v1/audit', {
          query: { ...query, cursor: cursor ?? undefined },
          signal,
        })
        events.push(...read.body.events)
        cursor = read.next
        if (cursor === null || (events.at(-1)?.id ?? 0) <= known) break
      }
      queryClient.setQueryData<Trail>(options.queryKey, (trail) => trail && withNewer(trail, events))
      return events[0]?.id ?? 0
    },
  })
  return { trail, followProblem: follow ? newer.error : null }
}

function withNewer(trail: Trail, newer: readonly AuditEvent[]): Trail {
  const [first, ...rest] = trail.pages
  if (!first) return trail
  const events = addNewer(newer, first.body.events)
  if (events === first.body.events) return trail
  return { ...trail, pages: [{ ...first, body: { events: [...events] } }, ...rest] }
}
