import { Code, Group, Paper, Stack, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ButtonLink, TextLink } from '#portal/kit/ButtonLink.tsx'
import { Facts } from '#portal/kit/Facts.tsx'
import { countText } from '#portal/kit/figures.ts'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { exactTime, Time } from '#portal/kit/Time.tsx'
import { FreshnessBadge } from './FreshnessBadge.tsx'
import { ModelTabs } from './ModelTabs.tsx'
import { daysText, freshnessWords, type Model, whoWords } from './model-words.ts'
import { RefreshButton } from './RefreshButton.tsx'
import { RefreshPanel } from './RefreshPanel.tsx'
import { useRefresh } from './use-refresh.ts'

export function ModelPage() {
  const { model: name } = useParams({ from: '/models/$model' })
  const { data: model } = useSuspenseQuery({
    ...query('GET /v1/models/:model', { params: { model: name } }),
    refetchInterval: 60_000,
  })
  return <OneModel key={name} model={model} />
}

function OneModel({ model }: { model: Model }) {
  const { name, label, description, may, freshness } = model
  const refresh = useRefresh(model)
  const params = { model: name }
  return (
    <Page
      title={label}
      lead={
        <>
          {description}{' '}
          <TextLink to="/models" style={{ whiteSpace: 'nowrap' }}>
            All models
          </TextLink>
        </>
      }
      actions={
        <>
          {may.query && freshness && (
            <ButtonLink to="/explore/$model" params={params} variant="default">
              Explore
            </ButtonLink>
          )}
          {may.raw && freshness && (
            <ButtonLink to="/explore/$model/rows" params={params} variant="default">
              Raw rows
            </ButtonLink>
          )}
          {may.refresh && <RefreshButton refresh={refresh} label={label} />}
        </>
      }
    >
      <RefreshPanel refresh={refresh} />
      <ModelFacts model={model} />
      <ModelTabs model={model} refresh={refresh} />
    </Page>
  )
}

function ModelFacts({ model }: { model: Model }) {
  const { name, realm, access, freshness, time_zone } = model
  const words = freshnessWords(model)
  return (
    <Paper withBorder p="md">
      <Stack>
        <Group gap="sm">
          <FreshnessBadge words={words} />
          <Text flex="1 1 260px">
            {freshness && (
              <>
                Refreshed <Time at={freshness.refreshed_at} />.{' '}
              </>
            )}
            {words.says}
          </Text>
        </Group>
        <Facts
          least={210}
          facts={[
            { label: 'Rows', value: freshness ? countText(freshness.rows) : 'none yet' },
            ...(freshness
              ? [
                  { label: 'Days covered', value: daysText(freshness) },
                  { label: 'Last refreshed', value: exactTime(freshness.refreshed_at) },
                  { label: 'Version', value: countText(freshness.version) },
                ]
              : []),
            ...refreshFacts(model),
            { label: 'May query', value: whoWords[access.query] },
            { label: 'May read raw rows', value: whoWords[access.raw] },
            { label: 'Name in addresses', value: <Code>{name}</Code> },
            ...(realm === null ? [] : [{ label: 'XDMoD realm', value: realm }]),
            { label: 'Time zone', value: time_zone },
          ]}
        />
      </Stack>
    </Paper>
  )
}

/** How it comes to new data by itself. */
function refreshFacts({ refreshing: { schedule, after, type, notify } }: Model) {
  return [
    ...(schedule
      ? [
          {
            label: 'Refreshed by itself',
            value: (
              <>
                {schedule.description}, next <Time at={schedule.next_at} none="not planned" />
              </>
            ),
          },
        ]
      : []),
    ...(after.length > 0
      ? [
          {
            label: 'Refreshed after',
            value: after.map((name, at) => (
              <span key={name}>
                {at > 0 && ', '}
                <TextLink to="/models/$model" params={{ model: name }} inherit>
                  {name}
                </TextLink>
              </span>
            )),
          },
        ]
      : []),
    ...(type === 'incremental' ? [{ label: 'A refresh reads', value: 'Only what is new' }] : []),
    ...(notify ? [{ label: 'When its data grow too old', value: 'Somebody is told by mail' }] : []),
  ]
}
