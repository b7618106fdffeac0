import { type Actor, anonymous } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { personOf, refuseSame, setPassword } from './change-password.ts'
import { preparePassword } from './create-account.ts'
import type { AccountsNeeds } from './needs.ts'
import { passwordLinkInvalid } from './problems.ts'
import { hashSecret, isSecretShaped } from './secrets.ts'
import { findAccount, findPasswordHash, findPasswordLink, lockAccount, takePasswordLink } from './store.ts'

type ReadNeeds = { readonly db: Database; readonly clock: AccountsNeeds['clock'] }
type Needs = Pick<AccountsNeeds, 'db' | 'change' | 'passwords' | 'policy' | 'site' | 'clock'>

/** Whose link it is and how long it works; throws when it doesn't, whatever the reason. */
export async function showPasswordLink({ db, clock }: ReadNeeds, secret: string) {
  const found = isSecretShaped(secret) ? await findPasswordLink(db, hashSecret(secret), clock.now()) : null
  const account = found && (await findAccount(db, found.account_id))
  if (!found || account?.state !== 'active') {
    throw passwordLinkInvalid({
      detail: 'It was used, replaced by a newer one, has expired, or was not copied whole.',
      hint: 'Ask an administrator for a new one.',
    })
  }
  return { account, purpose: found.purpose, expiresAt: found.expires_at }
}

/** Sets the password of the link's account. The link dies with it, and so do all sessions. */
export async function usePasswordLink(
  needs: Needs,
  from: Pick<Actor, 'requestId' | 'address' | 'client'>,
  ask: { secret: string; newPassword: string },
): Promise<void> {
  const { account, purpose } = await showPasswordLink(needs, ask.secret)
  const currentHash = await findPasswordHash(needs.db, account.id)
  if (currentHash !== null) refuseSame(await needs.passwords.verify(currentHash, ask.newPassword, 'known'))
  const passwordHash = await preparePassword(needs, ask.newPassword, personOf(account), '#/new_password')
  const caller = { ...anonymous, accountId: account.id, accountName: account.user_name, role: account.role }
  await needs.change({ ...from, caller }, async (change) => {
    // First the account, then what belongs to it: every change locks in this order, so that none wait for each other.
    await lockAccount(change.tx, account.id)
    const taken = await takePasswordLink(change.tx, hashSecret(ask.secret), needs.clock.now())
    if (!taken) throw passwordLinkInvalid({ detail: 'It was used in this moment.' })
    change.note({
      verb: 'account.password_link_used',
      subjectType: 'account',
      subjectId: account.id,
      detail: { purpose },
    })
    await setPassword(needs, change, account, passwordHash)
  })
}
