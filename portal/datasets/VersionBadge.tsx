import { IconArchiveOff, IconCircleCheck, IconPencil } from '@tabler/icons-react'
import { StateBadge } from '#portal/kit/StateBadge.tsx'

const looks = {
  draft: [IconPencil, 'orange', 'Not published'],
  released: [IconCircleCheck, 'teal', 'Published'],
  deaccessioned: [IconArchiveOff, 'red', 'Withdrawn'],
} as const

/** How a version stands. */
export function VersionBadge({ version: { state } }: { version: { readonly state: keyof typeof looks } }) {
  const [icon, color, word] = looks[state]
  return (
    <StateBadge icon={icon} color={color}>
      {word}
    </StateBadge>
  )
}
