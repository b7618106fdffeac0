import { createContext, use } from 'react'
import type { Credential } from './send-request.ts'

interface CredentialState {
  readonly credential: Credential
  readonly choose: (credential: Credential) => void
}

/**
 * As whom operations are tried. It lives in the page's state and nowhere else: leaving the page forgets the token.
 */
export const CredentialContext = createContext<CredentialState | null>(null)

export function useCredential(): CredentialState {
  const state = use(CredentialContext)
  if (!state) throw new Error('operations are tried on the page of the API docs')
  return state
}
