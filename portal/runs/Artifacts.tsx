import { Button, Code, Skeleton, Stack, Table, Text, Title, VisuallyHidden } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { isRefused } from '#portal/kit/ask.ts'
import { bytesText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { asProblem } from '#portal/kit/problem.ts'
import { query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import type { Run } from './run-words.ts'

/** The files that a run made, for those who may have them; nothing where it made none. */
export function Artifacts({ run }: { run: Run }) {
  const total = run.artifacts.total
  const { data, error, isPending, refetch } = useQuery({
    ...query('GET /v1/runs/:run/artifacts', { params: { run: run.id } }),
    // As many as the run says it has: another number is another answer.
    queryKey: ['GET /v1/runs/:run/artifacts', { params: { run: run.id } }, total],
    enabled: total > 0,
  })
  if (total === 0) return null
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h4">
        Files
      </Title>
      {isPending && <Skeleton height={80} />}
      {error &&
        (asProblem(error).status === 403 || isRefused(error, 'not-found') ? (
          <Text c="dimmed">They are for who asked for the run.</Text>
        ) : (
          <ProblemAlert error={error} retry={() => void refetch()} />
        ))}
      {data && (
        <WideTable label="Files" minWidth={600}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th ta="right">Size</Table.Th>
              <Table.Th>Kept until</Table.Th>
              <Table.Th>SHA-256</Table.Th>
              <Table.Th>
                <VisuallyHidden>Download</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.artifacts.map(({ id, name, bytes, expires_at, expired, sha256, url }) => (
              <Table.Tr key={id}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{name}</Table.Td>
                <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                  {bytesText(bytes)}
                </Table.Td>
                <Table.Td>{expired ? 'No longer kept' : <Time at={expires_at} />}</Table.Td>
                <Table.Td>
                  <Code title={sha256}>{sha256.slice(0, 12)}…</Code>
                </Table.Td>
                <Table.Td ta="right">
                  {!expired && (
                    <Button
                      component="a"
                      size="compact-sm"
                      variant="default"
                      href={url}
                      download={name}
                      leftSection={<IconDownload size={16} aria-hidden />}
                      aria-label={`Download ${name}`}
                    >
                      Download
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </Stack>
  )
}
