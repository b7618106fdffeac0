import { Alert, Button, Collapse, Group, Paper, Stack, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCircleCheck } from '@tabler/icons-react'
import { may, useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { durationText } from '#portal/kit/figures.ts'
import { CancelRun } from '#portal/runs/CancelRun.tsx'
import { countedStates } from '#portal/runs/delivery-words.ts'
import { RunFailure } from '#portal/runs/RunFailure.tsx'
import { RunLog } from '#portal/runs/RunLog.tsx'
import { RunProgress } from '#portal/runs/RunProgress.tsx'
import { RunSteps } from '#portal/runs/RunSteps.tsx'
import { isOpen, lengthOf, type Run, stateWords, triggerWords } from '#portal/runs/run-words.ts'
import type { SubscriptionRuns } from './use-subscription-runs.ts'

/** The run that is under way, or has just ended; nothing else. */
export function RunPanel({ runs: { run, dismiss } }: { runs: SubscriptionRuns }) {
  if (run === null) return null
  return isOpen(run) ? <UnderWay run={run} /> : <Ended run={run} onClose={dismiss} />
}

function UnderWay({ run }: { run: Run }) {
  const [shown, { toggle }] = useDisclosure()
  const you = useYou()
  const mayCancel = may(you, 'runs:admin') || run.trigger.account_id === you?.account.id
  return (
    <Paper withBorder p="md" component="section" aria-label="Run under way">
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <div>
            <Title order={2} size="h4">
              Run under way
            </Title>
            Asked for by {triggerWords(run)}.
          </div>
          {mayCancel && <CancelRun run={run} />}
        </Group>
        <RunProgress run={run} label="Progress of the run" />
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

function Ended({ run, onClose }: { run: Run; onClose: () => void }) {
  const took = lengthOf(run, Date.now())
  if (run.error)
    return (
      <Stack gap={4}>
        <RunFailure run={run} />
        <RunLink run={run} />
      </Stack>
    )
  const whole = run.state === 'succeeded'
  return (
    <Alert
      role="status"
      color={whole ? 'teal' : run.state === 'partially_failed' ? 'orange' : 'gray'}
      icon={<IconCircleCheck aria-hidden />}
      title={whole ? 'The report is delivered' : stateWords[run.state]}
      withCloseButton
      closeButtonLabel="Put away"
      onClose={onClose}
    >
      {[countedStates(run.counts) || run.progress.text, took === null ? '' : `in ${durationText(took)}`]
        .filter(Boolean)
        .join(', ')}
      . <RunLink run={run} />
    </Alert>
  )
}

const RunLink = ({ run }: { run: Run }) => (
  <TextLink to="/runs/$run" params={{ run: run.id }} size="sm">
    All about this run
  </TextLink>
)
