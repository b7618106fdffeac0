import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { mayManage } from './change-token.ts'
import { tokenNotFound } from './problems.ts'
import { findToken, type TokenRow } from './store.ts'

/** A token of the caller's account; admins see everyone's. Others' don't exist. */
export async function showToken(db: Database, caller: Caller, id: string): Promise<TokenRow> {
  const token = await findToken(db, id)
  if (!token || !mayManage(caller, token)) throw tokenNotFound()
  return token
}
