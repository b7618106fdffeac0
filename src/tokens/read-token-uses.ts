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
  const uses = (await readUsesOf(db, [id], days, now)).get(id) ?? []
  return daysUpTo(now, days).map((day, i) => ({ day, uses: uses[i] ?? 0 }))
}

/** The same for many tokens, in one look: for each its uses, oldest day first, today last. */
export async function readUsesOf(
  db: Database,
  ids: readonly string[],
  days: number,
  now: Date,
): Promise<Map<string, number[]>> {
  const wanted = daysUpTo(now, days)
  const placeOf = new Map(wanted.map((day, i) => [day, i]))
  const uses = new Map(ids.map((id) => [id, wanted.map(() => 0)]))
  const [since] = wanted
  if (since === undefined) return uses
  for (const found of await findDays(db, ids, since)) {
    const place = placeOf.get(found.day)
    if (place !== undefined) uses.get(found.token_id)![place] = found.uses
  }
  return uses
}

/** YYYY-MM-DD, today last. */
function daysUpTo(now: Date, days: number): string[] {
  const first = Math.floor(now.getTime() / dayMs) - days + 1
  return Array.from({ length: days }, (_, i) => new Date((first + i) * dayMs).toISOString().slice(0, 10))
}
