import { Drawer, Paper, Skeleton, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { pages } from '#portal/kit/queries.ts'
import { exactTime, Time } from '#portal/kit/Time.tsx'
import { dataText } from './data-text.ts'
import { type InputState, type ReportData, type RowKey, rowId } from './report-data.ts'

/** Of one cell; without row of a whole column, without either of the report. */
export interface HistoryOf {
  readonly row: RowKey | null
  readonly column: InputState | null
  readonly name: string | null
}

interface HistoryDrawerProps {
  readonly report: string
  readonly of: HistoryOf | null
  readonly data: ReportData | undefined
  readonly onClose: () => void
}

/** Who wrote what and when, newest first. */
export function HistoryDrawer({ report, of, data, onClose }: HistoryDrawerProps) {
  const title = [of?.column ? of.column.label : 'All that was filled in', of?.name].filter(Boolean).join(' · ')
  return (
    <Drawer opened={of !== null} onClose={onClose} position="right" size="lg" title={`History: ${title}`}>
      {of && <History report={report} of={of} data={data} />}
    </Drawer>
  )
}

function History({
  report,
  of: { row, column },
  data,
}: Omit<HistoryDrawerProps, 'of' | 'onClose'> & { of: HistoryOf }) {
  const list = useInfiniteQuery({
    ...pages('GET /v1/reports/:report/inputs/history', {
      params: { report },
      query: {
        ...(column && { column: column.id }),
        ...(row && { row: JSON.stringify(row) }),
        limit: 50,
      },
    }),
    staleTime: 0,
  })
  if (list.isError) return <ProblemAlert error={list.error} retry={() => void list.refetch()} />
  if (list.isPending) return <Skeleton height={200} aria-busy="true" aria-label="Loading" />
  const changes = list.data.pages.flatMap(({ body }) => body.items)
  if (changes.length === 0) return <Text c="dimmed">Nothing was ever filled in here.</Text>
  const labels = columnLabels(data)
  return (
    <Stack gap="xs">
      {changes.map((change) => (
        <Paper key={`${rowId(change.row)} ${change.column} ${change.version}`} withBorder p="xs">
          <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {change.shown === null || change.shown === '' ? <i>emptied</i> : change.shown}
          </Text>
          {row === null && (
            <Text size="sm">
              {labels.get(change.column) ?? change.column} · {rowLabel(data, change.row)}
            </Text>
          )}
          <Text size="sm" c="dimmed">
            {change.changed_by ?? 'Nobody known'}
            {change.token_id !== null && ' by API token'}, <Time at={change.changed_at} /> (
            {exactTime(change.changed_at)})
          </Text>
          {change.note !== null && <Text size="sm">{change.note}</Text>}
        </Paper>
      ))}
      <LoadMore list={list} shown={countedText(changes.length, 'change')} />
    </Stack>
  )
}

const columnLabels = (data: ReportData | undefined): Map<string, string> =>
  new Map(
    data?.blocks.flatMap((block) =>
      block.type === 'table' ? block.inputs.map(({ id, label }) => [id, label] as const) : [],
    ),
  )

/** What a row is called, where it is shown; else its ids. */
function rowLabel(data: ReportData | undefined, key: RowKey): string {
  const id = rowId(key)
  for (const block of data?.blocks ?? []) {
    if (block.type !== 'table' || block.inputs.length === 0) continue
    const row = block.rows.find((one) => one.key !== null && rowId(one.key) === id)
    if (row)
      return block.columns
        .flatMap((column, at) =>
          column.role === 'metric' ? [] : [dataText(row.cells[at] ?? null, column, block.unit)],
        )
        .join(', ')
  }
  return Object.values(key).join(', ')
}
