import type { Caller } from '#src/access/caller.ts'
import { type AccountsNeeds, liveAt } from './needs.ts'
import { sessionNotFound } from './problems.ts'
import { findSessions, type Session } from './store.ts'

type Needs = Pick<AccountsNeeds, 'db' | 'clock' | 'policy'>

/** The live sessions of an account, the one used last first. */
export const listSessions = (needs: Needs, accountId: string): Promise<Session[]> =>
  findSessions(needs.db, accountId, liveAt(needs))

/** The session that asks; tells how fresh its proof is (`authenticated_at`). */
export async function showCurrentSession(needs: Needs, caller: Caller): Promise<Session> {
  const sessions = caller.accountId === null ? [] : await listSessions(needs, caller.accountId)
  const current = sessions.find((session) => session.id === caller.sessionId)
  if (!current) throw sessionNotFound({ detail: 'It has ended in this moment.', hint: 'Sign in again.' })
  return current
}
