import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '#src/database/log.ts'
import { findNextTable, type TableNeeds } from './find-table.ts'
import { dropLooseTables } from './store.ts'

const pauseMs = 1000
const tidyMs = 3_600_000

/** Reads files that wait, one after the other, until it is closed. Several processes share the work. */
export function workOnTables(needs: TableNeeds & { readonly log: Log }): { close(): Promise<void> } {
  const closing = new AbortController()
  const { signal } = closing
  const work = async (): Promise<void> => {
    let tidied = 0
    while (!signal.aborted) {
      const read = await findNextTable(needs, signal).catch((error: unknown) => {
        if (!signal.aborted) needs.log.warn({ err: error }, 'a file of a dataset could not be read as a table')
        return null
      })
      if (read) continue
      if (Date.now() - tidied > tidyMs) {
        tidied = Date.now()
        await dropLooseTables(needs.db).catch((error: unknown) =>
          needs.log.warn({ err: error }, 'tables of files that are gone could not be forgotten'),
        )
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
  const working = work()
  return {
    async close() {
      closing.abort()
      await working
    },
  }
}
