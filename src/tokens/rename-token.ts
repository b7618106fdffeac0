import type { Change } from '#src/database/change.ts'
import { takeToken } from './change-token.ts'
import { findToken, type TokenRow, updateToken } from './store.ts'

/** Gives a token another name or description. */
export async function renameToken(
  change: Change,
  ask: { id: string; name?: string | undefined; description?: string | undefined },
): Promise<{ token: TokenRow; changed: boolean }> {
  const token = await takeToken(change, ask.id)
  const { name = token.name, description = token.description } = ask
  if (name === token.name && description === token.description) return { token, changed: false }
  await updateToken(change.tx, token.id, { name, description })
  change.note({
    verb: 'token.renamed',
    subjectType: 'token',
    subjectId: token.id,
    detail: { account: token.account_name, before: token.name, name },
  })
  return { token: (await findToken(change.tx, token.id))!, changed: true }
}
