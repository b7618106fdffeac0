import { Badge, Button, Group, Paper, Skeleton, Stack, Switch, Text, Title, UnstyledButton } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { addressOf, ask } from '#portal/kit/ask.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import type { Reply } from '#portal/kit/contracts.ts'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { bytesText, countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { notifyProblem } from '#portal/kit/notify.ts'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { invalidate, pages, query } from '#portal/kit/queries.ts'
import { exactTime, Time } from '#portal/kit/Time.tsx'
import style from './InboxPage.module.css'
import { MailFrame } from './MailFrame.tsx'

type Item = Reply<'GET /v1/inbox'>['items'][number]

export function InboxPage() {
  return (
    <SignedIn>
      <Inbox />
    </SignedIn>
  )
}

const changed = (): Promise<unknown> => invalidate('GET /v1/inbox', 'GET /v1/inbox/:item')

function useMark() {
  return useMutation({
    mutationFn: (body: { items?: string[]; read: boolean }) => ask('POST /v1/inbox/read', { body }),
    onSuccess: () => void changed(),
    onError: notifyProblem,
  })
}

/** The reports that were delivered to whoever is signed in; the one that is open stands in the address. */
function Inbox() {
  const { item, unread } = useSearch({ from: '/inbox' })
  const navigate = useNavigate({ from: '/inbox' })
  const list = useInfiniteQuery({
    ...pages('GET /v1/inbox', { query: { limit: 30, unread: unread === 'true' ? 'true' : undefined } }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  })
  const mark = useMark()
  const items = list.data?.pages.flatMap(({ body }) => body.items) ?? []
  const count = list.data?.pages[0]?.body.unread ?? 0
  return (
    <Page
      wide
      title="Inbox"
      windowTitle={count > 0 ? `Inbox (${count})` : 'Inbox'}
      lead="Reports that were delivered to you."
      actions={
        count > 0 && (
          <Button variant="default" loading={mark.isPending} onClick={() => mark.mutate({ read: true })}>
            Mark all as read
          </Button>
        )
      }
    >
      <Switch
        label="Only unread"
        checked={unread === 'true'}
        onChange={({ currentTarget: { checked } }) =>
          void navigate({
            search: ({ unread: _, ...rest }) => (checked ? { ...rest, unread: 'true' } : rest),
            replace: true,
          })
        }
      />
      {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={240} />}
      {list.isSuccess && items.length === 0 && item === undefined && (
        <EmptyState title={unread === 'true' ? 'Everything is read' : 'Nothing has been delivered to you yet'}>
          A report that somebody sends to your account by a subscription comes here, whether or not mail goes out.
        </EmptyState>
      )}
      <div className={style.columns} data-open={item !== undefined || undefined}>
        {items.length > 0 && (
          <Stack gap="xs" className={style.list ?? ''}>
            <nav aria-label="Delivered reports">
              <Stack gap={4}>
                {items.map((each) => (
                  <ItemButton
                    key={each.id}
                    item={each}
                    current={each.id === item}
                    open={() => void navigate({ search: (before) => ({ ...before, item: each.id }) })}
                  />
                ))}
              </Stack>
            </nav>
            <LoadMore list={list} shown={countedText(items.length, 'report')} />
          </Stack>
        )}
        {item !== undefined && <OpenItem key={item} id={item} />}
      </div>
    </Page>
  )
}

function ItemButton({ item, current, open }: { item: Item; current: boolean; open: () => void }) {
  const unread = item.read_at === null
  return (
    <UnstyledButton
      className={style.item ?? ''}
      onClick={open}
      aria-current={current || undefined}
      data-unread={unread || undefined}
    >
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text fw={unread ? 650 : 400} lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
          {item.subject}
        </Text>
        {unread && (
          <Badge size="sm" tt="none">
            New
          </Badge>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {item.from}, <Time at={item.at} />
        {item.files.length > 0 && `, ${countedText(item.files.length, 'file')}`}
      </Text>
    </UnstyledButton>
  )
}

function OpenItem({ id }: { id: string }) {
  const { data, error, isPending, refetch } = useQuery(query('GET /v1/inbox/:item', { params: { item: id } }))
  const mark = useMark()
  const unread = data !== undefined && data.read_at === null
  const { mutate } = mark
  // Being shown is being read.
  useEffect(() => {
    if (unread) mutate({ items: [id], read: true })
  }, [id, unread, mutate])
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (isPending) return <Skeleton height={320} />
  return (
    <Paper withBorder p="md" component="article" aria-label={data.subject} className={style.open ?? ''}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap="xs">
          <div>
            <Title order={2} size="h3" style={{ overflowWrap: 'anywhere' }}>
              {data.subject}
            </Title>
            <Text size="sm" c="dimmed">
              From {data.from}, {exactTime(data.at)},{' '}
              <TextLink to="/subscriptions/$subscription" params={{ subscription: data.subscription }} inherit>
                by this subscription
              </TextLink>
            </Text>
          </div>
          <TextLink to="/inbox" search={({ item: _, ...rest }) => rest} size="sm">
            Close
          </TextLink>
        </Group>
        <Files item={data} />
        {data.body !== '' && <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{data.body}</Text>}
        {data.html !== null && <MailFrame html={data.html} title="The report" height={640} />}
      </Stack>
    </Paper>
  )
}

function Files({ item: { id, files } }: { item: Item }) {
  if (files.length === 0) return null
  return (
    <Group gap="xs">
      {files.map((file) => (
        <Button
          key={file.id}
          component="a"
          variant="default"
          size="sm"
          h="auto"
          mih={36}
          py={6}
          maw="100%"
          styles={{ label: { whiteSpace: 'normal', overflowWrap: 'anywhere' } }}
          href={addressOf('GET /v1/inbox/:item/files/:file', { params: { item: id, file: file.id } })}
          download={file.name}
          leftSection={<IconDownload size={18} aria-hidden />}
          title={`Kept until ${exactTime(file.expires_at)}`}
        >
          {file.name} ({bytesText(file.bytes)})
        </Button>
      ))}
    </Group>
  )
}
