import { Button, Group, List, Stack, Tabs, Text, Title } from '@mantine/core'
import { IconDownload, IconKey } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { may, useYou } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { longDate } from './expiry-words.ts'
import { choiceOf, grantWords } from './permission-choice.ts'
import { freeName } from './token-name.ts'
import { useTokenMaking } from './use-token-change.ts'
import { WithTokenActs } from './WithTokenActs.tsx'

/** Ready-made calls, as the server writes them for one subscription or model. */
export interface Calls {
  /** What a token needs for it: `subscriptions:run:weekly-usage`. */
  readonly permission: string
  readonly calls: readonly { readonly title: string; readonly language: string; readonly text: string }[]
  /** Address of a Postman collection. */
  readonly postman: string
}

interface CallFromElsewhereProps {
  /** "start Weekly usage", "refresh Jobs". */
  readonly what: string
  /** Under which a token that is made here is listed. */
  readonly tokenName: string
  readonly calls: Calls
}

/** *Call from another application*: a token that may do this and nothing else, and the lines that use it. */
export function CallFromElsewhere(props: CallFromElsewhereProps) {
  return (
    <WithTokenActs>
      <Stack gap="lg">
        <TokenForIt {...props} />
        <Lines calls={props.calls} />
      </Stack>
    </WithTokenActs>
  )
}

function TokenForIt({ what, tokenName, calls: { permission } }: CallFromElsewhereProps) {
  const you = useYou()
  const { data: policy } = useSuspenseQuery(query('GET /v1/tokens/policy'))
  const { data: own } = useQuery({
    ...query('GET /v1/tokens', { query: { live: 'true', limit: 100 } }),
    enabled: may(you, 'tokens:write'),
  })
  const tokens = own?.items ?? []
  const fitting = tokens.filter(({ permissions }) => covers(permissions, permission))
  const days = Math.min(90, Math.floor((Date.parse(policy.maximum_expires_at) - Date.now()) / 86_400_000))
  const { make, isPending, error } = useTokenMaking(() =>
    ask('POST /v1/tokens', {
      body: {
        name: freeName(
          tokens.map(({ name }) => name),
          tokenName,
        ),
        permissions: [permission],
        expires_in_days: Math.max(1, days),
      },
      headers: { 'idempotency-key': idempotencyKey() },
    }),
  )
  return (
    <section>
      <Title order={2} size="h4">
        1. A token that may do this and nothing else
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Any application that holds it can {what} without a login: <PermissionWords permission={permission} />.
      </Text>
      {policy.personal_tokens && may(you, 'tokens:write') ? (
        <Group gap="sm">
          <Button leftSection={<IconKey size={18} aria-hidden />} onClick={make} loading={isPending}>
            Make a token for this
          </Button>
          <Text size="sm" c="dimmed">
            It works for {days} days.
          </Text>
        </Group>
      ) : (
        <Text size="sm">
          Nobody makes tokens for themselves here; ask an administrator for one with this permission.
        </Text>
      )}
      {error && <ProblemAlert error={error} />}
      {fitting.length > 0 && (
        <>
          <Text size="sm" mt="sm">
            Or use one of yours that may do it already:
          </Text>
          <List size="sm">
            {fitting.map(({ id, name, permissions, expires_at }) => (
              <List.Item key={id}>
                <TextLink to="/profile/token" inherit>
                  {name}
                </TextLink>
                , until {longDate(expires_at)}
                {permissions.length > 1 && `, which may do ${permissions.length - 1} more`}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </section>
  )
}

function PermissionWords({ permission }: { permission: string }) {
  const { data } = useSuspenseQuery(query('GET /v1/permissions'))
  return <>{grantWords([permission], data.items).join()}</>
}

/** Whether grants hold a permission, on everything or on this very resource. */
function covers(grants: readonly string[], permission: string): boolean {
  const [noun, verb, ...rest] = permission.split(':')
  const on = choiceOf(grants)[`${noun}:${verb}`]
  return on === null || (on?.includes(rest.join(':')) ?? false)
}

function Lines({ calls: { calls, postman } }: Pick<CallFromElsewhereProps, 'calls'>) {
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        2. The call
      </Title>
      <Tabs defaultValue="0" keepMounted={false}>
        <Tabs.List aria-label="Languages">
          {calls.map(({ title }, at) => (
            <Tabs.Tab key={title} value={String(at)}>
              {title}
            </Tabs.Tab>
          ))}
          <Tabs.Tab value="postman">Postman</Tabs.Tab>
        </Tabs.List>
        {calls.map(({ title, text }, at) => (
          <Tabs.Panel key={title} value={String(at)} pt="xs">
            <CodeBlock code={text} label={`${title} lines`} />
          </Tabs.Panel>
        ))}
        <Tabs.Panel value="postman" pt="xs">
          <Stack gap="xs" align="flex-start">
            <Text size="sm">
              Import the collection, set its variable <b>token</b>, press Send. It also runs under newman.
            </Text>
            <Button
              component="a"
              variant="default"
              href={postman}
              download
              leftSection={<IconDownload size={18} aria-hidden />}
            >
              Download the Postman collection
            </Button>
          </Stack>
        </Tabs.Panel>
      </Tabs>
    </section>
  )
}
