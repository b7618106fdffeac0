import type { Actor } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import { preparePassword } from './create-account.ts'
import type { AccountsNeeds } from './needs.ts'
import { accountNotFound, currentPasswordWrong, passwordUnacceptable } from './problems.ts'
import { showAccount } from './show-account.ts'
import { openSession, type SignedIn } from './sign-in.ts'
import { type Account, deletePasswordLink, deleteSessions, findPasswordHash, updateAccount } from './store.ts'
import { admitProof } from './throttle.ts'

type Needs = Pick<AccountsNeeds, 'db' | 'change' | 'passwords' | 'policy' | 'site' | 'clock'>

/**
 * A person changes the own password, showing the current one. All sessions end, and this browser gets a new one: whoever
 * held a copy of any cookie is out. Tokens stay; they have their own page.
 */
export async function changePassword(
  needs: Needs,
  actor: Actor & { address: string },
  ask: { currentPassword: string; newPassword: string },
): Promise<Omit<SignedIn, 'device'>> {
  const { accountId, sessionId } = actor.caller
  if (accountId === null || sessionId === null) throw accountNotFound()
  const proof = await admitProof(needs, sessionId)
  const currentHash = await findPasswordHash(needs.db, accountId)
  if (!(await needs.passwords.verify(currentHash, ask.currentPassword, 'known'))) {
    throw currentPasswordWrong({ errors: [{ pointer: '#/current_password', detail: 'is not your password' }] })
  }
  await proof.succeeded()
  refuseSame(ask.newPassword === ask.currentPassword)
  const account = await showAccount(needs, accountId)
  const passwordHash = await preparePassword(needs, ask.newPassword, personOf(account), '#/new_password')
  const opened = await needs.change(actor, async (change) => {
    await setPassword(needs, change, account, passwordHash)
    const session = { address: actor.address, client: actor.client }
    return openSession(needs, change, { ...session, ...account, accountId, userName: account.user_name, passwordHash })
  })
  return { ...opened, accountId, userName: account.user_name }
}

/** Puts the new password in the place of the old one, and ends all sessions and links that came by the old one. */
export async function setPassword(
  { clock }: Pick<Needs, 'clock'>,
  change: Change,
  account: Account,
  passwordHash: string,
): Promise<void> {
  const now = clock.now()
  await updateAccount(change.tx, account.id, { password_hash: passwordHash, password_changed_at: now, updated_at: now })
  const ended = await deleteSessions(change.tx, { accountId: account.id })
  await deletePasswordLink(change.tx, account.id)
  change.note({
    verb: 'account.password_changed',
    subjectType: 'account',
    subjectId: account.id,
    detail: { sessions_ended: ended },
  })
}

/** Refuses to "change" a password to itself. */
export function refuseSame(same: boolean): void {
  if (!same) return
  throw passwordUnacceptable({
    detail: 'It is the password that the account has now.',
    errors: [{ pointer: '#/new_password', detail: 'is the current password' }],
  })
}

/** The names that may not make up this person's password. */
export const personOf = (account: Account) => ({
  userName: account.user_name,
  names: [account.display_name, account.first_name, account.last_name, account.email?.split('@')[0] ?? null],
})
