import { Alert, Button, Code, Drawer, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import { Facts } from '#portal/kit/Facts.tsx'
import { countText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { exactTime, Time } from '#portal/kit/Time.tsx'
import { RefreshButton } from '#portal/models/RefreshButton.tsx'
import { Refreshes } from '#portal/models/Refreshes.tsx'
import { RefreshPanel } from '#portal/models/RefreshPanel.tsx'
import { useRefresh } from '#portal/models/use-refresh.ts'
import type { Model } from '#portal/warehouse/question.ts'
import { type Choices, inputLabels, type Report } from './definition.ts'
import { Pill } from './Pill.tsx'
import { refreshCommand, refreshLink } from './refresh-link.ts'
import type { InputState, ReportData } from './report-data.ts'
import { entryLabels, lockedWords } from './report-words.ts'

interface ColumnDrawerProps {
  readonly report: Report
  readonly column: InputState | null
  readonly data: ReportData | undefined
  readonly onHistory: () => void
  readonly onClose: () => void
}

/** All about a column that is filled in: who may, until when, and where its options come from. */
export function ColumnDrawer({ report, column, data, onHistory, onClose }: ColumnDrawerProps) {
  return (
    <Drawer opened={column !== null} onClose={onClose} position="right" size="lg" title={column?.label}>
      {column && (
        <Stack>
          {column.description !== '' && <Text>{column.description}</Text>}
          <Facts
            facts={[
              { label: 'What it takes', value: inputLabels[column.type] },
              { label: 'Who may fill it in', value: entryLabels[column.entry] },
              { label: 'Required', value: column.required ? `Yes; ${countText(column.missing)} missing` : 'No' },
              {
                label: 'Last day',
                value:
                  column.locked_after === null ? 'Open' : `${column.locked_after}${column.locked ? ' (over)' : ''}`,
              },
            ]}
          />
          {data && lockedWords(column, data) !== null && <Text>{lockedWords(column, data)}</Text>}
          <div>
            <Button variant="default" leftSection={<IconHistory size={16} aria-hidden />} onClick={onHistory}>
              History of the column
            </Button>
          </div>
          {column.options && <Options report={report} column={column} options={column.options} />}
        </Stack>
      )}
    </Drawer>
  )
}

const shownAtOnce = 24

interface OptionsProps {
  readonly report: Report
  readonly column: InputState
  readonly options: NonNullable<InputState['options']>
}

function Options({ report, column, options }: OptionsProps) {
  const source = sourceOf(report, column.id)
  return (
    <Stack gap="sm">
      <Title order={3} size="h5">
        {countText(options.total)} options
      </Title>
      {options.problem !== null && (
        <Alert
          color="red"
          variant="light"
          icon={<IconAlertTriangle aria-hidden />}
          title="The options cannot be read now"
        >
          {options.problem}
        </Alert>
      )}
      <Group gap={6}>
        {options.items.slice(0, shownAtOnce).map((choice) => (
          <Pill key={choice.id} choice={choice} />
        ))}
        {options.total > shownAtOnce && <Text size="sm">and {countText(options.total - shownAtOnce)} more</Text>}
      </Group>
      {options.by_row && <Text size="sm">Each row has options of its own among them.</Text>}
      {source && 'model' in source ? (
        <OptionSet report={report.id} column={column.id} source={source} />
      ) : (
        <Text size="sm" c="dimmed">
          They are typed into the report; whoever edits it can change them.
        </Text>
      )}
    </Stack>
  )
}

function sourceOf({ definition }: Report, id: string): Choices | null {
  for (const block of definition.blocks)
    if (block.type === 'table')
      for (const input of block.inputs) if (input.id === id && 'options' in input) return input.options
  return null
}

type ModelSource = Extract<Choices, { model: string }>

interface OptionSetProps {
  readonly report: string
  readonly column: string
  readonly source: ModelSource
}

/** The model that the options come from. Whoever sees the report need not see the model. */
function OptionSet({ report, column, source }: OptionSetProps) {
  const { data: model, error } = useQuery({
    ...query('GET /v1/models/:model', { params: { model: source.model } }),
    refetchInterval: 5000,
  })
  return (
    <Stack gap="sm">
      <Text>
        They come from the option set <Code>{source.option_set}</Code> of the model{' '}
        {model ? (
          <TextLink to="/models/$model" params={{ model: source.model }}>
            {model.label}
          </TextLink>
        ) : (
          <Code>{source.model}</Code>
        )}
        .
      </Text>
      {error && !model && <ProblemAlert error={error} />}
      {!model && !error && <Skeleton height={80} aria-busy="true" aria-label="Loading" />}
      {model && <OneModel model={model} />}
      <Title order={3} size="h5">
        Refresh from another application
      </Title>
      <Text size="sm">
        Send a POST to this Refresh Link with an API token that has <Code>models:refresh</Code>. The new options appear
        here, and in every open report, by themselves.
      </Text>
      <CodeBlock label="the refresh link" code={refreshLink(window.location.origin, report, column)} />
      <CodeBlock label="the command" code={refreshCommand(window.location.origin, report, column)} />
    </Stack>
  )
}

function OneModel({ model }: { model: Model }) {
  const refresh = useRefresh(model)
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Text>
          {model.freshness === null ? (
            'Never refreshed'
          ) : (
            <>
              Last refreshed <Time at={model.freshness.refreshed_at} /> ({exactTime(model.freshness.refreshed_at)})
            </>
          )}
        </Text>
        {model.may.refresh && <RefreshButton refresh={refresh} label={model.label} />}
      </Group>
      <RefreshPanel refresh={refresh} />
      {model.may.refresh && (
        <>
          <Title order={3} size="h5">
            Its refreshes
          </Title>
          <Refreshes refresh={refresh} />
        </>
      )}
    </>
  )
}
