import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { invalidate, query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { ActModal } from './ActModal.tsx'

/** A calendar to subscribe to, which holds the ends of all one's tokens. Its address is a secret, and shown once. */
export function CalendarFeed() {
  const { data: feed } = useSuspenseQuery(query('GET /v1/tokens/feed'))
  const [address, setAddress] = useState<string | null>(null)
  const [asking, setAsking] = useState<'renew' | 'end' | null>(null)
  const settled = () => {
    setAsking(null)
    void invalidate('GET /v1/tokens/feed')
  }
  const renew = useMutation({
    gcTime: 0,
    mutationFn: async () => setAddress((await ask('POST /v1/tokens/feed')).address),
    onSuccess: settled,
  })
  const end = useMutation({
    mutationFn: () => ask('DELETE /v1/tokens/feed'),
    onSuccess: () => {
      setAddress(null)
      settled()
    },
  })
  const act = asking === 'end' ? end : renew
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Title order={3} size="h5">
          Expiry dates in your calendar
        </Title>
        <Text size="sm" c="dimmed" maw={720}>
          A calendar program that is given this address shows when each of your tokens ends, and reminds you 14 days and
          1 day before.
          {feed.created_at !== null && (
            <>
              {' '}
              The address was made <Time at={feed.created_at} />.
            </>
          )}
        </Text>
        {address !== null && (
          <Alert variant="light" color="teal" title="The address is shown this once" withCloseButton={false}>
            <CodeBlock code={address} label="calendar address" />
            <Button mt="xs" size="sm" variant="default" onClick={() => setAddress(null)}>
              I have copied it
            </Button>
          </Alert>
        )}
        <Group gap="xs">
          <Button
            size="sm"
            variant="default"
            loading={renew.isPending}
            onClick={() => (feed.created_at === null ? renew.mutate() : setAsking('renew'))}
          >
            {feed.created_at === null ? 'Get a calendar address' : 'Make a new address'}
          </Button>
          {feed.created_at !== null && (
            <Button size="sm" variant="default" onClick={() => setAsking('end')}>
              Stop the calendar
            </Button>
          )}
        </Group>
        {asking === null && (renew.error ?? end.error) && <ProblemAlert error={renew.error ?? end.error} />}
      </Stack>
      <ActModal
        opened={asking !== null}
        title={asking === 'end' ? 'Stop the calendar?' : 'Make a new calendar address?'}
        onClose={() => setAsking(null)}
        onClosed={() => {}}
        verb={asking === 'end' ? 'Stop the calendar' : 'Make a new address'}
        dangerous={asking === 'end'}
        onSubmit={() => act.mutate()}
        pending={act.isPending}
        error={act.error}
      >
        <Text>The present address stops working. Calendars that use it no longer hear of your tokens.</Text>
      </ActModal>
    </Paper>
  )
}
