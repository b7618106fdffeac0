import type { z } from 'zod'
import type { Token } from './contract.ts'
import type { TokenRow } from './store.ts'
import { stateOf } from './token-state.ts'
import { effectiveGrants } from './verify-token.ts'

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

/** A token as replies show it. */
export function presentToken(token: TokenRow, now: Date): z.input<typeof Token> {
  const { account_id: id, account_name: user_name, account_kind: kind } = token
  return {
    id: token.id,
    name: token.name,
    description: token.description,
    account: { id, user_name, kind },
    permissions: [...token.grants],
    effective_permissions: effectiveGrants({ grants: token.grants, role: token.account_role }).toTexts(),
    slot: token.slot,
    state: stateOf(token, now),
    created_at: token.created_at.toISOString(),
    created_by: token.issued_by_name,
    not_before: iso(token.not_before),
    expires_at: token.expires_at.toISOString(),
    closes_at: iso(token.closes_at),
    revoked_at: iso(token.revoked_at),
    revoked_reason: token.revoked_reason,
    predecessor: token.predecessor_id,
    successor: token.successor_id,
    last_used_at: iso(token.last_used_at),
    last_used_address: token.last_used_address,
    last_used_client: token.last_used_client,
  }
}
