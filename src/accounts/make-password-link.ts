import type { Change } from '#src/database/change.ts'
import type { AccountsNeeds } from './needs.ts'
import { accountDisabled, accountUnsuitable } from './problems.ts'
import { hashSecret, makeSecret } from './secrets.ts'
import { putPasswordLink } from './store.ts'
import { lockedAccount } from './update-account.ts'

export interface MadePasswordLink {
  /** Shown once. The secret stands behind the `#`, which browsers keep to themselves: it reaches no log. */
  readonly url: string
  readonly purpose: 'invitation' | 'reset'
  readonly expiresAt: Date
}

const lifetimeMs = 72 * 3600_000

/**
 * Makes a link through which a person sets a password, once, within three days; a link made before stops working. The
 * password that the person has stays until then. Whoever makes the link never learns a password.
 */
export async function makePasswordLink(
  { clock, site }: Pick<AccountsNeeds, 'clock' | 'site'>,
  change: Change,
  accountId: string,
): Promise<MadePasswordLink> {
  const account = await lockedAccount(change, accountId)
  if (account.kind === 'service') {
    throw accountUnsuitable({ detail: 'Service accounts have no password; they speak through tokens.' })
  }
  if (account.state === 'disabled') throw accountDisabled({ hint: 'Enable it first.' })
  const secret = makeSecret()
  const now = clock.now()
  const expiresAt = new Date(now.getTime() + lifetimeMs)
  const purpose = account.has_password ? 'reset' : 'invitation'
  await putPasswordLink(change.tx, {
    account_id: accountId,
    secret_hash: hashSecret(secret),
    purpose,
    created_at: now,
    expires_at: expiresAt,
  })
  change.note({
    verb: 'account.password_link_made',
    subjectType: 'account',
    subjectId: accountId,
    detail: { user_name: account.user_name, purpose, expires_at: expiresAt },
  })
  return { url: `${site.address}/set-password#${secret}`, purpose, expiresAt }
}
