import type { Database } from '#src/database/change.ts'
import { findDays } from './store.ts'

const dayMs = 86_400_000

/** Uses per day (UTC) up to today, days without any as 0. */
export async function readTokenUses(
  db: Database,
  id: string,
  days: number,
  now: Date,
): Promise<{ day: string; uses: number }[]> {
  const today = Math.floor(now.getTime() / dayMs)
  const wanted = Array.from({ length: days }, (_, i) =>
    new Date((today - days + 1 + i) * dayMs).toISOString().slice(0, 10),
  )
  const found = new Map((await findDays(db, id, wanted[0]!)).map(({ day, uses }) => [day, uses]))
  return wanted.map((day) => ({ day, uses: found.get(day) ?? 0 }))
}
