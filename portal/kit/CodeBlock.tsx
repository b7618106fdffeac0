import { ActionIcon, Box, CopyButton, ScrollArea, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

/** Lines to paste elsewhere, with a button that copies them. `label` names what is copied. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <Box pos="relative">
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, 'aria-label': label, role: 'region' }}>
        <Box
          component="pre"
          m={0}
          p="sm"
          pr={48}
          fz="sm"
          bg="var(--mantine-color-default-hover)"
          bdrs="md"
          style={{ fontFamily: 'var(--mantine-font-family-monospace)', minHeight: 44 }}
        >
          {code}
        </Box>
      </ScrollArea>
      <CopyButton value={code} timeout={2000}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'}>
            <ActionIcon
              variant="default"
              pos="absolute"
              top={7}
              right={7}
              onClick={copy}
              aria-label={copied ? `${label}: copied` : `Copy ${label}`}
            >
              {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Box>
  )
}
