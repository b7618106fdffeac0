import { Alert, Button, Menu, Paper, Stack, Tabs } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDots, IconInfoCircle, IconPlayerPlay, IconSend } from '@tabler/icons-react'
import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { ask } from '#portal/kit/ask.ts'
import { ButtonLink, TextLink } from '#portal/kit/ButtonLink.tsx'
import { ConfirmDialog } from '#portal/kit/ConfirmDialog.tsx'
import { notifyDone } from '#portal/kit/notify.ts'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { CallSubscription } from './CallSubscription.tsx'
import { DeliveryPanel } from './DeliveryPanel.tsx'
import { RecipientList } from './RecipientList.tsx'
import { SubscriptionFacts } from './SubscriptionFacts.tsx'
import { SubscriptionHistory } from './SubscriptionHistory.tsx'
import { type Subscription, stateHelp } from './subscription.ts'
import { subscriptionsChanged } from './use-save.ts'
import { useStart, useStateChange } from './use-subscription-act.ts'
import { useSubscriptionRuns } from './use-subscription-runs.ts'

export function SubscriptionPage() {
  const { subscription } = useParams({ from: '/subscriptions/$subscription' })
  return (
    <SignedIn>
      <OneSubscription key={subscription} id={subscription} />
    </SignedIn>
  )
}

function OneSubscription({ id }: { id: string }) {
  const { data } = useSuspenseQuery({
    ...query('GET /v1/subscriptions/:subscription', { params: { subscription: id } }),
    refetchInterval: 15_000,
  })
  const runs = useSubscriptionRuns(id)
  const { name, description, state, state_reason, may, report_title, report } = data
  const start = useStart(id, runs.watch)
  useTestOnArrival(may.edit, () => start.mutate({ test: true }))
  return (
    <Page
      title={name}
      lead={
        <>
          {description}{' '}
          <TextLink to="/subscriptions" style={{ whiteSpace: 'nowrap' }}>
            All subscriptions
          </TextLink>
        </>
      }
      actions={<Actions subscription={data} start={start} />}
    >
      {state !== 'active' && (
        <Alert color="orange" variant="light" icon={<IconInfoCircle aria-hidden />} title={state_reason ?? undefined}>
          {stateHelp[state]}
        </Alert>
      )}
      {report_title === null && (
        <Alert color="red" variant="light" title={`The report ${report} is not there any more`}>
          Runs will fail until another report is chosen.
        </Alert>
      )}
      <DeliveryPanel runs={runs} />
      <Paper withBorder p="md">
        <SubscriptionFacts subscription={data} />
      </Paper>
      <Parts subscription={data} runs={runs} />
    </Page>
  )
}

/** "Save and send a test to me" ends here, once. */
function useTestOnArrival(mayTest: boolean, test: () => void): void {
  const { test: asked } = useSearch({ from: '/subscriptions/$subscription' })
  const navigate = useNavigate({ from: '/subscriptions/$subscription' })
  const done = useRef(false)
  useEffect(() => {
    if (asked === undefined || done.current) return
    done.current = true
    void navigate({ search: ({ test: _, ...rest }) => rest, replace: true })
    if (mayTest) test()
  })
}

interface ActionsProps {
  readonly subscription: Subscription
  readonly start: ReturnType<typeof useStart>
}

function Actions({ subscription, start }: ActionsProps) {
  const { id, state, may } = subscription
  const change = useStateChange(subscription)
  const [asking, { open, close }] = useDisclosure()
  return (
    <>
      {may.edit && (
        <>
          <ButtonLink to="/subscriptions/$subscription/edit" params={{ subscription: id }} variant="default">
            Edit
          </ButtonLink>
          <Button
            variant="default"
            leftSection={<IconSend size={18} aria-hidden />}
            disabled={start.isPending}
            onClick={() => start.mutate({ test: true })}
          >
            Send a test to me
          </Button>
        </>
      )}
      {may.run && (
        <Button
          leftSection={<IconPlayerPlay size={18} aria-hidden />}
          loading={start.isPending}
          disabled={state !== 'active'}
          onClick={() => start.mutate({ test: false })}
        >
          Run now
        </Button>
      )}
      {may.edit && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px="xs" aria-label="More acts">
              <IconDots size={18} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {state === 'active' ? (
              <Menu.Item onClick={() => change.mutate('pause')}>Pause</Menu.Item>
            ) : (
              <Menu.Item onClick={() => change.mutate('resume')}>Resume</Menu.Item>
            )}
            {state !== 'archived' && <Menu.Item onClick={() => change.mutate('archive')}>Put away</Menu.Item>}
            <Menu.Item color="red" onClick={open}>
              Delete…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <DeleteSubscription subscription={subscription} opened={asking} close={close} />
    </>
  )
}

interface DeleteSubscriptionProps {
  readonly subscription: Subscription
  readonly opened: boolean
  readonly close: () => void
}

function DeleteSubscription({ subscription: { id, name }, opened, close }: DeleteSubscriptionProps) {
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => ask('DELETE /v1/subscriptions/:subscription', { params: { subscription: id } }),
    onSuccess: async () => {
      notifyDone(`${name} is deleted.`)
      await navigate({ to: '/subscriptions' })
      void subscriptionsChanged()
    },
  })
  return (
    <ConfirmDialog
      opened={opened}
      close={close}
      title={`Delete ${name}?`}
      confirm="Delete subscription"
      onConfirm={() => remove.mutate()}
      busy={remove.isPending}
      error={remove.error}
    >
      Nobody gets it any more, and applications that start it are refused. What was delivered stays with its recipients.
    </ConfirmDialog>
  )
}

interface PartsProps {
  readonly subscription: Subscription
  readonly runs: ReturnType<typeof useSubscriptionRuns>
}

function Parts({ subscription, runs }: PartsProps) {
  const { tab = 'history' } = useSearch({ from: '/subscriptions/$subscription' })
  const navigate = useNavigate({ from: '/subscriptions/$subscription' })
  const { may, unsubscribed } = subscription
  const tabs = [
    { value: 'history', label: 'History', panel: <SubscriptionHistory runs={runs} /> },
    {
      value: 'recipients',
      label: unsubscribed > 0 ? `Recipients (${unsubscribed} left)` : 'Recipients',
      panel: <RecipientList subscription={subscription} />,
    },
    ...(may.run
      ? [
          {
            value: 'call',
            label: 'Call from another application',
            panel: <CallSubscription subscription={subscription} />,
          },
        ]
      : []),
  ]
  return (
    <Tabs
      value={tabs.some(({ value }) => value === tab) ? tab : 'history'}
      onChange={(value) =>
        void navigate({
          search: ({ tab: _, ...rest }) => (value === null || value === 'history' ? rest : { ...rest, tab: value }),
          replace: true,
          resetScroll: false,
        })
      }
      keepMounted={false}
    >
      <Tabs.List>
        {tabs.map(({ value, label }) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, panel }) => (
        <Tabs.Panel key={value} value={value} pt="md">
          <Stack>{panel}</Stack>
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
