import { Skeleton, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useInstance } from '#portal/instance/instance.ts'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import type { Reply } from '#portal/kit/contracts.ts'
import { query } from '#portal/kit/queries.ts'

/** A line that answers when it is pasted into a terminal as it is: no account, no token. */
export function FirstQuestion() {
  const { site_address } = useInstance()
  const { data } = useQuery(query('GET /v1/models'))
  const open = data?.models.find(({ access, freshness }) => access.query === 'public' && freshness !== null)
  const model = useQuery({
    ...query('GET /v1/models/:model', { params: { model: open?.name ?? '' } }),
    enabled: open !== undefined,
  })
  if (data && !open) return null
  return (
    <section aria-labelledby="first-question">
      <Title order={2} size="h4" id="first-question" mb={4}>
        The first question
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Paste this into a terminal. What is open to everybody needs no token.
      </Text>
      {model.data ? (
        <CodeBlock label="first question" code={questionOf(site_address, model.data)} />
      ) : (
        <Skeleton height={86} aria-label="Loading" />
      )}
    </section>
  )
}

/** One part to a line, so that it can be read and changed. */
function questionOf(site: string, { name, metrics, dimensions }: Reply<'GET /v1/models/:model'>): string {
  const [dimension] = dimensions
  const asked = metrics.slice(0, 2).map((metric) => metric.name)
  return [
    `curl -G ${site}/v1/query`,
    `-d model=${name} -d metrics=${asked.join(',')}`,
    `${dimension ? `-d dimensions=${dimension.name} ` : ''}-d limit=5 -d format=csv`,
  ].join(' \\\n  ')
}
