import type { TokenState } from './contract.ts'
import type { TokenRow } from './store.ts'

/** When a token stops working of itself: at its expiry, or at the end of a rotation's overlap. */
export const deadAt = ({ expires_at, closes_at }: Pick<TokenRow, 'expires_at' | 'closes_at'>): Date =>
  closes_at !== null && closes_at < expires_at ? closes_at : expires_at

/** What a token is worth now. `closing`: it has a successor and works until the overlap ends. */
export function stateOf(token: Omit<TokenRow, 'grants'>, now: Date): TokenState {
  if (token.revoked_at !== null) return 'revoked'
  if (deadAt(token) <= now) return 'expired'
  if (token.account_state !== 'active') return 'suspended'
  if (token.not_before !== null && token.not_before > now) return 'pending'
  return token.closes_at === null ? 'active' : 'closing'
}

/** Whether it works or may come to work again of itself. */
export const isAlive = (token: TokenRow, now: Date): boolean => token.revoked_at === null && deadAt(token) > now
