import { Button, Group, Stack, Switch, Text, Title } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { may, useYou } from '#portal/instance/instance.ts'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { pages, query } from '#portal/kit/queries.ts'
import { CalendarFeed } from './CalendarFeed.tsx'
import { DataverseToken } from './DataverseToken.tsx'
import { MakeToken } from './MakeToken.tsx'
import { TokenCard } from './TokenCard.tsx'
import { WithTokenActs } from './WithTokenActs.tsx'

const usesDays = 30

/** My Profile → API Token: one's own tokens, and how to come by one. */
export function TokensPage() {
  return (
    <WithTokenActs>
      <OwnTokens />
    </WithTokenActs>
  )
}

function OwnTokens() {
  const { data: policy } = useSuspenseQuery(query('GET /v1/tokens/policy'))
  const { data: live } = useSuspenseQuery(
    query('GET /v1/tokens', { query: { live: 'true', sort: 'expires', uses_days: usesDays, limit: 200 } }),
  )
  const { data: expired } = useSuspenseQuery(
    query('GET /v1/tokens', { query: { state: 'expired', sort: '-expires', uses_days: usesDays, limit: 5 } }),
  )
  const you = useYou()
  const [withEnded, setWithEnded] = useState(false)
  // The one for Dataverse's clients stands in a place of its own.
  const named = live.items.filter(({ slot }) => slot !== 'dataverse')
  const names = live.items.map(({ name }) => name)
  // What expired and was never replaced still waits for somebody to do something.
  const waiting = withEnded
    ? []
    : expired.items.filter(({ successor, slot }) => successor === null && slot !== 'dataverse')
  const none = named.length === 0 && waiting.length === 0
  const make = <MakeToken policy={policy} names={names} align={none ? 'center' : 'flex-start'} />
  return (
    <Stack gap="lg">
      <div>
        <Title order={2} size="h3" tabIndex={-1} data-tokens-home>
          API Token
        </Title>
        <Text c="dimmed" maw={720}>
          With a token a notebook, a script or another application works with data in your name. Keep it like a
          password.
        </Text>
      </div>
      {none ? (
        <EmptyState icon={IconKey} title="You have no API token" action={make}>
          Generate one, copy it, and paste it into your notebook or script. The page that shows it has lines ready to
          run.
        </EmptyState>
      ) : (
        <>
          {make}
          <Stack gap="md" aria-label="Your API tokens" role="group">
            {[...waiting, ...named].map((token) => (
              <TokenCard key={token.id} token={token} />
            ))}
          </Stack>
        </>
      )}
      <Switch
        label="Show ended tokens"
        checked={withEnded}
        onChange={(event) => setWithEnded(event.currentTarget.checked)}
      />
      {withEnded && <EndedTokens />}
      {may(you, 'datasets:read') && <DataverseToken />}
      <CalendarFeed />
    </Stack>
  )
}

function EndedTokens() {
  const ended = useInfiniteQuery(pages('GET /v1/tokens', { query: { live: 'false', uses_days: usesDays, limit: 20 } }))
  if (ended.error) return <ProblemAlert error={ended.error} retry={() => void ended.refetch()} />
  const tokens = ended.data?.pages.flatMap(({ body }) => body.items) ?? []
  return (
    <Stack gap="md" aria-busy={ended.isPending} aria-live="polite">
      {ended.data && tokens.length === 0 && <Text c="dimmed">No token of yours has ended.</Text>}
      {tokens.map((token) => (
        <TokenCard key={token.id} token={token} />
      ))}
      {ended.hasNextPage && (
        <Group>
          <Button variant="default" loading={ended.isFetchingNextPage} onClick={() => void ended.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
    </Stack>
  )
}
