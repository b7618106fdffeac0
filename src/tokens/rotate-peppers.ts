import type { Change } from '#src/database/change.ts'
import type { Peppers } from './peppers.ts'
import { countPeppers, lockPeppers } from './store.ts'

/**
 * Brings in a new pepper. Tokens are sealed anew under it when they are next used; a pepper that no living secret needs
 * is dropped at the rotation after that. Returns the new one's number, and how many secrets each older one still seals.
 */
export async function rotatePeppers(
  { peppers, clock }: { peppers: Peppers; clock: { now(): Date } },
  change: Change,
): Promise<{ newest: number; older: { pepper: number; secrets: number }[] }> {
  await lockPeppers(change.tx)
  const older = await countPeppers(change.tx, clock.now())
  const newest = peppers.rotate(older.map(({ pepper }) => pepper))
  change.note({ verb: 'token.peppers_rotated', subjectType: 'peppers', subjectId: String(newest) })
  return { newest, older }
}
