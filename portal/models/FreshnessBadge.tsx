import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconRefreshAlert } from '@tabler/icons-react'
import { StateBadge } from '#portal/kit/StateBadge.tsx'
import type { FreshnessWords } from './model-words.ts'

const looks = {
  fresh: [IconCircleCheck, 'teal'],
  stale: [IconAlertTriangle, 'orange'],
  outdated: [IconRefreshAlert, 'orange'],
  never: [IconCircleDashed, 'gray'],
} as const

export function FreshnessBadge({ words: { standing, label } }: { words: FreshnessWords }) {
  const [icon, color] = looks[standing]
  return (
    <StateBadge icon={icon} color={color}>
      {label}
    </StateBadge>
  )
}
