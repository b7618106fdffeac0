import { ActionIcon, Indicator } from '@mantine/core'
import { IconInbox } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { query } from '#portal/kit/queries.ts'

/** The way to the inbox, with how many reports are unread; asked now and then while the window is looked at. */
export function InboxLink() {
  const { data } = useQuery({
    ...query('GET /v1/inbox', { query: { limit: 1, unread: 'true' } }),
    refetchInterval: 60_000,
    staleTime: 30_000,
  })
  const unread = data?.unread ?? 0
  return (
    <Indicator label={unread > 99 ? '99+' : unread} size={16} disabled={unread === 0} offset={4}>
      <ActionIcon
        variant="default"
        size={30}
        aria-label={unread === 0 ? 'Inbox' : `Inbox, ${unread} unread`}
        renderRoot={(props) => <Link to="/inbox" {...props} />}
      >
        <IconInbox size={18} aria-hidden />
      </ActionIcon>
    </Indicator>
  )
}
