import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { RunStateBadge } from '#portal/runs/RunStateBadge.tsx'
import { kindWords } from '#portal/runs/run-words.ts'

/** The latest background runs; nothing where there are none. */
export function HomeRuns() {
  const { data } = useQuery(query('GET /v1/runs', { query: { limit: '4' } }))
  if (!data || data.runs.length === 0) return null
  return (
    <section aria-labelledby="runs">
      <Title order={2} size="h4" id="runs" mb="xs">
        Latest runs
      </Title>
      <Stack gap="xs">
        {data.runs.map((run) => (
          <Paper key={run.id} withBorder p="sm">
            <Group justify="space-between" gap="xs">
              <div>
                <TextLink to="/runs/$run" params={{ run: run.id }}>
                  {kindWords(run.kind)} {run.subject.id}
                </TextLink>
                <Text size="sm" c="dimmed">
                  <Time at={run.created_at} />
                </Text>
              </div>
              <RunStateBadge run={run} />
            </Group>
          </Paper>
        ))}
        <Text size="sm">
          <TextLink to="/runs">See all runs</TextLink>
        </Text>
      </Stack>
    </section>
  )
}
