import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { ConfirmDialog } from '#portal/kit/ConfirmDialog.tsx'
import type { Reply } from '#portal/kit/contracts.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { invalidate, query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { browserWords } from './browser-words.ts'

type Session = Reply<'GET /v1/sessions'>['sessions'][number]

/** Where one is signed in: this browser and all others, each of which can be ended from here. */
export function SessionsPage() {
  const { sessions } = useSuspenseQuery(query('GET /v1/sessions')).data
  const [toEnd, setToEnd] = useState<Session | null>(null)
  const [endingOthers, setEndingOthers] = useState(false)
  const end = useMutation({
    mutationFn: ({ id }: Session) => ask('DELETE /v1/sessions/:session', { params: { session: id } }),
    onSuccess: async (_, session) => {
      setToEnd(null)
      notifyDone(`The session of ${browserWords(session.client)} has ended.`)
      await invalidate('GET /v1/sessions')
    },
  })
  const endOthers = useMutation({
    mutationFn: () => ask('DELETE /v1/sessions'),
    onSuccess: async ({ ended }) => {
      setEndingOthers(false)
      notifyDone(ended === 1 ? 'One other session has ended.' : `${ended} other sessions have ended.`)
      await invalidate('GET /v1/sessions')
    },
  })
  const others = sessions.filter(({ current }) => !current).length
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={2} size="h3">
            Sessions
          </Title>
          <Text c="dimmed" size="sm">
            Where you are signed in. End what you do not know, and change your password then.
          </Text>
        </div>
        {others > 0 && (
          <Button variant="default" onClick={() => setEndingOthers(true)}>
            End all others
          </Button>
        )}
      </Group>
      <Stack gap="xs" component="ul" m={0} p={0} aria-label="Sessions">
        {[...sessions]
          .sort((a, b) => Number(b.current) - Number(a.current))
          .map((session) => (
            <SessionItem key={session.id} session={session} end={() => setToEnd(session)} />
          ))}
      </Stack>
      <ConfirmDialog
        opened={toEnd !== null}
        close={() => setToEnd(null)}
        title="End this session?"
        confirm="End session"
        onConfirm={() => toEnd && end.mutate(toEnd)}
        busy={end.isPending}
        error={end.error}
      >
        {toEnd && `${browserWords(toEnd.client)}, from ${toEnd.address ?? 'an unknown address'}, will be signed out.`}
      </ConfirmDialog>
      <ConfirmDialog
        opened={endingOthers}
        close={() => setEndingOthers(false)}
        title="End all other sessions?"
        confirm="End all others"
        onConfirm={() => endOthers.mutate()}
        busy={endOthers.isPending}
        error={endOthers.error}
      >
        {others === 1 ? 'One other browser' : `${others} other browsers`} will be signed out; this one stays. API tokens
        go on working.
      </ConfirmDialog>
    </Stack>
  )
}

function SessionItem({ session, end }: { session: Session; end: () => void }) {
  return (
    <Paper withBorder p="md" component="li" style={{ listStyle: 'none' }}>
      <Group justify="space-between" gap="sm">
        <div>
          <Group gap="xs">
            <Text fw={600}>{browserWords(session.client)}</Text>
            {session.current && <Badge variant="light">This session</Badge>}
          </Group>
          <Text size="sm" c="dimmed">
            {session.address ?? 'Unknown address'} · used <Time at={session.last_seen_at} /> · signed in{' '}
            <Time at={session.created_at} /> · ends <Time at={session.expires_at} /> at the latest
          </Text>
        </div>
        {!session.current && (
          <Button
            variant="default"
            size="compact-md"
            onClick={end}
            aria-label={`End the session of ${browserWords(session.client)}`}
          >
            End
          </Button>
        )}
      </Group>
    </Paper>
  )
}
