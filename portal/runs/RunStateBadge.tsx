import type { MantineColor } from '@mantine/core'
import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconClockX,
  IconProgress,
  type IconProps,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { StateBadge } from '#portal/kit/StateBadge.tsx'
import { type Run, type RunState, stateWords } from './run-words.ts'

const looks: Readonly<Record<RunState, readonly [ComponentType<IconProps>, MantineColor]>> = {
  queued: [IconClock, 'gray'],
  running: [IconProgress, 'blue'],
  succeeded: [IconCircleCheck, 'teal'],
  partially_failed: [IconAlertTriangle, 'orange'],
  failed: [IconCircleX, 'red'],
  cancelled: [IconBan, 'gray'],
  skipped: [IconBan, 'gray'],
  timed_out: [IconClockX, 'red'],
}

export function RunStateBadge({ run: { state, cancel_requested } }: { run: Pick<Run, 'state' | 'cancel_requested'> }) {
  const [icon, color] = looks[state]
  return (
    <StateBadge icon={icon} color={color}>
      {state === 'running' && cancel_requested ? 'Stopping' : stateWords[state]}
    </StateBadge>
  )
}
