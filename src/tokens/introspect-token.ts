import type { z } from 'zod'
import type { Database } from '#src/database/change.ts'
import type { introspect } from './contract.ts'
import { findShownTokens } from './find-shown-token.ts'
import type { Peppers } from './peppers.ts'
import { findToken } from './store.ts'
import { deadAt, stateOf } from './token-state.ts'
import { effectiveGrants } from './verify-token.ts'

export interface IntrospectNeeds {
  readonly db: Database
  readonly peppers: Peppers
  readonly clock: { now(): Date }
  readonly site: { readonly address: string }
}

/** What is to be known of a token that works now (RFC 7662); of all others only that they don't. */
export async function introspectToken(
  needs: IntrospectNeeds,
  text: string,
): Promise<z.input<(typeof introspect)['reply']>> {
  const [id] = await findShownTokens(needs.peppers, needs.db, [text])
  const token = id === undefined ? null : await findToken(needs.db, id)
  if (!token || !['active', 'closing'].includes(stateOf(token, needs.clock.now()))) return { active: false }
  const grants = effectiveGrants({ grants: token.grants, role: token.account_role })
  return {
    active: true,
    scope: grants.toTexts().join(' '),
    client_id: token.name,
    username: token.account_name,
    token_type: 'Bearer',
    sub: token.account_id,
    jti: token.id,
    iss: needs.site.address,
    iat: seconds(token.created_at),
    nbf: seconds(token.not_before ?? token.created_at),
    exp: seconds(deadAt(token)),
  }
}

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000)
