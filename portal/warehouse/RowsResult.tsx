import { Box, Button, Group, Loader, Menu, Skeleton, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCode, IconDownload } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useYou } from '#portal/instance/instance.ts'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { VirtualTable } from '#portal/kit/VirtualTable.tsx'
import { CopyDialog } from './CopyDialog.tsx'
import { copyRows } from './copy-as.ts'
import { rowsAddress } from './downloads.ts'
import { ExportDialog } from './ExportDialog.tsx'
import type { RowsQuestion } from './explore-search.ts'
import { type Model, rawAskOf } from './question.ts'
import { rowsQuery } from './use-rows.ts'

interface RowsResultProps {
  readonly model: Model
  readonly question: RowsQuestion
}

/** Rows without end: the next page comes when the last row is in sight. */
export function RowsResult({ model, question }: RowsResultProps) {
  const list = useInfiniteQuery({ ...rowsQuery(model.name, question), placeholderData: keepPreviousData })
  const { data, error, isFetching, hasNextPage, isPlaceholderData } = list
  const rows = data?.pages.flatMap((page) => page.rows) ?? []
  const fields = model.raw_fields.filter(({ name }) => question.fields === null || question.fields.includes(name))
  const more = () => {
    if (hasNextPage && !isFetching && !error) void list.fetchNextPage()
  }
  return (
    <>
      <Group justify="space-between">
        <Group gap="sm">
          <Text role="status">
            {data &&
              (hasNextPage
                ? `The first ${countedText(rows.length, 'row')}; scroll on for more`
                : countedText(rows.length, 'row'))}
          </Text>
          {isFetching && <Loader size="sm" aria-label="Fetching rows" />}
        </Group>
        <TakeRowsAway model={model} question={question} />
      </Group>
      {error && <ProblemAlert error={error} retry={() => void list.refetch()} />}
      {!data && !error && <Skeleton height={420} aria-busy="true" aria-label="Fetching rows" />}
      {data && rows.length === 0 && !isFetching && (
        <EmptyState title="No rows match">Choose a longer period, or drop a filter.</EmptyState>
      )}
      {rows.length > 0 && (
        <Box opacity={isPlaceholderData ? 0.6 : 1}>
          <VirtualTable
            label={`Raw rows of ${model.label}`}
            columns={fields.map(({ name, label, description, type }) => ({
              key: name,
              label,
              description,
              isNumber: type === 'integer' || type === 'number',
              width: type === 'timestamp' ? 190 : 130,
            }))}
            rowCount={rows.length}
            totalCount={hasNextPage ? null : rows.length}
            onEnd={more}
            cell={(i, j) => cellText(rows[i]?.[fields[j]?.name ?? ''])}
          />
        </Box>
      )}
    </>
  )
}

const cellText = (cell: string | number | boolean | null | undefined): string =>
  cell === null || cell === undefined ? '–' : String(cell)

/** A file has a page of rows; programs go on to the next ones. */
function TakeRowsAway({ model, question }: RowsResultProps) {
  const [isOpen, dialog] = useDisclosure(false)
  const [isExporting, exporting] = useDisclosure(false)
  const isSignedIn = useYou() !== null
  const { first_day: start, last_day: end } = model.freshness ?? {}
  return (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconCode size={16} aria-hidden />} onClick={dialog.open}>
        Copy as
      </Button>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
            Download
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(['csv', 'parquet', 'ndjson'] as const).map((format) => (
            <Menu.Item
              key={format}
              component="a"
              href={rowsAddress(model.name, question, format)}
              download={`${model.name}-rows.${format}`}
            >
              {{ csv: 'CSV', parquet: 'Parquet', ndjson: 'NDJSON' }[format]}
            </Menu.Item>
          ))}
          <Menu.Label>
            A file has the first page of rows, as long as this portal’s rest_raw_row_limit lets it be. For all of them
            {isSignedIn ? ' export them, or ' : ' '}use Copy as: its programs go on to the last page.
          </Menu.Label>
          {isSignedIn && <Menu.Item onClick={exporting.open}>Export all rows…</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {isExporting && <ExportDialog asked={{ raw: rawAskOf(model.name, question) }} opened close={exporting.close} />}
      {isOpen && (
        <CopyDialog
          close={dialog.close}
          copies={copyRows(
            { site: window.location.origin, model, days: start && end ? { start, end } : null },
            question,
          )}
        />
      )}
    </Group>
  )
}
