import type { Token, TokenPolicy } from './token.ts'

/** What every dialog about one token is given. */
export interface ActDialogProps {
  readonly opened: boolean
  readonly token: Token
  readonly policy: TokenPolicy
  readonly onClose: () => void
  /** When it has gone from the screen. */
  readonly onClosed: () => void
}
