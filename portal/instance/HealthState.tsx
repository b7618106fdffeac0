import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { StateBadge } from '#portal/kit/StateBadge.tsx'
import { type Check, stateWords } from './health-words.ts'

const looks = {
  ok: [IconCircleCheck, 'teal'],
  degraded: [IconAlertTriangle, 'orange'],
  failing: [IconCircleX, 'red'],
} as const

export function HealthState({ state }: Pick<Check, 'state'>) {
  const [icon, color] = looks[state]
  return (
    <StateBadge icon={icon} color={color}>
      {stateWords[state]}
    </StateBadge>
  )
}
