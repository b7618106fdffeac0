import { Group, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Facts } from '#portal/kit/Facts.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { HealthCheck } from './HealthCheck.tsx'
import { HealthState } from './HealthState.tsx'
import { type Health, healthWords } from './health-words.ts'

const everyMs = 10_000

/** How everything that the product stands on fares, looked at again every ten seconds. */
export function HealthPage() {
  const {
    data: health,
    error,
    isPending,
    refetch,
  } = useQuery({
    ...query('GET /v1/health'),
    refetchInterval: everyMs,
    staleTime: everyMs / 2,
  })
  return (
    <Page title="Health" lead="How everything fares that this portal stands on; looked at every ten seconds." wide>
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      {isPending && <Skeleton height={400} />}
      {health && <Fares health={health} />}
    </Page>
  )
}

function Fares({ health }: { health: Health }) {
  const { state, checked_at, started_at, version, node_version, platform, checks } = health
  return (
    <Stack gap="lg">
      <Group gap="sm">
        <HealthState state={state} />
        <Text role="status" flex="1 1 260px">
          {healthWords(checks)}
        </Text>
        <Text size="sm" c="dimmed">
          Checked at {clock.format(new Date(checked_at))}
        </Text>
      </Group>
      {checks.map((check) => (
        <HealthCheck key={check.name} check={check} />
      ))}
      <Facts
        facts={[
          { label: 'Tessera', value: version },
          { label: 'Node.js', value: node_version },
          { label: 'Platform', value: platform },
          { label: 'Started', value: <Time at={started_at} /> },
        ]}
      />
    </Stack>
  )
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })
