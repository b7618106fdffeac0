import type { Change } from '#src/database/change.ts'
import { sessionNotFound } from './problems.ts'
import { deleteSessions } from './store.ts'

/** Ends one session of the account. */
export async function endSession(change: Change, accountId: string, sessionId: string): Promise<void> {
  const ended = await deleteSessions(change.tx, { accountId, id: sessionId })
  if (ended === 0) throw sessionNotFound({ detail: 'It has ended already, or is not one of this account.' })
  change.note({
    verb: 'account.session_ended',
    subjectType: 'account',
    subjectId: accountId,
    detail: { session_id: sessionId },
  })
}

/** Ends every session of the account but the one given. Returns how many there were. */
export async function endSessions(change: Change, accountId: string, except: string | null): Promise<number> {
  const ended = await deleteSessions(change.tx, { accountId, ...(except !== null && { except }) })
  change.note({ verb: 'account.sessions_ended', subjectType: 'account', subjectId: accountId, detail: { ended } })
  return ended
}
