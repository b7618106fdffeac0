import { useBlocker } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ConfirmDialog } from '#portal/kit/ConfirmDialog.tsx'

interface LeaveGuardProps {
  /** Something would be lost with the window. */
  readonly isDirty: boolean
  /** Whether it goes on by itself on other pages of the portal. */
  readonly mayGo?: boolean
  readonly title: string
  readonly children: ReactNode
}

/** Asks before somebody goes away from what isn't saved; closing the window is asked about by the browser. */
export function LeaveGuard({ isDirty, mayGo = false, title, children }: LeaveGuardProps) {
  const blocker = useBlocker({
    // A change of what stands behind the question mark stays on the page.
    shouldBlockFn: ({ current, next }) => isDirty && !mayGo && current.pathname !== next.pathname,
    enableBeforeUnload: isDirty,
    withResolver: true,
  })
  return (
    <ConfirmDialog
      opened={blocker.status === 'blocked'}
      close={() => blocker.reset?.()}
      title={title}
      confirm="Leave"
      onConfirm={() => blocker.proceed?.()}
      busy={false}
    >
      {children}
    </ConfirmDialog>
  )
}
