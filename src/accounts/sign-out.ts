import type { Change } from '#src/database/change.ts'
import { deleteSessions } from './store.ts'

/** Ends the session that asks. Safe to repeat: false when it had ended already. */
export async function signOut(change: Change): Promise<boolean> {
  const { accountId, sessionId } = change.actor.caller
  if (accountId === null || sessionId === null) return false
  if ((await deleteSessions(change.tx, { accountId, id: sessionId })) === 0) return false
  change.note({ verb: 'account.signed_out', subjectType: 'account', subjectId: accountId })
  return true
}
