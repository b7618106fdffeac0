import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { may, useYou } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { Page } from '#portal/kit/Page.tsx'
import { PageSkeleton } from '#portal/kit/PageSkeleton.tsx'
import { asProblem } from '#portal/kit/problem.ts'
import { invalidate, query } from '#portal/kit/queries.ts'
import type { Search } from '#portal/kit/search.ts'
import { readQuestion } from '#portal/warehouse/explore-search.ts'
import { blocksOfQuestion } from './block-question.ts'
import type { Definition } from './definition.ts'
import { addBlock, newBlock } from './editing.ts'
import { ReportEditor } from './ReportEditor.tsx'
import { countingModels, useAllModels } from './use-all-models.ts'
import type { Draft } from './use-editor.ts'

/** A report from nothing, or from a question of Explore that stands in the address. */
export function NewReportPage() {
  const mayWrite = may(useYou(), 'reports:write')
  return (
    <SignedIn>
      <Page title="New report" wide lead="Put it together from blocks. Beside them stands what its readers will see.">
        {mayWrite ? <NewReport /> : <MayNot />}
      </Page>
    </SignedIn>
  )
}

function MayNot() {
  return (
    <EmptyState title="You may not make reports" action={<ButtonLink to="/reports">To the reports</ButtonLink>}>
      It takes the permission reports:write, which managers have. Ask an administrator for that role.
    </EmptyState>
  )
}

function NewReport() {
  const { model: name, ...words } = useSearch({ from: '/reports/new' })
  const models = useAllModels()
  const [first] = countingModels(models)
  const wanted = [name ?? []].flat().at(-1)
  const { data: asked, isPending } = useQuery({
    ...query('GET /v1/models/:model', { params: { model: wanted ?? '' } }),
    enabled: wanted !== undefined,
    retry: false,
  })
  if (wanted !== undefined && isPending) return <PageSkeleton />
  const model = asked ?? first
  if (!model)
    return (
      <EmptyState
        title="There is nothing to report on yet"
        action={<ButtonLink to="/models">To the models</ButtonLink>}
      >
        A report asks models, and none that you may ask has data. Refresh one first.
      </EmptyState>
    )
  const begun: Draft =
    asked && wanted !== undefined
      ? ofQuestion(asked, words)
      : {
          title: '',
          description: '',
          shared_with: 'owner',
          definition: (['table'] as const).reduce<Definition>(
            (definition, type) => addBlock(definition, newBlock(type, model)),
            { parameters: [], blocks: [] },
          ),
        }
  return <Editor begun={begun} />
}

function ofQuestion(model: NonNullable<Parameters<typeof readQuestion>[1]>, words: Search): Draft {
  const { read: question } = readQuestion(words, model)
  const labels = (fields: readonly { name: string; label: string }[], names: readonly string[]): string =>
    names.flatMap((one) => fields.find((field) => field.name === one)?.label ?? []).join(', ')
  const by = question.dimensions.length === 0 ? '' : ` by ${labels(model.dimensions, question.dimensions)}`
  const title = `${labels(model.metrics, question.metrics)}${by}`.slice(0, 200)
  return {
    title,
    description: '',
    shared_with: 'owner',
    definition: { parameters: [], blocks: blocksOfQuestion(model.name, question, title) },
  }
}

function Editor({ begun }: { begun: Draft }) {
  const navigate = useNavigate()
  // The same report is made once, however often it is tried.
  const key = useRef(idempotencyKey())
  const making = useMutation({
    mutationFn: (draft: Draft) =>
      ask('POST /v1/reports', {
        body: draft,
        headers: { 'idempotency-key': key.current },
      }),
    onSuccess: async ({ id, title }) => {
      await invalidate('GET /v1/reports')
      notifyDone(`“${title}” is made.`)
      await navigate({ to: '/reports/$report', params: { report: id }, search: {}, ignoreBlocker: true })
    },
    onError: (error) => {
      // What was refused was not made: with other words it is another one. What got no answer may well have been.
      const { status } = asProblem(error)
      if (status >= 400 && status < 500) key.current = idempotencyKey()
    },
  })
  const first = useRef(begun)
  return (
    <ReportEditor
      saved={first.current}
      report={null}
      mayShare
      isNew
      save={async (draft) => {
        await making.mutateAsync(draft)
      }}
      isSaving={making.isPending}
      error={making.error}
    />
  )
}
