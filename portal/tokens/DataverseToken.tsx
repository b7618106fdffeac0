import { Alert, Button, Code, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconCalendarPlus, IconKey, IconRefresh, IconTrash } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useYou } from '#portal/instance/instance.ts'
import { addressOf, ask } from '#portal/kit/ask.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { ActModal } from './ActModal.tsx'
import { longDate } from './expiry-words.ts'
import { LastUse } from './LastUse.tsx'
import type { Token } from './token.ts'
import { useTokenChange, useTokenMaking } from './use-token-change.ts'

const slot = { params: { slot: 'dataverse' } } as const

/** The one token of Dataverse's clients, in Dataverse's words: its expiry date above it, *Create Token*, *Recreate Token*. */
export function DataverseToken() {
  const you = useYou()
  const { data } = useSuspenseQuery(query('GET /v1/tokens/slots/:slot', slot))
  const [asking, setAsking] = useState<'recreate' | 'delete' | null>(null)
  const { token, next_expires_at: next } = data
  const close = () => setAsking(null)
  const { make, isPending, error } = useTokenMaking(
    () => ask('POST /v1/tokens/slots/:slot', { ...slot, headers: { 'idempotency-key': idempotencyKey() } }),
    close,
  )
  const remove = useTokenChange(
    () => ask('DELETE /v1/tokens/slots/:slot', slot),
    () => {
      notifyDone('The token is deleted: nothing accepts it any more.')
      close()
    },
  )
  if (next === null && token === null) return null
  const isOver = token?.state === 'expired'
  return (
    <Paper component="section" withBorder p="md" aria-labelledby="dataverse-token">
      <Stack gap="sm">
        <Title order={3} size="h5" id="dataverse-token">
          API Token for depositing (Dataverse)
        </Title>
        <Text size="sm" c="dimmed" maw={720}>
          pyDataverse, DVUploader, the Dataverse client for R and every other client of Dataverse take this one token:
          you have one, with all your rights to datasets
          {next !== null && <>, and a new one is valid until {longDate(next)}</>}. See the{' '}
          <TextLink to="/docs">API docs</TextLink>.
        </Text>
        {token === null ? (
          <Text>API Token for {you?.account.display_name} has not been created.</Text>
        ) : (
          <Existing token={token} isOver={isOver} />
        )}
        <Group gap="xs">
          {token === null ? (
            <Button size="sm" leftSection={<IconKey size={16} aria-hidden />} onClick={make} loading={isPending}>
              Create Token
            </Button>
          ) : (
            <>
              {next !== null && (
                <Button
                  size="sm"
                  variant={isOver ? 'filled' : 'default'}
                  leftSection={<IconRefresh size={16} aria-hidden />}
                  loading={isOver && isPending}
                  // Nothing works with one that has expired: there is nothing to ask.
                  onClick={() => (isOver ? make() : setAsking('recreate'))}
                >
                  Recreate Token
                </Button>
              )}
              <Button
                size="sm"
                variant="default"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => setAsking('delete')}
              >
                Revoke Token
              </Button>
              {!isOver && <Reminder token={token} />}
            </>
          )}
        </Group>
        {asking === null && error && <ProblemAlert error={error} />}
      </Stack>
      <ActModal
        title="Recreate the token?"
        opened={asking === 'recreate'}
        onClose={close}
        onClosed={() => {}}
        verb="Recreate Token"
        dangerous
        onSubmit={make}
        pending={isPending}
        error={error}
      >
        <Text>
          You get a new token{next !== null && <>, valid until {longDate(next)}</>}. The old one stops at once: every
          script and program that uses it is refused until it is given the new one.
        </Text>
      </ActModal>
      <ActModal
        title="Revoke the token?"
        opened={asking === 'delete'}
        onClose={close}
        onClosed={() => {}}
        verb="Revoke Token"
        dangerous
        onSubmit={() => remove.mutate()}
        pending={remove.isPending}
        error={remove.error}
      >
        <Text>It stops at once and for good. You can create another at any time.</Text>
      </ActModal>
    </Paper>
  )
}

function Existing({ token, isOver }: { token: Token; isOver: boolean }) {
  return (
    <Stack gap={6}>
      <Text>
        <b>Expiration Date:</b> <time dateTime={token.expires_at}>{token.expires_at.slice(0, 10)}</time>
      </Text>
      {isOver && (
        <Alert color="orange" variant="light" icon={<IconAlertTriangle aria-hidden />} p="xs">
          This token is expired, please generate a new one.
        </Alert>
      )}
      <Group gap="xs">
        <Code fz="sm" style={{ overflowWrap: 'anywhere' }}>
          tsr_{token.id}_••••••••••••
        </Code>
        <Text size="sm" c="dimmed">
          Shown in full once, when it was made.
        </Text>
      </Group>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        <LastUse token={token} />
      </Text>
    </Stack>
  )
}

const Reminder = ({ token }: { token: Token }) => (
  <Button
    component="a"
    href={addressOf('GET /v1/tokens/:token/calendar.ics', { params: { token: token.id } })}
    download="dataverse-token.ics"
    size="sm"
    px="xs"
    variant="subtle"
    leftSection={<IconCalendarPlus size={16} aria-hidden />}
  >
    Add expiry date to calendar
  </Button>
)
