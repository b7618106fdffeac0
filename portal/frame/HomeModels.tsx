import { Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconDatabaseOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useYou } from '#portal/instance/instance.ts'
import { ButtonLink, TextLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { FreshnessBadge } from '#portal/models/FreshnessBadge.tsx'
import { freshnessWords, type ModelSummary } from '#portal/models/model-words.ts'

/** The models that can be asked, with how fresh they are. */
export function HomeModels({ heading }: { heading: string }) {
  const { data, error, refetch } = useQuery(query('GET /v1/models'))
  return (
    <section aria-labelledby="models">
      <Title order={2} size="h4" id="models" mb="xs">
        {heading}
      </Title>
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      <Stack gap="xs">
        {data?.models.map((model) => <ModelLine key={model.name} model={model} />) ?? (
          <Skeleton height={120} aria-label="Loading" />
        )}
        {data?.models.length === 0 && <NoModels />}
      </Stack>
    </section>
  )
}

function ModelLine({ model }: { model: ModelSummary }) {
  const { name, label, description, may, freshness } = model
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" gap="xs" mb={4}>
        <Group gap="xs">
          <Title order={3} size="h5">
            <TextLink to="/models/$model" params={{ model: name }} inherit>
              {label}
            </TextLink>
          </Title>
          <FreshnessBadge words={freshnessWords(model)} />
        </Group>
        {may.query && freshness && (
          <ButtonLink
            to="/explore/$model"
            params={{ model: name }}
            variant="light"
            size="compact-md"
            aria-label={`Explore ${label}`}
          >
            Explore
          </ButtonLink>
        )}
      </Group>
      <Text size="sm">{description}</Text>
      {freshness && (
        <Text size="sm" c="dimmed">
          {countedText(freshness.rows, 'row')}, refreshed <Time at={freshness.refreshed_at} />
        </Text>
      )}
    </Paper>
  )
}

function NoModels() {
  const signedIn = useYou() !== null
  return (
    <EmptyState icon={IconDatabaseOff} title={signedIn ? 'No model is open to you yet' : 'Nothing here is public'}>
      {signedIn
        ? 'Whoever administers this portal can give you a role that a model lets in.'
        : 'Sign in, at the top left, to see what you may ask.'}
    </EmptyState>
  )
}
