import { Alert, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { bytesText, countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { pages } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { OutboxMail } from './OutboxMail.tsx'

/** Mails that went nowhere, since there is no mail server: to be looked at as their recipients would see them. */
export function OutboxPage() {
  const { search, mail } = useSearch({ from: '/admin/outbox' })
  const navigate = useNavigate({ from: '/admin/outbox' })
  const list = useInfiniteQuery({
    ...pages('GET /v1/outbox', { query: { search, limit: 50 } }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  })
  const mails = list.data?.pages.flatMap(({ body }) => body.mails) ?? []
  const bySmtp = list.data?.pages[0]?.body.via === 'smtp'
  return (
    <Page
      wide
      title="Outbox"
      lead="Without a mail server, mails become files in var/outbox and go nowhere. Here they can be read."
    >
      {bySmtp && (
        <Alert color="gray" variant="light" title="Mail goes out by the mail server now">
          What stands here is from before.
        </Alert>
      )}
      {mail !== undefined && <OutboxMail key={mail} id={mail} />}
      <TextInput
        label="Search"
        type="search"
        placeholder="Recipient or subject"
        leftSection={<IconSearch size={18} aria-hidden />}
        value={search ?? ''}
        onChange={({ currentTarget: { value } }) =>
          void navigate({
            search: ({ search: _, ...rest }) => (value === '' ? rest : { ...rest, search: value }),
            replace: true,
          })
        }
        maw={420}
      />
      <Stack>
        {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
        {list.isPending && <Skeleton height={200} />}
        {list.isSuccess && mails.length === 0 && (
          <EmptyState title={search ? 'No mail is like that' : 'No mails yet'}>
            {search ? 'Search for less.' : 'Run a subscription, and what it sends stands here.'}
          </EmptyState>
        )}
        {mails.length > 0 && (
          <>
            <WideTable label="Mails" minWidth={560}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Subject</Table.Th>
                  <Table.Th>To</Table.Th>
                  <Table.Th>Written</Table.Th>
                  <Table.Th ta="right">Size</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {mails.map(({ id, subject, to, at, bytes }) => (
                  <Table.Tr key={id} {...(id === mail && { bg: 'var(--mantine-primary-color-light)' })}>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>
                      <TextLink to="/admin/outbox" search={(before) => ({ ...before, mail: id })} fw={600}>
                        {subject || 'Without a subject'}
                      </TextLink>
                    </Table.Td>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>{to.join(', ')}</Table.Td>
                    <Table.Td style={{ whiteSpace: 'nowrap' }}>
                      <Time at={at} />
                    </Table.Td>
                    <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                      <Text size="sm">{bytesText(bytes)}</Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </WideTable>
            <LoadMore list={list} shown={countedText(mails.length, 'mail')} />
          </>
        )}
      </Stack>
    </Page>
  )
}
