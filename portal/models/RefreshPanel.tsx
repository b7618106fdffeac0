import { Alert, Button, Collapse, Group, Paper, Stack, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCircleCheck } from '@tabler/icons-react'
import { may, useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { countedText, durationText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { CancelRun } from '#portal/runs/CancelRun.tsx'
import { RunFailure } from '#portal/runs/RunFailure.tsx'
import { RunLog } from '#portal/runs/RunLog.tsx'
import { RunProgress } from '#portal/runs/RunProgress.tsx'
import { RunSteps } from '#portal/runs/RunSteps.tsx'
import { isOpen, lengthOf, type Run, triggerWords } from '#portal/runs/run-words.ts'
import type { Refresh } from './use-refresh.ts'

/** The refresh that is under way, or has just ended; nothing else. */
export function RefreshPanel({ refresh: { run, behind, problem, dismiss, again } }: { refresh: Refresh }) {
  return (
    <>
      {problem && <ProblemAlert error={problem} retry={again} />}
      {run && (isOpen(run) || behind ? <UnderWay run={run} /> : <Ended run={run} onClose={dismiss} />)}
    </>
  )
}

function UnderWay({ run }: { run: Run }) {
  const [shown, { toggle }] = useDisclosure()
  const you = useYou()
  const mayCancel = may(you, 'runs:admin') || run.trigger.account_id === you?.account.id
  return (
    <Paper withBorder p="md" component="section" aria-label="Refresh under way">
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <div>
            <Title order={2} size="h4">
              Refresh under way
            </Title>
            Asked for by {triggerWords(run)}. What is read meanwhile is the data from before.
          </div>
          {mayCancel && <CancelRun run={run} />}
        </Group>
        <RunProgress run={run} label="Progress of the refresh" />
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
  if (run.error)
    return (
      <Stack gap={4}>
        <RunFailure run={run} />
        <RunLink run={run} />
      </Stack>
    )
  const took = lengthOf(run, Date.now())
  const done = run.state === 'succeeded'
  return (
    <Alert
      role="status"
      color={done ? 'teal' : 'gray'}
      icon={<IconCircleCheck aria-hidden />}
      title={done ? 'The new data are there' : 'The refresh was cancelled'}
      withCloseButton
      closeButtonLabel="Put away"
      onClose={onClose}
    >
      {done
        ? `${countedText(run.counts.rows ?? 0, 'row')}${took === null ? '' : ` in ${durationText(took)}`}. `
        : 'The data from before are still read. '}
      <RunLink run={run} />
    </Alert>
  )
}

const RunLink = ({ run }: { run: Run }) => (
  <TextLink to="/runs/$run" params={{ run: run.id }} size="sm">
    All about this run
  </TextLink>
)
