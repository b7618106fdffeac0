import {
  IconCircleCheck,
  IconCircleX,
  IconClockPause,
  IconClockX,
  IconPlayerPause,
  type IconProps,
  IconReplace,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { StateBadge } from '#portal/kit/StateBadge.tsx'
import type { Token } from './token.ts'
import { stateWords } from './token-state.ts'

const looks: Readonly<Record<Token['state'], { icon: ComponentType<IconProps>; color: string }>> = {
  active: { icon: IconCircleCheck, color: 'teal' },
  pending: { icon: IconClockPause, color: 'gray' },
  closing: { icon: IconReplace, color: 'yellow' },
  suspended: { icon: IconPlayerPause, color: 'orange' },
  expired: { icon: IconClockX, color: 'red' },
  revoked: { icon: IconCircleX, color: 'red' },
}

/** How a token stands, as a badge. */
export const TokenState = ({ state }: Pick<Token, 'state'>) => (
  <StateBadge icon={looks[state].icon} color={looks[state].color}>
    {stateWords[state]}
  </StateBadge>
)
