import { Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconDatabaseOff } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useYou } from '#portal/instance/instance.ts'
import { ButtonLink, TextLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Facts } from '#portal/kit/Facts.tsx'
import { countText } from '#portal/kit/figures.ts'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { FreshnessBadge } from './FreshnessBadge.tsx'
import { daysText, freshnessWords, type ModelSummary, whoWords } from './model-words.ts'

export function ModelsPage() {
  const you = useYou()
  const { data } = useSuspenseQuery({ ...query('GET /v1/models'), refetchInterval: 60_000 })
  return (
    <Page
      title="Models"
      lead="What there is to ask: each model holds metrics, dimensions and rows of one kind."
      actions={
        you && (
          <ButtonLink to="/runs" variant="default">
            Runs
          </ButtonLink>
        )
      }
    >
      {data.models.length === 0 ? (
        <NoModels signedIn={you !== null} />
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          {data.models.map((model) => (
            <ModelCard key={model.name} model={model} />
          ))}
        </SimpleGrid>
      )}
    </Page>
  )
}

function ModelCard({ model }: { model: ModelSummary }) {
  const { name, label, description, realm, access, may, freshness } = model
  const words = freshnessWords(model)
  const more = may.refresh ? 'Fields and refreshes' : 'Fields'
  return (
    <Paper withBorder p="md" component="article" aria-label={label}>
      <Stack gap="sm" h="100%">
        <Group justify="space-between" align="flex-start" gap="xs">
          <Title order={2} size="h3">
            <TextLink to="/models/$model" params={{ model: name }} inherit>
              {label}
            </TextLink>
          </Title>
          <FreshnessBadge words={words} />
        </Group>
        <Text>{description}</Text>
        <Text size="sm" c="dimmed">
          {freshness && (
            <>
              Refreshed <Time at={freshness.refreshed_at} />.{' '}
            </>
          )}
          {words.says}
        </Text>
        <Facts
          least={150}
          facts={[
            { label: 'Rows', value: freshness ? countText(freshness.rows) : 'none yet' },
            ...(freshness ? [{ label: 'Days covered', value: daysText(freshness) }] : []),
            { label: 'May query', value: whoWords[access.query] },
            { label: 'May read raw rows', value: whoWords[access.raw] },
            ...(realm === null ? [] : [{ label: 'XDMoD realm', value: realm }]),
          ]}
        />
        <Group mt="auto" gap="xs">
          {may.query && freshness && (
            <ButtonLink to="/explore/$model" params={{ model: name }} aria-label={`Explore ${label}`}>
              Explore
            </ButtonLink>
          )}
          <ButtonLink to="/models/$model" params={{ model: name }} variant="default" aria-label={`${more} of ${label}`}>
            {more}
          </ButtonLink>
        </Group>
      </Stack>
    </Paper>
  )
}

function NoModels({ signedIn }: { signedIn: boolean }) {
  return signedIn ? (
    <EmptyState title="No model for you yet" icon={IconDatabaseOff}>
      A model is a YAML file in the directory that [models] directory names. Whoever runs this portal adds one there and
      starts it again; the role that a model asks for stands in it.
    </EmptyState>
  ) : (
    <EmptyState
      title="No model is public"
      icon={IconDatabaseOff}
      action={
        <ButtonLink to="/sign-in" search={{ to: '/models' }}>
          Sign In
        </ButtonLink>
      }
    >
      Sign in to see those that you may use.
    </EmptyState>
  )
}
