import { Paper, Stack, Title } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { may, useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { Facts } from '#portal/kit/Facts.tsx'
import { bytesText, countText } from '#portal/kit/figures.ts'
import { Page } from '#portal/kit/Page.tsx'
import { PageSkeleton } from '#portal/kit/PageSkeleton.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { asProblem } from '#portal/kit/problem.ts'
import { Artifacts } from './Artifacts.tsx'
import { CancelRun } from './CancelRun.tsx'
import { Deliveries } from './Deliveries.tsx'
import { RerunRun } from './RerunRun.tsx'
import { RunFacts } from './RunFacts.tsx'
import { RunFailure } from './RunFailure.tsx'
import { RunLog } from './RunLog.tsx'
import { RunProgress } from './RunProgress.tsx'
import { RunSteps } from './RunSteps.tsx'
import { countWords, isOpen, type Run, titleOf } from './run-words.ts'
import { useRun } from './use-run.ts'

export function RunPage() {
  const { run } = useParams({ from: '/runs/$run' })
  return (
    <SignedIn>
      <WatchedRun id={run} />
    </SignedIn>
  )
}

function WatchedRun({ id }: { id: string }) {
  const { data: run, error, refetch } = useRun(id)
  if (run) return <OneRun run={run} />
  if (!error) return <PageSkeleton />
  return (
    <Page title={asProblem(error).title} actions={<TextLink to="/runs">All runs</TextLink>}>
      <ProblemAlert error={error} retry={() => void refetch()} />
    </Page>
  )
}

function OneRun({ run }: { run: Run }) {
  const you = useYou()
  const mayAct = may(you, 'runs:admin') || run.trigger.account_id === you?.account.id
  const title = titleOf(run)
  const counts = Object.entries(run.counts)
  return (
    <Page
      title={title}
      lead={<TextLink to="/runs">All runs</TextLink>}
      actions={
        mayAct && (
          <>
            <RerunRun run={run} />
            <CancelRun run={run} />
          </>
        )
      }
    >
      {isOpen(run) && <RunProgress run={run} label={title} />}
      <RunFailure run={run} />
      <Paper withBorder p="md">
        <RunFacts run={run} />
      </Paper>
      {counts.length > 0 && (
        <Section title="Counted">
          <Facts
            facts={counts.map(([name, count]) => ({
              label: name === 'bytes' ? 'Size' : countWords(name),
              value: name === 'bytes' ? bytesText(count) : countText(count),
            }))}
            least={130}
          />
        </Section>
      )}
      <Artifacts run={run} />
      {run.kind === 'run-subscription' && <Deliveries run={run.id} open={isOpen(run)} />}
      <Section title="Steps">
        <RunSteps steps={run.steps} />
      </Section>
      <RunLog run={run.id} open={isOpen(run)} />
    </Page>
  )
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h4">
        {title}
      </Title>
      {children}
    </Stack>
  )
}
