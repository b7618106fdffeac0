import { createContext, use } from 'react'
import type { IssuedToken, Token } from './token.ts'

/** What can be done to a token in a dialog. */
export type Act = 'rename' | 'narrow' | 'rotate' | 'recreate' | 'revoke'

export interface TokenActs {
  /** Opens the dialog of an act on a token. */
  readonly ask: (act: Act, token: Token) => void
  /** Shows a token that was just made, this once. */
  readonly show: (issued: IssuedToken) => void
  /** Does it once the terms of use have been accepted: at once where there are none, or they have been. */
  readonly agreed: (then: () => void) => void
  /** The same after the server has said that they are not accepted. */
  readonly agreeAnew: (then: () => void) => void
}

export const TokenActsContext = createContext<TokenActs | null>(null)

export function useTokenActs(): TokenActs {
  const acts = use(TokenActsContext)
  if (acts === null) throw new Error('stands outside of WithTokenActs')
  return acts
}
