import { Box, Text } from '@mantine/core'
import type { ReactNode } from 'react'

interface FactsProps {
  readonly facts: readonly { readonly label: string; readonly value: ReactNode }[]
  /** Least width of one fact in pixels; as many stand side by side as fit, on a phone two that aren't wide. */
  readonly least?: number
}

/** Labels with what they say, in columns. */
export function Facts({ facts, least = 170 }: FactsProps) {
  return (
    <Box
      component="dl"
      m={0}
      style={{
        display: 'grid',
        gridTemplateColumns: `repeat(auto-fill, minmax(min(${least > 300 ? 100 : 45}%, ${least}px), 1fr))`,
        gap: 'var(--mantine-spacing-md)',
      }}
    >
      {facts.map(({ label, value }) => (
        <div key={label}>
          <Text component="dt" size="sm" c="dimmed">
            {label}
          </Text>
          <Text component="dd" m={0} style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Text>
        </div>
      ))}
    </Box>
  )
}
