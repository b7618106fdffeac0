import { Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import type { DatasetView } from './dataset.ts'
import { ExportMenu } from './ExportMenu.tsx'
import { MetadataTable } from './MetadataTable.tsx'
import { metadataSections } from './metadata-rows.ts'
import { versionName } from './version-words.ts'

/** All that is said about the data, and the same as files for other systems. */
export function MetadataPanel({ view: { id, version } }: { view: DatasetView }) {
  const { data, error, refetch } = useQuery({
    ...query('GET /v1/metadata-blocks'),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={240} aria-busy="true" aria-label="Loading" />
  return (
    <Stack>
      {version.state !== 'deaccessioned' && <ExportMenu dataset={id} version={versionName(version)} />}
      <MetadataTable sections={metadataSections(data.items, version.metadata)} />
    </Stack>
  )
}
