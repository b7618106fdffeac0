import type { Database } from '#src/database/change.ts'
import type { Log } from '#src/database/log.ts'
import { addDownloads } from './store.ts'

export interface DownloadCounts {
  /** Counts one download; touches memory only. */
  count(fileId: number): void
  /** Writes what has been counted. */
  flush(): Promise<void>
  /** Writes the rest and stops. */
  close(): Promise<void>
}

/**
 * Counts downloads in memory and writes them behind the requests, all files in one statement, once a second: a process that
 * is killed loses a second of them, one that is stopped none.
 */
export function startDownloadCounts({
  db,
  log,
  everyMs = 1000,
}: {
  db: Database
  log: Log
  everyMs?: number
}): DownloadCounts {
  let waiting = new Map<number, number>()
  let running: Promise<void> = Promise.resolve()
  let failing = false

  const write = async (): Promise<void> => {
    if (waiting.size === 0) return
    const counts = waiting
    waiting = new Map()
    try {
      await addDownloads(db, counts)
      failing = false
    } catch (error) {
      for (const [id, count] of counts) waiting.set(id, (waiting.get(id) ?? 0) + count)
      if (!failing) log.warn({ err: error }, 'downloads of files wait for the database')
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
    count: (fileId) => void waiting.set(fileId, (waiting.get(fileId) ?? 0) + 1),
    flush,
    close() {
      clearInterval(timer)
      return flush()
    },
  }
}
