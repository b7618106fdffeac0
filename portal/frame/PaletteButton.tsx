import { ActionIcon, Button, Kbd } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'

const onMac = /Mac|iPhone|iPad/.test(navigator.platform)

/** Opens the command palette, and teaches its keys. */
export function PaletteButton({ open }: { open: () => void }) {
  return (
    <>
      <Button
        visibleFrom="lg"
        variant="default"
        size="compact-md"
        fz="sm"
        px="xs"
        style={{ flexShrink: 0 }}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          <Kbd size="xs" style={{ whiteSpace: 'nowrap' }}>
            {onMac ? '⌘ K' : 'Ctrl K'}
          </Kbd>
        }
        aria-keyshortcuts="Control+K Meta+K"
        onClick={open}
      >
        Go to…
      </Button>
      <ActionIcon
        hiddenFrom="lg"
        variant="default"
        size={30}
        aria-label="Go to…"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={open}
      >
        <IconSearch size={18} aria-hidden />
      </ActionIcon>
    </>
  )
}
