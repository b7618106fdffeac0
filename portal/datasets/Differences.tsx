import { Badge, Box, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Reply } from '#portal/kit/contracts.ts'
import { bytesText, countedText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { valueText } from './difference-words.ts'
import { termLabel } from './term-words.ts'

type Compared = Reply<'GET /v1/datasets/:dataset/versions/:version/differences'>
type File = Compared['files']['added'][number]

interface DifferencesProps {
  readonly dataset: number
  readonly version: string
  /** The older one. */
  readonly before: string
}

/** Lists of files longer than this are cut, with how many more there are. */
const mostFiles = 50

/** What changed from one version to another: words before and after, and files that came, went or changed. */
export function Differences({ dataset, version, before }: DifferencesProps) {
  const { data, error, refetch } = useQuery(
    query('GET /v1/datasets/:dataset/versions/:version/differences', {
      params: { dataset: String(dataset), version },
      query: { with: before },
    }),
  )
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={120} mt="sm" aria-busy="true" aria-label="Loading" />
  const words = [
    ...data.metadata.map(({ block, field, display_name, before: was, after: is }) => ({
      key: `${block} ${field}`,
      label: display_name,
      was: valueText(was),
      is: valueText(is),
    })),
    ...data.terms.map(({ name, before: was, after: is }) => ({
      key: name,
      label: termLabel(name),
      was: was ?? '',
      is: is ?? '',
    })),
  ]
  const { added, removed, replaced, changed } = data.files
  const nothing = words.length + added.length + removed.length + replaced.length + changed.length === 0
  return (
    <Stack gap="md" mt="sm">
      {nothing && <Text>Nothing differs.</Text>}
      {words.length > 0 && (
        <WideTable label="Changed words" minWidth={300} layout="fixed" styles={{ td: { verticalAlign: 'top' } }}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="26%">Field</Table.Th>
              <Table.Th>Before</Table.Th>
              <Table.Th>After</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {words.map(({ key, label, was, is }) => (
              <Table.Tr key={key}>
                <Table.Th scope="row" style={{ overflowWrap: 'anywhere' }}>
                  {label}
                </Table.Th>
                <Told text={was} />
                <Told text={is} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      <FileChanges title="Files added" count={added.length}>
        {added.slice(0, mostFiles).map((file) => (
          <FileLine key={file.id} file={file} />
        ))}
      </FileChanges>
      <FileChanges title="Files removed" count={removed.length}>
        {removed.slice(0, mostFiles).map((file) => (
          <FileLine key={file.id} file={file} />
        ))}
      </FileChanges>
      <FileChanges title="Files replaced" count={replaced.length}>
        {replaced.slice(0, mostFiles).map(({ before: was, after: is }) => (
          <FileLine key={is.id} file={is}>
            instead of {pathOf(was)}, {bytesText(was.bytes)}
          </FileLine>
        ))}
      </FileChanges>
      <FileChanges title="Files described anew" count={changed.length}>
        {changed.slice(0, mostFiles).map(({ before: was, after: is, members }) => (
          <FileLine key={is.id} file={is}>
            {pathOf(was) !== pathOf(is) && `was ${pathOf(was)}; `}
            {members.join(', ').replaceAll('_', ' ')}
          </FileLine>
        ))}
      </FileChanges>
    </Stack>
  )
}

const Told = ({ text }: { text: string }) => (
  <Table.Td style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>
    {text === '' ? (
      <Text component="span" size="sm" c="dimmed">
        nothing
      </Text>
    ) : (
      text
    )}
  </Table.Td>
)

const pathOf = ({ directory, name }: File): string => (directory === '' ? name : `${directory}/${name}`)

function FileChanges({ title, count, children }: { title: string; count: number; children: ReactNode }) {
  if (count === 0) return null
  return (
    <section>
      <Group gap="xs" mb={4}>
        <Title order={3} size="h6">
          {title}
        </Title>
        <Badge variant="default">{count}</Badge>
      </Group>
      <Box component="ul" m={0} pl="md" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Box>
      {count > mostFiles && (
        <Text size="sm" c="dimmed">
          and {countedText(count - mostFiles, 'more file')}
        </Text>
      )}
    </section>
  )
}

const FileLine = ({ file, children }: { file: File; children?: ReactNode }) => (
  <li>
    {pathOf(file)}{' '}
    <Text component="span" size="sm" c="dimmed">
      {bytesText(file.bytes)} {children && <>· {children}</>}
    </Text>
  </li>
)
