import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { query } from '#portal/kit/queries.ts'
import { copyDataset } from './copy-lines.ts'
import type { DatasetView } from './dataset.ts'
import { mayBeTable } from './preview-kind.ts'
import { UseApiPanel } from './UseApiPanel.tsx'
import { versionName } from './version-words.ts'

/** The lines for this dataset in this version, with a table out of its files where there is one. */
export function UseApiTab({ view: { id, pid, version } }: { view: DatasetView }) {
  const name = versionName(version)
  const { data, isPending } = useQuery(
    query('GET /v1/datasets/:dataset/versions/:version/files', {
      params: { dataset: String(id), version: name },
      query: { limit: 100 },
    }),
  )
  if (isPending) return <Skeleton height={240} aria-busy="true" aria-label="Loading" />
  const files = data?.items ?? []
  const table = files.find(
    ({ name, may_download, bytes }) => bytes > 0 && may_download && mayBeTable(name) && !/json$/i.test(name),
  )
  const needsToken = version.state !== 'released' || files.some(({ access }) => access !== 'public')
  return (
    <UseApiPanel
      needsToken={needsToken}
      copies={copyDataset({
        site: window.location.origin,
        pid,
        version: name,
        needsToken,
        table: table ? { id: table.id, label: table.path } : null,
      })}
    />
  )
}
