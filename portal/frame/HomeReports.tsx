import { Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { may, useYou } from '#portal/instance/instance.ts'
import { ButtonLink, TextLink } from '#portal/kit/ButtonLink.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'

const most = 5

/** Some of the reports that one may see; where there is none, the way to the first. */
export function HomeReports() {
  const { data, error, refetch } = useQuery(query('GET /v1/reports', { query: { limit: most } }))
  return (
    <section aria-labelledby="reports">
      <Title order={2} size="h4" id="reports" mb="xs">
        Reports
      </Title>
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      {data === undefined && !error && <Skeleton height={90} aria-label="Loading" />}
      {data?.total === 0 && <NoReport />}
      {data !== undefined && data.total > 0 && (
        <Stack gap="xs">
          {data.items.map(({ id, title, description }) => (
            <Paper key={id} withBorder p="sm">
              <TextLink to="/reports/$report" params={{ report: id }} fw={600} style={{ overflowWrap: 'anywhere' }}>
                {title}
              </TextLink>
              {description !== '' && (
                <Text size="sm" lineClamp={2}>
                  {description}
                </Text>
              )}
            </Paper>
          ))}
          {data.total > most && (
            <TextLink to="/reports" size="sm">
              See all {countedText(data.total, 'report')}
            </TextLink>
          )}
        </Stack>
      )}
    </section>
  )
}

function NoReport() {
  const mayWrite = may(useYou(), 'reports:write')
  return (
    <Paper withBorder p="md">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {mayWrite
            ? 'A report puts numbers, tables and charts together, for people to read and to fill in.'
            : 'Nobody has shared a report with you yet.'}
        </Text>
        {mayWrite && <ButtonLink to="/reports/new">Make the first report</ButtonLink>}
      </Stack>
    </Paper>
  )
}
