import { IconArchive, IconCalendarOff, IconCircleCheck, IconPlayerPause } from '@tabler/icons-react'
import { StateBadge } from '#portal/kit/StateBadge.tsx'
import { type SubscriptionState, stateWords } from './subscription.ts'

const looks = {
  active: [IconCircleCheck, 'teal'],
  paused: [IconPlayerPause, 'orange'],
  completed: [IconCalendarOff, 'gray'],
  archived: [IconArchive, 'gray'],
} as const

export function SubscriptionStateBadge({ state }: { state: SubscriptionState }) {
  const [icon, color] = looks[state]
  return (
    <StateBadge icon={icon} color={color}>
      {stateWords[state]}
    </StateBadge>
  )
}
