import { Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { may, useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'

const most = 3

/** What was published last, and the ways to all datasets and to a new one. */
export function HomeDatasets() {
  const you = useYou()
  const { data, error, refetch } = useQuery(
    query('GET /v1/search', {
      query: { q: '*', type: ['dataset'], state: ['published'], sort: 'date', limit: most, facets: 'none' } as never,
    }),
  )
  return (
    <section aria-labelledby="datasets">
      <Title order={2} size="h4" id="datasets" mb="xs">
        Datasets
      </Title>
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      {data === undefined && !error && <Skeleton height={90} aria-label="Loading" />}
      {data && (
        <Stack gap="xs">
          {data.items.map(
            (item) =>
              item.type === 'dataset' && (
                <Paper key={item.dataset.pid} withBorder p="sm">
                  <TextLink
                    to="/datasets/$"
                    params={{ _splat: item.dataset.pid }}
                    fw={600}
                    style={{ overflowWrap: 'anywhere' }}
                  >
                    {item.dataset.title}
                  </TextLink>
                  {item.published_at && (
                    <Text size="sm" c="dimmed">
                      Published <Time at={item.published_at} />
                    </Text>
                  )}
                </Paper>
              ),
          )}
          {data.total === 0 && <Text size="sm">Nothing has been published yet.</Text>}
          <Group gap="md">
            <TextLink to="/datasets" size="sm">
              {data.total > most ? `See all ${countedText(data.total, 'dataset')}` : 'Search datasets'}
            </TextLink>
            {you && may(you, 'datasets:write') && (
              <TextLink to="/deposit" size="sm">
                Deposit a dataset
              </TextLink>
            )}
          </Group>
        </Stack>
      )}
    </section>
  )
}
