import type { Database } from '#src/database/change.ts'
import type { Log } from '#src/database/log.ts'
import type { ShownFrom } from '#src/http/authenticate.ts'
import { shortenClient } from './shorten-client.ts'
import { addUses, mostSources, type UseCount } from './store.ts'

const dayMs = 86_400_000
const mostWaiting = 100_000

/** One token's uses since they were last written. */
export interface UseCounter {
  readonly tokenId: string
  /** Days since 1970, UTC. */
  day: number
  sources: Source[]
  /** The one that was used last. */
  last: Source | null
}

/** An address and a client that used a token; or the latest of the others, beyond the most that are told apart. */
interface Source {
  readonly other: boolean
  address: string
  client: string | null
  uses: number
  readonly firstAt: number
  at: number
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
 * Counts uses in memory, by whence they come, and writes them behind the requests, all tokens in one statement, twice a
 * second: so a process that is killed loses less than a second of them, and one that is stopped loses none.
 */
export function startUseCounts({ db, log, everyMs = 500 }: { db: Database; log: Log; everyMs?: number }): UseCounts {
  let dirty = new Set<UseCounter>()
  let waiting: UseCount[] = []
  let running: Promise<void> = Promise.resolve()
  let failing = false

  const take = (counter: UseCounter): void => {
    for (const source of counter.sources) waiting.push(countOf(counter, source))
    counter.sources = []
    counter.last = null
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
    counterOf: newCounter,
    count(counter, now, from) {
      const day = Math.floor(now / dayMs)
      if (counter.day !== day) {
        take(counter)
        counter.day = day
      }
      let source = counter.last
      if (source === null || source.address !== from.address || source.client !== from.client) {
        if (counter.sources.length === 0) dirty.add(counter)
        source = counter.last = sourceOf(counter, now, from)
      }
      source.uses++
      source.at = now
    },
    flush,
    close() {
      clearInterval(timer)
      return flush()
    },
  }
}

export const newCounter = (tokenId: string): UseCounter => ({ tokenId, day: 0, sources: [], last: null })

/** The one that stands for this address and client: known, new, or that of all others. */
function sourceOf({ sources }: UseCounter, now: number, { address, client }: ShownFrom): Source {
  const known = sources.find((source) => source.address === address && source.client === client)
  if (known) return known
  const others = sources[mostSources]
  if (others) return Object.assign(others, { address, client })
  const source = { other: sources.length === mostSources, address, client, uses: 0, firstAt: now, at: now }
  sources.push(source)
  return source
}

const countOf = ({ tokenId, day }: UseCounter, { firstAt, at, ...source }: Source): UseCount => ({
  ...source,
  tokenId,
  day: new Date(day * dayMs).toISOString().slice(0, 10),
  shortClient: shortenClient(source.client),
  firstAt: new Date(firstAt),
  at: new Date(at),
})
