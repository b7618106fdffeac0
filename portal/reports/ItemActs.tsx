import { ActionIcon, Group } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconCopy, IconTrash } from '@tabler/icons-react'

interface ItemActsProps {
  /** What is acted on: "Wait by queue". */
  readonly name: string
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly move: (by: number) => void
  readonly duplicate?: () => void
  readonly remove: () => void
}

/** Up, down, once more, away: for everything that stands in a list while it is edited. */
export function ItemActs({ name, isFirst, isLast, move, duplicate, remove }: ItemActsProps) {
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon
        variant="subtle"
        aria-label={`Move ${name} up`}
        title="Move up (Alt + ↑)"
        aria-disabled={isFirst}
        onClick={() => move(-1)}
      >
        <IconArrowUp size={16} aria-hidden opacity={isFirst ? 0.35 : 1} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        aria-label={`Move ${name} down`}
        title="Move down (Alt + ↓)"
        aria-disabled={isLast}
        onClick={() => move(1)}
      >
        <IconArrowDown size={16} aria-hidden opacity={isLast ? 0.35 : 1} />
      </ActionIcon>
      {duplicate && (
        <ActionIcon variant="subtle" aria-label={`Duplicate ${name}`} title="Duplicate" onClick={duplicate}>
          <IconCopy size={16} aria-hidden />
        </ActionIcon>
      )}
      <ActionIcon variant="subtle" aria-label={`Remove ${name}`} title="Remove" onClick={remove}>
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  )
}
