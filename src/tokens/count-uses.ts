import type { Database } from '#src/database/change.ts'
import type { Log } from '#src/database/log.ts'
import type { ShownFrom } from '#src/http/authenticate.ts'
import { addUses, type UseCount } from './store.ts'

const dayMs = 86_400_000
const mostWaiting = 100_000

/** One token's uses since they were last written. */
export interface UseCounter {
  readonly tokenId: string
  uses: number
  /** Days since 1970, UTC. */
  day: number
  at: number
  address: string
  client: string | null
}

export interface UseCounts {
  counterOf(tokenId: string): UseCounter
  /** Counts one use; touches memory only. `now` in milliseconds. */
  count(counter: UseCounter, now: number, from: ShownFrom): void
  /** Writes what has been counted. */
  flush(): Promise<void>
  /** Writes the rest and stops. */
  close(): Promise<void>
}

/**
 * Counts uses in memory and writes them behind the requests, all tokens in one statement, twice a second: so a process
 * that is killed loses less than a second of them, and one that is stopped loses none.
 */
export function startUseCounts({ db, log, everyMs = 500 }: { db: Database; log: Log; everyMs?: number }): UseCounts {
  let dirty = new Set<UseCounter>()
  let waiting: UseCount[] = []
  let running: Promise<void> = Promise.resolve()
  let failing = false

  const take = (counter: UseCounter): void => {
    if (counter.uses === 0) return
    const { tokenId, uses, day, at, address, client } = counter
    waiting.push({ tokenId, uses, day: dayText(day), at: new Date(at), address, client })
    counter.uses = 0
  }

  const write = async (): Promise<void> => {
    const counters = dirty
    dirty = new Set()
    for (const counter of counters) take(counter)
    if (waiting.length === 0) return
    const counts = waiting
    waiting = []
    try {
      await addUses(db, counts)
      failing = false
    } catch (error) {
      // Beyond the bound the oldest are given up: a database that is away must not fill the memory.
      waiting = [...counts, ...waiting].slice(-mostWaiting)
      if (!failing) log.warn({ err: error }, 'uses of tokens wait for the database')
      failing = true
    }
  }

  const flush = (): Promise<void> => {
    running = running.then(write)
    return running
  }
  const timer = setInterval(() => void flush(), everyMs)
  timer.unref()

  return {
    counterOf: (tokenId) => ({ tokenId, uses: 0, day: 0, at: 0, address: '', client: null }),
    count(counter, now, from) {
      const day = Math.floor(now / dayMs)
      if (counter.day !== day) {
        take(counter)
        counter.day = day
      }
      if (counter.uses === 0) dirty.add(counter)
      counter.uses++
      counter.at = now
      counter.address = from.address
      counter.client = from.client
    },
    flush,
    close() {
      clearInterval(timer)
      return flush()
    },
  }
}

const dayText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)
