import type { Change } from '#src/database/change.ts'
import type { AccountsNeeds } from './needs.ts'
import { accountNotFound, lastAdmin } from './problems.ts'
import { deletePasswordLink, deleteSessions, lockAccount, lockAdmins, updateAccount } from './store.ts'

type Needs = Pick<AccountsNeeds, 'announce' | 'clock'>

/** Ends the account's sessions and links and stops its tokens: everywhere, when the change has returned. */
export async function disableAccount({ announce, clock }: Needs, change: Change, id: string): Promise<boolean> {
  const admins = await lockAdmins(change.tx)
  const account = await lockAccount(change.tx, id)
  if (!account) throw accountNotFound()
  if (account.state === 'disabled') return false
  refuseLastAdmin(admins, id)
  const now = clock.now()
  await updateAccount(change.tx, id, { state: 'disabled', disabled_at: now, updated_at: now })
  const ended = await deleteSessions(change.tx, { accountId: id })
  await deletePasswordLink(change.tx, id)
  change.note({
    verb: 'account.disabled',
    subjectType: 'account',
    subjectId: id,
    detail: { user_name: account.user_name, sessions_ended: ended },
  })
  await announce(change, `account:${id}`)
  return true
}

/** `admins` is what `lockAdmins` found; call that before any account is locked, so that two changes never wait for each other. */
export function refuseLastAdmin(admins: readonly string[], id: string): void {
  if (admins.length !== 1 || admins[0] !== id) return
  throw lastAdmin({
    detail: 'This is the last active administrator who can sign in.',
    hint: 'Make somebody else an administrator first, and let them set their password.',
  })
}

/** Lets the account sign in again, and its tokens that still stand work again. Its sessions stay ended. */
export async function enableAccount({ announce, clock }: Needs, change: Change, id: string): Promise<boolean> {
  const account = await lockAccount(change.tx, id)
  if (!account) throw accountNotFound()
  if (account.state === 'active') return false
  await updateAccount(change.tx, id, { state: 'active', disabled_at: null, updated_at: clock.now() })
  change.note({
    verb: 'account.enabled',
    subjectType: 'account',
    subjectId: id,
    detail: { user_name: account.user_name },
  })
  await announce(change, `account:${id}`)
  return true
}
