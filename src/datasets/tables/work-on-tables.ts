import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '#src/database/log.ts'
import { readTaken, type TableNeeds, takeNext } from './find-table.ts'
import { dropLooseTables } from './store.ts'

const pauseMs = 1000
const tidyMs = 3_600_000

/** So many children at once, each within its own limits of memory and time. */
const lanes = 2

/**
 * Reads files that wait until it is closed; of one depositor one at a time, so that whoever has large or many files leaves a
 * lane for others. Several processes share the work.
 */
export function workOnTables(needs: TableNeeds & { readonly log: Log }): { close(): Promise<void> } {
  const closing = new AbortController()
  const { signal } = closing
  /** What is being read, and whose it is. */
  const inHand = new Map<Promise<void>, string>()
  const pause = () => sleep(pauseMs, undefined, { signal }).catch(() => undefined)
  const failed = (error: unknown): null => {
    if (!signal.aborted) needs.log.warn({ err: error }, 'a file of a dataset could not be read as a table')
    return null
  }
  const work = async (): Promise<void> => {
    let tidied = 0
    while (!signal.aborted) {
      const taken = inHand.size < lanes ? await takeNext(needs, [...inHand.values()]).catch(failed) : null
      if (taken) {
        const reading: Promise<void> = readTaken(needs, taken, signal)
          .catch((error: unknown) => {
            failed(error)
            return pause()
          })
          .then(() => void inHand.delete(reading))
        inHand.set(reading, taken.depositor)
        continue
      }
      if (inHand.size === 0 && Date.now() - tidied > tidyMs) {
        tidied = Date.now()
        await dropLooseTables(needs.db).catch((error: unknown) =>
          needs.log.warn({ err: error }, 'tables of files that are gone could not be forgotten'),
        )
      }
      await Promise.race([...inHand.keys(), ...(inHand.size < lanes ? [pause()] : [])])
    }
    await Promise.all(inHand.keys())
  }
  const working = work()
  return {
    async close() {
      closing.abort()
      await working
    },
  }
}
