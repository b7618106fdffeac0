import type { Database } from '#src/database/change.ts'
import type { Peppers } from './peppers.ts'
import { findSealed } from './store.ts'
import { publicIdOf } from './token-format.ts'

/** The public id of a token of which somebody holds the whole secret, dead or alive; null for anything else. */
export async function findShownToken(peppers: Peppers, db: Database, text: string): Promise<string | null> {
  const id = publicIdOf(text)
  const sealed = id === null ? null : await findSealed(db, id)
  return sealed && peppers.matches(text, sealed) ? id : null
}
