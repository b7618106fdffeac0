import { Alert } from '@mantine/core'
import { IconMailbox } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { query } from '#portal/kit/queries.ts'
import type { DatasetView } from './dataset.ts'

/** Tells those who may answer that somebody has asked for a file and waits. */
export function WaitingRequests({ view: { id, my_rights } }: { view: DatasetView }) {
  const you = useYou()
  const params = { dataset: String(id) }
  const { data } = useQuery({
    ...query('GET /v1/datasets/:dataset/access-requests', { params, query: { state: 'open' } }),
    enabled: you !== null && my_rights.includes('ManageFilePermissions'),
  })
  const count = data?.items.length ?? 0
  if (count === 0) return null
  return (
    <Alert color="blue" icon={<IconMailbox aria-hidden />}>
      {countedText(count, 'request for a file waits', 'requests for files wait')} for an answer.{' '}
      <TextLink to="/deposit/$dataset/requests" params={params}>
        See who asked
      </TextLink>
    </Alert>
  )
}
