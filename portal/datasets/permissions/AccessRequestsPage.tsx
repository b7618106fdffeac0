import { Button, Group, Select, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { IconMailbox } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { ask } from '#portal/kit/ask.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { KeepFocus } from '#portal/kit/KeepFocus.tsx'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { notifyDone, notifyProblem } from '#portal/kit/notify.ts'
import { Page } from '#portal/kit/Page.tsx'
import { PageSkeleton } from '#portal/kit/PageSkeleton.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { RequestProblem } from '#portal/kit/problem.ts'
import { invalidate, query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { rolesChanged } from './assignments.ts'
import { NotYours } from './NotYours.tsx'
import { type AccessRequest, requestPages } from './request-pages.ts'

export function AccessRequestsPage() {
  return (
    <SignedIn>
      <Requests />
    </SignedIn>
  )
}

const states = [
  { value: 'open', label: 'Waiting for an answer' },
  { value: 'granted', label: 'Granted' },
  { value: 'rejected', label: 'Rejected' },
] as const

/** Who asked for restricted files of a dataset, to be let in or refused. */
function Requests() {
  const { dataset: id } = useParams({ from: '/deposit/$dataset/requests' })
  const { of } = useSearch({ from: '/deposit/$dataset/requests' })
  const { data: dataset } = useSuspenseQuery(query('GET /v1/datasets/:dataset', { params: { dataset: id } }))
  const [state, setState] = useState<AccessRequest['state']>('open')
  // Mails to those who manage some of its files only say so in the address; they see what is asked of these.
  const mayAsk = dataset.my_rights.includes('ManageFilePermissions') || of === 'files'
  const list = useInfiniteQuery({ ...requestPages(id, state), enabled: mayAsk })
  const requests = list.data?.pages.flatMap(({ body }) => body.items)
  const title = `Access requests for ${dataset.version.title}`
  const isRefused = list.error instanceof RequestProblem && list.error.status === 403
  if (!mayAsk || isRefused) return <NotYours title={title} what="the files of this dataset" />
  return (
    <Page
      title={title}
      lead={
        <TextLink to="/datasets/$" params={{ _splat: dataset.pid }} search={{}}>
          Back to the dataset
        </TextLink>
      }
    >
      <KeepFocus>
        <Stack>
          <Select
            label="Show"
            data={[...states]}
            value={state}
            onChange={(next) => setState((next ?? 'open') as AccessRequest['state'])}
            allowDeselect={false}
            w={240}
          />
          {list.error ? (
            <ProblemAlert error={list.error} />
          ) : requests === undefined ? (
            <PageSkeleton />
          ) : requests.length === 0 ? (
            <EmptyState icon={IconMailbox} title={state === 'open' ? 'Nobody waits for an answer' : 'There are none'}>
              {state === 'open' && 'Whoever asks for a restricted file of this dataset will stand here.'}
            </EmptyState>
          ) : (
            <>
              <WideTable label="Access requests" minWidth={300}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Who</Table.Th>
                    <Table.Th>File</Table.Th>
                    <Table.Th visibleFrom="sm">Asked</Table.Th>
                    <Table.Th>
                      <VisuallyHidden>Acts</VisuallyHidden>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {requests.map((request) => (
                    <RequestRow key={`${request.file.id} ${request.account.id}`} request={request} />
                  ))}
                </Table.Tbody>
              </WideTable>
              <LoadMore list={list} shown={countedText(requests.length, 'request')} />
            </>
          )}
        </Stack>
      </KeepFocus>
    </Page>
  )
}

function RequestRow({ request: { file, account, created_at, state } }: { request: AccessRequest }) {
  const { mutate, isPending, variables } = useMutation({
    mutationFn: (answer: 'grant' | 'rejection') => {
      const params = { file: String(file.id), account: account.id }
      return answer === 'grant'
        ? ask('PUT /v1/files/:file/access-requests/:account/grant', { params })
        : ask('PUT /v1/files/:file/access-requests/:account/rejection', { params })
    },
    onSuccess: (_, answer) => {
      notifyDone(
        answer === 'grant'
          ? `${account.display_name} may download ${file.path}.`
          : `${account.display_name} ${state === 'granted' ? 'is no longer given' : 'was not given'} ${file.path}.`,
      )
      void invalidate('GET /v1/datasets/:dataset/access-requests')
      void rolesChanged()
    },
    onError: notifyProblem,
  })
  const about = (
    <VisuallyHidden>
      {' '}
      {account.display_name} {file.path}
    </VisuallyHidden>
  )
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {account.display_name}
        <Text size="sm" c="dimmed">
          {account.email ?? account.user_name}
        </Text>
        <Text size="sm" c="dimmed" hiddenFrom="sm">
          <Time at={created_at} />
        </Text>
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{file.path}</Table.Td>
      <Table.Td visibleFrom="sm">
        <Time at={created_at} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end">
          {state !== 'granted' && (
            <Button size="compact-sm" loading={isPending && variables === 'grant'} onClick={() => mutate('grant')}>
              Grant{about}
            </Button>
          )}
          {state !== 'rejected' && (
            <Button
              size="compact-sm"
              variant="default"
              loading={isPending && variables === 'rejection'}
              onClick={() => mutate('rejection')}
            >
              {state === 'granted' ? 'Take back' : 'Reject'}
              {about}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
