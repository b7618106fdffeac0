import { Badge, Box, Code, Group, Paper, Stack, Text } from '@mantine/core'
import { countedText } from '#portal/kit/figures.ts'
import { LastUse } from './LastUse.tsx'
import { Sparkline } from './Sparkline.tsx'
import { TokenActions } from './TokenActions.tsx'
import { ExpiryLine } from './TokenExpiry.tsx'
import { TokenPermissions } from './TokenPermissions.tsx'
import { TokenState } from './TokenState.tsx'
import { isLive, type ListedToken } from './token.ts'

/** One of a person's own tokens: its end above all, then what it is, how it is used, and what can be done. */
export function TokenCard({ token }: { token: ListedToken }) {
  const live = isLive(token)
  return (
    <Paper
      component="article"
      withBorder
      p="md"
      aria-label={token.name}
      data-token={token.id}
      tabIndex={-1}
      {...(!live && { bg: 'var(--mantine-color-default-hover)' })}
    >
      <Stack gap="sm">
        <ExpiryLine token={token} />
        <Group justify="space-between" align="flex-start" gap="md">
          <Stack gap={4} style={{ flex: '1 1 280px', minWidth: 0 }}>
            <Group gap="xs">
              <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
                {token.name}
              </Text>
              <Code title="Public id: the second part of the token. It is no secret.">{token.id}</Code>
              <TokenState state={token.state} />
              {token.slot && <Badge variant="default">{token.slot}</Badge>}
            </Group>
            {token.description && <Text size="sm">{token.description}</Text>}
            <StateSentence token={token} />
            <TokenPermissions permissions={token.permissions} />
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              <LastUse token={token} />
            </Text>
          </Stack>
          {token.uses && (
            <Box>
              <Sparkline uses={token.uses} width={150} height={32} />
              <Text size="xs" c="dimmed" data-uses={sum(token.uses)}>
                {countedText(sum(token.uses), 'use')} in {token.uses.length} days
              </Text>
            </Box>
          )}
        </Group>
        <TokenActions token={token} />
      </Stack>
    </Paper>
  )
}

/** What the state means for who uses the token. */
function StateSentence({ token }: { token: ListedToken }) {
  const says = {
    active: token.predecessor && `Took the place of ${token.predecessor}.`,
    closing: `Its successor is ${token.successor}; this one works on until the overlap ends.`,
    pending: 'It does not work yet.',
    suspended: 'Its account is disabled, so it does not work.',
    expired: token.successor && `${token.successor} took its place.`,
    revoked: token.successor ? `${token.successor} took its place.` : reasonWords(token.revoked_reason),
  }[token.state]
  return says ? <Text size="sm">{says}</Text> : null
}

const reasonWords = (reason: string | null): string | null =>
  reason === null || reason === 'revoked' ? null : `Reason: ${reason}`
const sum = (uses: readonly number[]): number => uses.reduce((total, each) => total + each, 0)
