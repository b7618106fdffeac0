import { ActionIcon, Box } from '@mantine/core'
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react'
import { useCopied } from './use-copied.ts'

/** Lines to paste elsewhere, with a button that copies them. `label` names what is copied. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  const { copied, copy } = useCopied()
  const Icon = copied === null ? IconCopy : copied ? IconCheck : IconX
  const says = copied === null ? 'Copy' : copied ? 'Copied' : 'The browser does not let us copy: mark it yourself'
  return (
    // The room of the button is beside what scrolls, not in it: no line ends under the button.
    <Box pos="relative" pr={44} bg="var(--mantine-color-default-hover)" bdrs="md">
      <Box
        component="pre"
        tabIndex={0}
        role="region"
        aria-label={label}
        m={0}
        p="sm"
        fz="sm"
        style={{ fontFamily: 'var(--mantine-font-family-monospace)', minHeight: 44, overflowX: 'auto' }}
      >
        {code}
      </Box>
      <ActionIcon
        variant="default"
        pos="absolute"
        top={7}
        right={7}
        onClick={() => void copy(code)}
        title={says}
        aria-label={copied === null ? `Copy ${label}` : `${label}: ${says.toLowerCase()}`}
      >
        <Icon size={16} aria-hidden />
      </ActionIcon>
    </Box>
  )
}
