import type { Role } from '#src/access/permissions.ts'
import { limitedAddress } from '#src/http/address.ts'
import type { AccountsNeeds } from './needs.ts'
import { longestPassword } from './password-rules.ts'
import { accountDisabled, signInFailed } from './problems.ts'
import { hashSecret, isSecretShaped } from './secrets.ts'
import { findForSignIn, rememberSources, replacePasswordHash, type SignInFacts } from './store.ts'
import { admitAttempt, sourceOfAddress } from './throttle.ts'

export interface PasswordShown {
  readonly userName: string
  readonly password: string
  readonly address: string
  readonly client: string | null
  readonly requestId?: string
  /** The device cookie, when the browser sent one. */
  readonly device?: string | null
}

/** Whose password it was, and its hash: a change that builds on this checks that it still holds. */
export interface CheckedPassword {
  readonly accountId: string
  readonly userName: string
  readonly role: Role
  readonly passwordHash: string
}

export type CheckPasswordNeeds = Pick<AccountsNeeds, 'db' | 'passwords' | 'refusals' | 'policy' | 'clock'>

const knownForMs = 90 * 24 * 3600_000

/** Places not used for so long are strangers again. */
export const sourcesSince = (now: Date): Date => new Date(now.getTime() - knownForMs)

/**
 * Whether the password is this person's; throws otherwise. Unknown names, accounts without a password and wrong passwords
 * get the same answer for the same work, so that nothing tells who exists; only who knows the password learns that the
 * account is disabled. Enough for HTTP Basic; a session comes with `signIn`. Holds no connection while it hashes.
 */
export async function checkPassword(needs: CheckPasswordNeeds, shown: PasswordShown): Promise<CheckedPassword> {
  const now = needs.clock.now()
  const device = shown.device && isSecretShaped(shown.device) ? hashSecret(shown.device) : null
  const address = sourceOfAddress(shown.address)
  const found = await findForSignIn(needs.db, {
    userName: shown.userName,
    device,
    address,
    knownSince: sourcesSince(now),
  })
  const refuse = (reason: string) =>
    needs.refusals.refused({
      verb: 'account.sign_in_failed',
      reason,
      address: shown.address,
      client: shown.client,
      requestId: shown.requestId ?? null,
      // A name that is no account's is not written down: it may be a password typed into the wrong field.
      accountId: found?.id ?? null,
      accountName: found?.user_name ?? null,
    })

  const attempt = await admitAttempt(needs, {
    userName: shown.userName,
    address: limitedAddress(shown.address),
    knownDevice: found?.device_known ? device : null,
    addressKnown: found?.address_known ?? false,
  }).catch((problem: unknown) => {
    refuse('throttled')
    throw problem
  })

  const standing = found?.device_known || found?.address_known ? 'known' : 'stranger'
  const fits = shown.password.length <= 2 * longestPassword
  const right = await needs.passwords.verify(
    fits ? (found?.password_hash ?? null) : null,
    fits ? shown.password : '',
    standing,
  )
  if (!found || !right || found.password_hash === null) {
    refuse(!found ? 'unknown_account' : found.password_hash === null ? 'no_password' : 'wrong_password')
    throw signInFailed({ hint: 'Check both. After many failures the next attempt has to wait.' })
  }
  await attempt.succeeded()
  if (found.state === 'disabled') {
    refuse('disabled')
    throw accountDisabled({ hint: 'An administrator can enable it again.' })
  }
  if (!found.address_known) await rememberSources(needs.db, found.id, [address], now)
  return {
    accountId: found.id,
    userName: found.user_name,
    role: found.role,
    passwordHash: await atTodaysCost(needs, found, found.password_hash, shown.password),
  }
}

async function atTodaysCost(
  { db, passwords }: CheckPasswordNeeds,
  account: SignInFacts,
  hash: string,
  password: string,
): Promise<string> {
  if (!passwords.needsRehash(hash)) return hash
  const fresh = await passwords.hash(password)
  await replacePasswordHash(db, account.id, hash, fresh)
  return fresh
}
