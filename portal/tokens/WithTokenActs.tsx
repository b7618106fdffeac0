import { useSuspenseQuery } from '@tanstack/react-query'
import { type ReactNode, useRef, useState } from 'react'
import { query } from '#portal/kit/queries.ts'
import { NarrowDialog } from './NarrowDialog.tsx'
import { RecreateDialog } from './RecreateDialog.tsx'
import { RenameDialog } from './RenameDialog.tsx'
import { RevokeDialog } from './RevokeDialog.tsx'
import { RotateDialog } from './RotateDialog.tsx'
import { SecretDialog } from './SecretDialog.tsx'
import { TermsDialog } from './TermsDialog.tsx'
import type { IssuedToken, Token } from './token.ts'
import { type Act, type TokenActs, TokenActsContext } from './token-acts.ts'

const dialogs = {
  rename: RenameDialog,
  narrow: NarrowDialog,
  rotate: RotateDialog,
  recreate: RecreateDialog,
  revoke: RevokeDialog,
} as const

/** Around pages that list or make tokens: the dialogs, of which one at a time is open. */
export function WithTokenActs({ children }: { children: ReactNode }) {
  const { data: policy } = useSuspenseQuery(query('GET /v1/tokens/policy'))
  const [asked, setAsked] = useState<{ act: Act; token: Token; opened: boolean } | null>(null)
  const [issued, setIssued] = useState<IssuedToken | null>(null)
  const [then, setThen] = useState<(() => void) | null>(null)
  const cameFrom = useRef<Element | null>(null)

  const agreeAnew = (next: () => void) => setThen(() => next)
  const acts: TokenActs = {
    ask: (act, token) => {
      cameFrom.current = document.activeElement
      setAsked({ act, token, opened: true })
    },
    show: (made) => {
      cameFrom.current ??= document.activeElement
      setIssued(made)
    },
    agreed: (next) => (policy.terms.required && !policy.terms.accepted ? agreeAnew(next) : next()),
    agreeAnew,
  }
  const Dialog = asked && dialogs[asked.act]
  return (
    <TokenActsContext value={acts}>
      {children}
      {Dialog && (
        <Dialog
          key={`${asked.act} ${asked.token.id}`}
          opened={asked.opened}
          token={asked.token}
          policy={policy}
          onClose={() => setAsked({ ...asked, opened: false })}
          onClosed={() => focusBack(cameFrom.current)}
        />
      )}
      <TermsDialog
        opened={then !== null}
        onClose={(accepted) => {
          setThen(null)
          if (accepted) then?.()
        }}
      />
      <SecretDialog
        issued={issued}
        onClose={() => {
          setIssued(null)
          // The page comes back to life before it is given the focus.
          setTimeout(() => {
            focusBack(cameFrom.current, issued?.id)
            cameFrom.current = null
          }, 0)
        }}
      />
    </TokenActsContext>
  )
}

/** To where the person was; when that has gone with its token, to the new one's card or the head of the page. */
function focusBack(from: Element | null, made?: string): void {
  if (document.querySelector('[role="dialog"]') !== null) return
  const home = document.querySelector<HTMLElement>('[data-tokens-home]')
  const card = made === undefined ? null : document.querySelector<HTMLElement>(`article[data-token="${made}"]`)
  const was = from instanceof HTMLElement && from.isConnected && from !== document.body ? from : null
  const place = was ?? card ?? home
  place?.focus({ preventScroll: place === home })
}
