import { IconCircleCheck, IconMailFast, IconPlayerPause } from '@tabler/icons-react'
import { StateBadge } from '#portal/kit/StateBadge.tsx'
import type { Account } from './admin-account.ts'

/** How an account stands: it works, its invitation is open, or it is disabled. */
export function AdminAccountState({ account: { state, kind, has_password } }: { account: Account }) {
  if (state === 'disabled')
    return (
      <StateBadge icon={IconPlayerPause} color="red">
        Disabled
      </StateBadge>
    )
  return kind === 'person' && !has_password ? (
    <StateBadge icon={IconMailFast} color="yellow">
      No password yet
    </StateBadge>
  ) : (
    <StateBadge icon={IconCircleCheck} color="teal">
      Active
    </StateBadge>
  )
}
