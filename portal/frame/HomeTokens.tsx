import { Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ButtonLink, TextLink } from '#portal/kit/ButtonLink.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { expiryWords } from '#portal/tokens/expiry-words.ts'
import { TokenExpiry } from '#portal/tokens/TokenExpiry.tsx'

/** Those of one's API tokens that expire soon; where there is none at all, the way to the first. */
export function HomeTokens() {
  const { data, error, refetch } = useQuery(
    query('GET /v1/tokens', { query: { live: 'true', sort: 'expires', limit: 20 } }),
  )
  const soon = (data?.items ?? []).filter((token) => token.successor === null && expiryWords(token).urgency !== 'fine')
  return (
    <section aria-labelledby="tokens">
      <Title order={2} size="h4" id="tokens" mb="xs">
        Your API tokens
      </Title>
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      {data === undefined && !error && <Skeleton height={90} aria-label="Loading" />}
      {data?.total === 0 && <FirstToken />}
      {data !== undefined && data.total > 0 && (
        <Stack gap="xs">
          {soon.map((token) => (
            <Paper key={token.id} withBorder p="sm">
              <Group justify="space-between" gap="xs">
                <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
                  {token.name}
                </Text>
                <TokenExpiry token={token} />
              </Group>
            </Paper>
          ))}
          <Text size="sm">
            {soon.length === 0 && 'None expires soon. '}
            <TextLink to="/profile/token">
              {data.total === 1 ? 'See your token' : `See all ${countedText(data.total, 'token')}`}
            </TextLink>
          </Text>
        </Stack>
      )}
    </section>
  )
}

function FirstToken() {
  return (
    <Paper withBorder p="md">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          With an API token your notebooks, scripts and other programs ask in your name, and you can take it back at any
          time.
        </Text>
        <ButtonLink to="/profile/token">Make your first API token</ButtonLink>
      </Stack>
    </Paper>
  )
}
