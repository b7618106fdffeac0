import { Alert, Button, Group, Skeleton, Stack } from '@mantine/core'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { may, useYou } from '#portal/instance/instance.ts'
import { askRaw } from '#portal/kit/ask.ts'
import { ButtonLink, TextLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { fieldErrors } from '#portal/kit/problem.ts'
import { query } from '#portal/kit/queries.ts'
import { ownTimeZone } from '#portal/kit/zoned-time.ts'
import { DestinationsStep } from './DestinationsStep.tsx'
import { draftOf, emptyDraft, idFrom, missingIn, nextDraft, type Step, steps } from './draft.ts'
import { EditorSteps, stepLabels } from './EditorSteps.tsx'
import { FrequencyStep } from './FrequencyStep.tsx'
import { ReportStep } from './ReportStep.tsx'
import { ReviewStep } from './ReviewStep.tsx'
import { SaveBar } from './SaveBar.tsx'
import type { Subscription } from './subscription.ts'
import { type DraftState, useDraft } from './use-draft.ts'
import { type SavedSubscription, useSave } from './use-save.ts'
import { WebhookSecretsDialog } from './WebhookSecretsDialog.tsx'

export function NewSubscriptionPage() {
  return (
    <SignedIn>
      <Writing title="New subscription">
        <New />
      </Writing>
    </SignedIn>
  )
}

export function EditSubscriptionPage() {
  const { subscription } = useParams({ from: '/subscriptions/$subscription/edit' })
  return (
    <SignedIn>
      <Writing title="Edit subscription">
        <Edit id={subscription} />
      </Writing>
    </SignedIn>
  )
}

/** For those who may write subscriptions at all. */
function Writing({ title, children }: { title: string; children: React.ReactNode }) {
  if (may(useYou(), 'subscriptions:write')) return children
  return (
    <Page title={title}>
      <EmptyState title="You may not make subscriptions" action={<ButtonLink to="/">To the start page</ButtonLink>}>
        It takes the permission subscriptions:write, which your role does not hold. Whoever administers this portal can
        give you another role.
      </EmptyState>
    </Page>
  )
}

function New() {
  const { report } = useSearch({ from: '/subscriptions/new' })
  const state = useDraft(report === undefined ? 'new' : `new ${report}`, () => ({
    ...emptyDraft(ownTimeZone()),
    report: report ?? null,
  }))
  const { step } = useSearch({ from: '/subscriptions/new' })
  return <Editor state={state} step={stepOf(step)} saved={null} />
}

function Edit({ id }: { id: string }) {
  const { step } = useSearch({ from: '/subscriptions/$subscription/edit' })
  const { data } = useSuspenseQuery({
    queryKey: ['GET /v1/subscriptions/:subscription', { params: { subscription: id } }, 'tag'],
    queryFn: async ({ signal }) => {
      const reply = await askRaw('GET /v1/subscriptions/:subscription', { params: { subscription: id }, signal })
      return { subscription: (await reply.json()) as Subscription, tag: reply.headers.get('etag') ?? '*' }
    },
    // While somebody writes, what they began with stays; saving says whether it has changed.
    refetchOnWindowFocus: false,
  })
  return <EditOne key={`${id} ${data.subscription.version}`} saved={data} step={stepOf(step)} />
}

/** What is written on stands beside the version that it began with: a newer one begins anew. */
function EditOne({ saved, step }: { saved: SavedSubscription; step: Step }) {
  const { subscription } = saved
  const state = useDraft(`${subscription.id} ${subscription.version}`, () => draftOf(subscription, ownTimeZone()))
  return <Editor state={state} step={step} saved={saved} />
}

const stepOf = (text: string | undefined): Step => steps.find((step) => step === text) ?? 'report'

/** Who goes to another step stands at its beginning. */
function useFocusAtStep(step: Step) {
  const begins = useRef<HTMLElement>(null)
  const before = useRef(step)
  useEffect(() => {
    if (before.current === step) return
    before.current = step
    window.scrollTo({ top: 0 })
    begins.current?.focus({ preventScroll: true })
  }, [step])
  return begins
}

interface EditorProps {
  readonly state: DraftState
  readonly step: Step
  readonly saved: SavedSubscription | null
}

function Editor({ state, step, saved: before }: EditorProps) {
  const saved = before?.subscription ?? null
  const { draft, set, kept, reset } = state
  const navigate = useNavigate()
  const { data: policy } = useSuspenseQuery(query('GET /v1/subscriptions/policy'))
  const report = useQuery({
    ...query('GET /v1/reports/:report', { params: { report: draft.report ?? '' } }),
    enabled: draft.report !== null,
  })
  const goTo = (next: Step) => void navigate({ to: '.', search: { step: next }, resetScroll: false })
  const save = useSave(before, draft)
  const errors = fieldErrors(save.error)
  const Shown = { report: ReportStep, frequency: FrequencyStep, destinations: DestinationsStep, review: ReviewStep }[
    step
  ]
  const at = steps.indexOf(step)
  const next = steps[at + 1]
  const missing = missingIn(step, draft)
  const begins = useFocusAtStep(step)
  const leave = async (id: string, another: boolean, test: boolean) => {
    reset(another ? nextDraft(draft, draft.schedule.timeZone) : emptyDraft(ownTimeZone()))
    if (another) return await navigate({ to: '/subscriptions/new', search: { step: 'frequency' } })
    return await navigate({
      to: '/subscriptions/$subscription',
      params: { subscription: id },
      search: test ? { test: 'true' } : {},
    })
  }
  return (
    <Page
      title={saved ? `Edit ${saved.name}` : 'New subscription'}
      windowTitle={saved ? `Edit ${saved.name}` : `New subscription: ${stepLabels[step]}`}
      lead={
        saved ? (
          <TextLink to="/subscriptions/$subscription" params={{ subscription: saved.id }}>
            Back to the subscription
          </TextLink>
        ) : (
          'A report that is sent: by a schedule, or when an application asks for it.'
        )
      }
    >
      {kept && (
        <Alert color="gray" variant="light" title="This is what you had begun">
          <Button size="compact-sm" variant="default" onClick={() => reset()}>
            Begin anew
          </Button>
        </Alert>
      )}
      <EditorSteps draft={draft} now={step} />
      <section ref={begins} tabIndex={-1} aria-label={stepLabels[step]} style={{ outline: 'none' }}>
        {draft.report !== null && report.isPending ? (
          <div aria-busy="true">
            <Skeleton height={240} />
          </div>
        ) : (
          <Shown draft={draft} set={set} report={report.data} policy={policy} errors={errors} saved={saved !== null} />
        )}
      </section>
      {save.error !== null && step === 'review' && <ProblemAlert error={save.error} />}
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Button variant="default" disabled={at === 0} onClick={() => goTo(steps[at - 1] ?? 'report')}>
            Back
          </Button>
          {next ? (
            <Button onClick={() => goTo(next)} disabled={missing.length > 0}>
              Next: {stepLabels[next]}
            </Button>
          ) : (
            <SaveBar
              isNew={saved === null}
              pending={save.isPending}
              disabled={steps.some((each) => missingIn(each, draft).length > 0) || (!saved && idFrom(draft.id) === '')}
              onSave={(way) => save.save((id) => void leave(id, way === 'another', way === 'test'))}
            />
          )}
        </Group>
        {next && missing.length > 0 && (
          <div role="status">
            {missing.map((says) => (
              <div key={says}>{says}</div>
            ))}
          </div>
        )}
      </Stack>
      <WebhookSecretsDialog secrets={save.secrets} onClose={save.put} />
    </Page>
  )
}
