import { anonymous, type Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import type { Change } from '#src/database/change.ts'
import { type CheckedPassword, type CheckPasswordNeeds, checkPassword, type PasswordShown } from './check-password.ts'
import type { AccountsNeeds } from './needs.ts'
import { signInFailed } from './problems.ts'
import { hashSecret, isSecretShaped, makeSecret } from './secrets.ts'
import { deleteSessions, insertSession, isKnownSource, markSignedIn, rememberSources } from './store.ts'

export interface SignInAsk extends PasswordShown {
  /** The session that the browser still had: it ends, so that a planted one is worth nothing. */
  readonly previousSession?: string | null
}

/** The secrets leave once, in cookies; hashes stay. */
export interface SignedIn {
  readonly secret: string
  readonly device: string
  readonly sessionId: string
  readonly accountId: string
  readonly userName: string
  readonly authenticatedAt: Date
  readonly expiresAt: Date
}

export type SignInNeeds = CheckPasswordNeeds & Pick<AccountsNeeds, 'change'>

/** Signs a person in with a password: always a new session, whatever cookie the browser brought. */
export async function signIn(needs: SignInNeeds, ask: SignInAsk): Promise<SignedIn> {
  const checked = await checkPassword(needs, ask)
  const device = await deviceOf(needs, ask.device ?? null)
  await rememberSources(needs.db, checked.accountId, [hashSecret(device)], needs.clock.now())
  const opened = await needs.change(actorOf(checked, ask), async (change) => {
    const session = await openSession(needs, change, { ...checked, address: ask.address, client: ask.client })
    if (ask.previousSession && isSecretShaped(ask.previousSession)) {
      await deleteSessions(change.tx, { accountId: checked.accountId, secretHash: hashSecret(ask.previousSession) })
    }
    return session
  })
  return { ...opened, device, accountId: checked.accountId, userName: checked.userName }
}

/** Makes the session of somebody whose password has been checked, unless that has changed in the meantime. */
export async function openSession(
  { clock, policy }: Pick<AccountsNeeds, 'clock' | 'policy'>,
  change: Change,
  ask: CheckedPassword & { address: string; client: string | null },
): Promise<{ secret: string; sessionId: string; authenticatedAt: Date; expiresAt: Date }> {
  const now = clock.now()
  const secret = makeSecret()
  const expiresAt = new Date(now.getTime() + policy.sessionLifetimeHours * 3600_000)
  const stands = await markSignedIn(change.tx, { id: ask.accountId, checkedHash: ask.passwordHash, now })
  if (!stands) throw signInFailed({ detail: 'The account has changed in this moment.', hint: 'Try again.' })
  const sessionId = await insertSession(change.tx, {
    account_id: ask.accountId,
    secret_hash: hashSecret(secret),
    expires_at: expiresAt,
    address: ask.address,
    client: ask.client,
    now,
  })
  change.note({
    verb: 'account.signed_in',
    subjectType: 'account',
    subjectId: ask.accountId,
    detail: { session_id: sessionId, expires_at: expiresAt },
  })
  return { secret, sessionId, authenticatedAt: now, expiresAt }
}

/** A cookie that we gave out stays, since other accounts on this browser may know it too; anything else is replaced. */
async function deviceOf({ db }: SignInNeeds, shown: string | null): Promise<string> {
  const ours = shown !== null && isSecretShaped(shown) && (await isKnownSource(db, hashSecret(shown)))
  return ours ? shown : makeSecret()
}

function actorOf({ accountId, userName, role }: CheckedPassword, ask: SignInAsk) {
  const caller: Caller = { ...anonymous, accountId, accountName: userName, role, grants: Grants.none }
  return { caller, requestId: ask.requestId ?? null, address: ask.address, client: ask.client }
}
