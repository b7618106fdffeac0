import { Alert, Button, Group, Loader, Stack, Table, Tabs, Text } from '@mantine/core'
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { addressOf } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { countedText, countText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { asProblem } from '#portal/kit/problem.ts'
import { query } from '#portal/kit/queries.ts'
import { VirtualTable } from '#portal/kit/VirtualTable.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import type { DatasetFile } from './dataset.ts'
import { valuesText } from './table-words.ts'

type FileTable = Reply<'GET /v1/files/:file/table'>

interface TablePreviewProps {
  readonly file: DatasetFile
  /** What is shown where there turns out to be no table in it. */
  readonly otherwise: ReactNode
}

const isUnderWay = (table: FileTable | undefined): boolean => table?.state === 'waiting' || table?.state === 'reading'

/** The table in a file: its first rows, its columns with what stands in them, and all of it in other forms. */
export function TablePreview({ file, otherwise }: TablePreviewProps) {
  const { data, error, refetch } = useQuery({
    ...query('GET /v1/files/:file/table', { params: { file: String(file.id) } }),
    // It is read behind the upload.
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? 1500 : false),
  })
  if (error)
    return asProblem(error).status === 404 ? otherwise : <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data || isUnderWay(data))
    return (
      <Group gap="sm" role="status">
        <Loader size="sm" aria-hidden />
        <Text>The table is being read.</Text>
      </Group>
    )
  if (data.state === 'failed')
    return (
      <Stack gap="sm">
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title="No table can be read out of this file">
          {data.trouble}
        </Alert>
        {otherwise}
      </Stack>
    )
  return <ReadTable table={data} />
}

const forms = [
  ['csv', 'CSV'],
  ['parquet', 'Parquet'],
  ['ndjson', 'NDJSON'],
] as const

function ReadTable({ table }: { table: FileTable }) {
  const { columns, rows, preview, file } = table
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Text>
          {countedText(rows ?? 0, 'row')}, {countedText(columns.length, 'column')}
        </Text>
        <Group gap="xs">
          {forms.map(([format, label]) => (
            <Button
              key={format}
              component="a"
              variant="default"
              size="compact-md"
              leftSection={<IconDownload size={16} aria-hidden />}
              href={addressOf('GET /v1/files/:file/table/rows', {
                params: { file: String(file.id) },
                query: { format },
              })}
              aria-label={`Download the table as ${label}`}
            >
              {label}
            </Button>
          ))}
        </Group>
      </Group>
      <Tabs defaultValue="rows" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="rows">First rows</Tabs.Tab>
          <Tabs.Tab value="columns">Columns ({countText(columns.length)})</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rows" pt="sm">
          <VirtualTable
            label={`First rows of ${file.name}`}
            columns={columns.map(({ name, type, label }, at) => ({
              key: `${at} ${name}`,
              label: name,
              description: label === null ? `${name}: ${type}` : `${label} (${type})`,
              isNumber: type === 'integer' || type === 'number',
              width: Math.min(260, Math.max(90, name.length * 9 + 24)),
            }))}
            rowCount={preview.length}
            totalCount={rows}
            cell={(row, column) => preview[row]?.[column] ?? ''}
            height={420}
          />
        </Tabs.Panel>
        <Tabs.Panel value="columns" pt="sm">
          <Columns columns={columns} rows={rows ?? 0} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

function Columns({ columns, rows }: { columns: FileTable['columns']; rows: number }) {
  return (
    <WideTable label="Columns" minWidth={640} styles={{ td: { verticalAlign: 'top' } }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Type</Table.Th>
          <Table.Th>What stands in it</Table.Th>
          <Table.Th ta="right">Different</Table.Th>
          <Table.Th ta="right">Missing</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {columns.map(({ name, type, label, statistics }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two columns may be called the same
          <Table.Tr key={`${at} ${name}`}>
            <Table.Th scope="row" fw={500} style={{ overflowWrap: 'anywhere' }}>
              {name}
              {label !== null && (
                <Text size="sm" c="dimmed">
                  {label}
                </Text>
              )}
            </Table.Th>
            <Table.Td>{type}</Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{valuesText(type, statistics)}</Table.Td>
            <Table.Td ta="right">{statistics && countText(statistics.distinct)}</Table.Td>
            <Table.Td ta="right">
              {statistics && statistics.missing > 0 && rows > 0
                ? `${countText(statistics.missing)} (${Math.max(1, Math.round((100 * statistics.missing) / rows))} %)`
                : statistics && 'none'}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}
