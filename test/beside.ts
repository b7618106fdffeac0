import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Actor } from '#src/access/caller.ts'
import type { Change, Changer, Database } from '#src/database/change.ts'

/** Asks for something while a change has not ended yet, which does its `last` and ends once that waits for it or is done. */
export async function beside<T>(
  { db, changer, actor }: { readonly db: Database; readonly changer: Changer; readonly actor: Actor },
  first: (change: Change) => Promise<unknown>,
  second: () => Promise<T>,
  last: (change: Change) => Promise<unknown> = async () => undefined,
): Promise<T> {
  const begun = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const one = changer(actor, async (change) => {
    await first(change)
    begun.resolve()
    await end.promise
    await last(change)
  })
  await Promise.race([begun.promise, one])
  let done = false
  const other = second().finally(() => {
    done = true
  })
  const waits = async (): Promise<boolean> => {
    const { rows } = await sql`
      select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(db)
    return rows.length > 0
  }
  while (!done && !(await waits())) await sleep(10)
  end.resolve()
  await one
  return await other
}
