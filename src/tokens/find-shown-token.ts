import type { Database } from '#src/database/change.ts'
import type { Peppers } from './peppers.ts'
import { findSealed } from './store.ts'
import { publicIdOf } from './token-format.ts'

/** The public ids of tokens of which somebody holds the whole secret, dead or alive; anything else is passed over. */
export async function findShownTokens(peppers: Peppers, db: Database, texts: readonly string[]): Promise<string[]> {
  const shown = texts.flatMap((text) => {
    const id = publicIdOf(text)
    return id === null ? [] : [{ id, text }]
  })
  if (shown.length === 0) return []
  const sealed = await findSealed(db, [...new Set(shown.map(({ id }) => id))])
  const right = shown.filter(({ id, text }) => {
    const known = sealed.get(id)
    return known !== undefined && peppers.matches(text, known)
  })
  return [...new Set(right.map(({ id }) => id))]
}
