import type { Database } from '#src/database/change.ts'
import type { ChainedEvent } from './event.ts'
import { type EventFilter, findEvents } from './store.ts'

const batch = 1000

/** Events that match, newest first, beyond the number `after`. */
export const listEvents = (
  { db }: { db: Database },
  filter: EventFilter,
  page: { after: number | null; limit: number },
): Promise<ChainedEvent[]> => findEvents(db, filter, { ...page, order: 'newest_first' })

/** All events that match as NDJSON, oldest first, in batches: constant memory however long the trail. */
export async function* exportEvents({ db }: { db: Database }, filter: EventFilter): AsyncGenerator<string> {
  let after: number | null = null
  for (;;) {
    const events: ChainedEvent[] = await findEvents(db, filter, { order: 'oldest_first', after, limit: batch })
    const last = events.at(-1)
    if (!last) return
    yield events.map((event) => `${JSON.stringify(readable(event))}\n`).join('')
    after = last.id
  }
}

/** The event with its detail as an object. */
export const readable = (event: ChainedEvent) => ({
  ...event,
  detail: JSON.parse(event.detail) as Record<string, never>,
})
