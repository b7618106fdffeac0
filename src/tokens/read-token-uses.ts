import type { Database } from '#src/database/change.ts'
import { findDays, findSources, type SourceUses } from './store.ts'

const dayMs = 86_400_000

export interface TokenUses {
  readonly total: number
  /** Oldest first, days without any as 0. */
  readonly days: { readonly day: string; readonly uses: number }[]
  readonly sources: SourceUses[]
}

/** A token's uses on the last `days` days (UTC), today included, and from where they came. */
export async function readTokenUses(db: Database, id: string, days: number, now: Date): Promise<TokenUses> {
  const wanted = daysUpTo(now, days)
  const [uses, sources] = await Promise.all([readUsesOf(db, [id], days, now), findSources(db, id, wanted[0]!)])
  const counts = uses.get(id)!
  return {
    total: counts.reduce((sum, count) => sum + count, 0),
    days: wanted.map((day, i) => ({ day, uses: counts[i]! })),
    sources,
  }
}

/** For each of these tokens its uses, oldest day first, today last; in one look. */
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
