import { Alert } from '@mantine/core'
import { IconMailbox } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { countedText } from '#portal/kit/figures.ts'
import type { DatasetView } from './dataset.ts'
import { requestPages } from './permissions/request-pages.ts'

/** Tells those who may answer that somebody has asked for a file and waits. */
export function WaitingRequests({ view: { id, my_rights } }: { view: DatasetView }) {
  const you = useYou()
  const params = { dataset: String(id) }
  const { data, hasNextPage } = useInfiniteQuery({
    ...requestPages(params.dataset, 'open'),
    enabled: you !== null && my_rights.includes('ManageFilePermissions'),
  })
  const count = data?.pages.reduce((sum, { body }) => sum + body.items.length, 0) ?? 0
  if (count === 0) return null
  const waiting = countedText(count, 'request for a file waits', 'requests for files wait')
  return (
    <Alert color="blue" icon={<IconMailbox aria-hidden />}>
      {hasNextPage ? `More than ${waiting}` : waiting} for an answer.{' '}
      <TextLink to="/deposit/$dataset/requests" params={params}>
        See who asked
      </TextLink>
    </Alert>
  )
}
