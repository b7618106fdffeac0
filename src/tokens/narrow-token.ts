import { Grants, parseGrant } from '#src/access/grants.ts'
import type { Change } from '#src/database/change.ts'
import type { Announce } from '#src/database/lease.ts'
import { takeLiveToken } from './change-token.ts'
import { chooseExpiry, type ExpiryAsk, type TokenPolicy } from './choose-expiry.ts'
import { tokenOnlyNarrows } from './problems.ts'
import { findToken, type TokenRow, updateToken } from './store.ts'

export interface NarrowNeeds {
  readonly announce: Announce
  readonly policy: TokenPolicy
  readonly clock: { now(): Date }
}

/** Takes permissions or time from a token, for good. When this has returned, no process grants what was taken. */
export async function narrowToken(
  { announce, policy, clock }: NarrowNeeds,
  change: Change,
  ask: ExpiryAsk & { id: string; permissions?: readonly string[] | undefined },
): Promise<{ token: TokenRow; changed: boolean }> {
  const now = clock.now()
  const token = await takeLiveToken(change, ask.id, now)
  const grants = ask.permissions === undefined ? [...token.grants] : fewer(token.grants, ask.permissions)
  const expires_at = earlier(policy, token, ask, now)
  const same = expires_at.getTime() === token.expires_at.getTime() && Grants.of(grants).covers(Grants.of(token.grants))
  if (same) return { token, changed: false }
  await updateToken(change.tx, token.id, { grants, expires_at })
  change.note({
    verb: 'token.narrowed',
    subjectType: 'token',
    subjectId: token.id,
    detail: {
      account: token.account_name,
      taken: Grants.of(token.grants)
        .toTexts()
        .filter((text) => !Grants.of(grants).covers(Grants.of([text]))),
      permissions: grants,
      expires_at: expires_at.toISOString(),
    },
  })
  await announce(change, `token:${token.id}`)
  return { token: (await findToken(change.tx, token.id))!, changed: true }
}

function fewer(held: readonly string[], asked: readonly string[]): string[] {
  const before = Grants.of(held)
  const errors = asked.flatMap((text, i) =>
    parseGrant(text) !== null && before.covers(Grants.of([text]))
      ? []
      : [{ pointer: `#/permissions/${i}`, detail: `The token does not hold ${JSON.stringify(text)}.` }],
  )
  if (errors.length > 0) throw tokenOnlyNarrows({ hint: 'Make a new token for more.', errors })
  return Grants.of(asked).toTexts()
}

function earlier(policy: TokenPolicy, token: TokenRow, ask: ExpiryAsk, now: Date): Date {
  if (ask.expires_at === undefined && ask.expires_in_days === undefined) return token.expires_at
  const wanted = chooseExpiry(policy, ask, { now })
  if (wanted <= token.expires_at) return wanted
  const detail = `The token expires ${token.expires_at.toISOString()} already.`
  throw tokenOnlyNarrows({ detail, hint: 'Rotate it for more time.', errors: [{ pointer: '#/expires_at', detail }] })
}
