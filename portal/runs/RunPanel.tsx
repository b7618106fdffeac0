import { Alert, Button, Collapse, Group, Paper, Stack, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCircleCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { may, useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { CancelRun } from './CancelRun.tsx'
import { RunFailure } from './RunFailure.tsx'
import { RunLog } from './RunLog.tsx'
import { RunProgress } from './RunProgress.tsx'
import { RunSteps } from './RunSteps.tsx'
import { type Run, triggerWords } from './run-words.ts'

interface RunUnderWayProps {
  readonly run: Run
  /** What it is called on this page: "refresh". */
  readonly what: 'run' | 'refresh'
  /** What else there is to say while it lasts. */
  readonly meanwhile?: string
}

/** A run at work: how far it is, its steps and log for who wants them, and the way to stop it. */
export function RunUnderWay({ run, what, meanwhile }: RunUnderWayProps) {
  const [shown, { toggle }] = useDisclosure()
  const you = useYou()
  const mayCancel = may(you, 'runs:admin') || run.trigger.account_id === you?.account.id
  const isAsked = run.trigger.type === 'api' || run.trigger.type === 'manual'
  const title = what === 'run' ? 'Run under way' : 'Refresh under way'
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <div>
            <Title order={2} size="h4">
              {title}
            </Title>
            {isAsked ? 'Asked for by ' : ''}
            {triggerWords(run)}. {meanwhile}
          </div>
          {mayCancel && <CancelRun run={run} />}
        </Group>
        <RunProgress run={run} label={`Progress of the ${what}`} />
        <Group gap="md">
          <Button variant="default" size="compact-sm" aria-expanded={shown} onClick={toggle}>
            {shown ? 'Hide steps and log' : 'Show steps and log'}
          </Button>
          <RunLink run={run} />
        </Group>
        <Collapse expanded={shown}>
          {shown && (
            <Stack gap="sm">
              <RunSteps steps={run.steps} />
              <RunLog run={run.id} open order={3} />
            </Stack>
          )}
        </Collapse>
      </Stack>
    </Paper>
  )
}

interface RunEndedProps {
  readonly run: Run
  readonly title: string
  readonly color: 'teal' | 'orange' | 'gray'
  /** What came of it, in a sentence. */
  readonly children: ReactNode
  readonly onClose: () => void
}

/** A run that has just ended: what came of it, or why nothing did. */
export function RunEnded({ run, title, color, children, onClose }: RunEndedProps) {
  if (run.error)
    return (
      <Stack gap={4}>
        <RunFailure run={run} />
        <RunLink run={run} />
      </Stack>
    )
  return (
    <Alert
      role="status"
      color={color}
      icon={<IconCircleCheck aria-hidden />}
      title={title}
      withCloseButton
      closeButtonLabel="Put away"
      onClose={onClose}
    >
      {children} <RunLink run={run} />
    </Alert>
  )
}

const RunLink = ({ run }: { run: Run }) => (
  <TextLink to="/runs/$run" params={{ run: run.id }} size="sm">
    All about this run
  </TextLink>
)
