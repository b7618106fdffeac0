import { Button, Group, Loader, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { countedText } from '#portal/kit/figures.ts'
import { countsOf } from './drafts.ts'
import type { DraftsInUse } from './use-drafts.ts'

/** Whether all that was filled in is saved; told as it changes. */
export function SaveState({ inUse: { drafts, lastSaved, retry }, onOpen }: { inUse: DraftsInUse; onOpen: () => void }) {
  const { underWay, failed, open } = countsOf(drafts)
  const [failure] = [...drafts.values()].filter(({ state }) => state === 'failed')
  return (
    <Group gap="xs" role="status" mih={26}>
      {underWay > 0 && (
        <Group gap={6}>
          <Loader size={14} aria-hidden />
          <Text size="sm">Saving {countedText(underWay, 'cell')}</Text>
        </Group>
      )}
      {failed > 0 && (
        <Group gap={6}>
          <IconAlertTriangle size={16} color="var(--mantine-color-error)" aria-hidden />
          <Text size="sm">
            {countedText(failed, 'cell')} not saved yet: {failure?.complaint} It is tried again by itself.
          </Text>
          <Button size="compact-sm" variant="default" onClick={retry}>
            Try now
          </Button>
        </Group>
      )}
      {open > 0 && (
        <Group gap={6}>
          <IconAlertTriangle size={16} color="var(--mantine-color-error)" aria-hidden />
          <Text size="sm">{open === 1 ? '1 cell waits for you' : `${open} cells wait for you`}</Text>
          <Button size="compact-sm" variant="default" onClick={onOpen}>
            Go there
          </Button>
        </Group>
      )}
      {drafts.size === 0 && lastSaved > 0 && (
        <Group gap={6}>
          <IconCheck size={16} color="var(--mantine-color-teal-text)" aria-hidden />
          <Text size="sm">All saved</Text>
        </Group>
      )}
    </Group>
  )
}
