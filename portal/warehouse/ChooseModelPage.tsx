import { Badge, Card, Group, SimpleGrid, Text, Title } from '@mantine/core'
import { IconChartLine, IconDatabase } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useYou } from '#portal/instance/instance.ts'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import type { Reply } from '#portal/kit/contracts.ts'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countText } from '#portal/kit/figures.ts'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { exactDay, Time } from '#portal/kit/Time.tsx'

type Summary = Reply<'GET /v1/models'>['models'][number]

/** The models that one may ask, each leading to a first question. */
export function ChooseModelPage() {
  const { data } = useSuspenseQuery(query('GET /v1/models'))
  const you = useYou()
  const models = data.models.filter(({ may }) => may.query || may.raw)
  return (
    <Page title="Explore" lead="Choose what to look at. Every question and its answer has an address that can be sent.">
      {models.length === 0 && <NothingToExplore isVisitor={you === null} />}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {models.map((model) => (
          <ModelCard key={model.name} model={model} />
        ))}
      </SimpleGrid>
      {models.length > 0 && you === null && <Text c="dimmed">Those who sign in may find more here.</Text>}
    </Page>
  )
}

function ModelCard({ model: { name, label, description, may, freshness } }: { model: Summary }) {
  return (
    <Card withBorder component="article" aria-label={label}>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {label}
        </Title>
        {freshness?.stale && <Badge color="yellow">Out of date</Badge>}
      </Group>
      <Text my="xs" flex={1}>
        {description}
      </Text>
      <Text size="sm" c="dimmed" mb="sm">
        {freshness === null ? (
          'No data yet: it was never refreshed.'
        ) : (
          <>
            {countText(freshness.rows)} rows
            {freshness.first_day &&
              freshness.last_day &&
              `, ${exactDay(freshness.first_day)} to ${exactDay(freshness.last_day)}`}
            , refreshed <Time at={freshness.refreshed_at} />
          </>
        )}
      </Text>
      <Group gap="xs">
        {may.query && (
          <ButtonLink
            to="/explore/$model"
            params={{ model: name }}
            leftSection={<IconChartLine size={16} aria-hidden />}
            disabled={freshness === null}
            aria-label={`Explore ${label}`}
          >
            Explore
          </ButtonLink>
        )}
        {may.raw && (
          <ButtonLink
            to="/explore/$model/rows"
            params={{ model: name }}
            variant="default"
            disabled={freshness === null}
            aria-label={`Raw rows of ${label}`}
          >
            Raw rows
          </ButtonLink>
        )}
        {may.refresh && freshness === null && (
          <ButtonLink to="/models/$model" params={{ model: name }} aria-label={`Refresh ${label}`}>
            Refresh it first
          </ButtonLink>
        )}
      </Group>
    </Card>
  )
}

function NothingToExplore({ isVisitor }: { isVisitor: boolean }) {
  return !isVisitor ? (
    <EmptyState icon={IconDatabase} title="There is no model that you may ask">
      Models are opened by role. Ask an administrator which role lets you see the data that you need.
    </EmptyState>
  ) : (
    <EmptyState
      icon={IconDatabase}
      title="No data here are public"
      action={
        <ButtonLink to="/sign-in" search={{ to: '/explore' }}>
          Sign In
        </ButtonLink>
      }
    >
      Sign in to see what you may ask.
    </EmptyState>
  )
}
