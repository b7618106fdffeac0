import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useYou } from '#portal/instance/instance.ts'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { readRowsQuestion, writeRowsQuestion } from './explore-search.ts'
import { IgnoredWords } from './IgnoredWords.tsx'
import { QuestionLayout } from './QuestionLayout.tsx'
import type { Model } from './question.ts'
import { RowsControls } from './RowsControls.tsx'
import { RowsResult } from './RowsResult.tsx'

/** The rows as they came from the source. What is looked at stands in the address. */
export function RowsPage() {
  const { model: name } = useParams({ from: '/explore/$model/rows' })
  const search = useSearch({ from: '/explore/$model/rows' })
  const navigate = useNavigate({ from: '/explore/$model/rows' })
  const { data: model } = useSuspenseQuery(query('GET /v1/models/:model', { params: { model: name } }))
  const { read: question, ignored } = readRowsQuestion(search, model)
  const actions = model.may.query && (
    <ButtonLink variant="default" to="/explore/$model" params={{ model: name }}>
      Explore {model.label}
    </ButtonLink>
  )
  return (
    <Page title={`Raw rows of ${model.label}`} lead="Row by row, as they came from the source." wide actions={actions}>
      {model.may.raw && model.freshness !== null ? (
        <>
          <IgnoredWords model={model.label} words={ignored} />
          <QuestionLayout
            question={
              <RowsControls
                model={model}
                question={question}
                change={(patch) =>
                  void navigate({ search: writeRowsQuestion({ ...question, ...patch }), resetScroll: false })
                }
              />
            }
          >
            <RowsResult model={model} question={question} />
          </QuestionLayout>
        </>
      ) : (
        <NoRows model={model} />
      )}
    </Page>
  )
}

function NoRows({ model: { label, may, access, name } }: { model: Model }) {
  const you = useYou()
  if (may.raw) return <EmptyState title={`${label} has no data yet`}>It was never refreshed.</EmptyState>
  if (!you)
    return (
      <EmptyState
        title={`Raw rows of ${label} are not public`}
        action={
          <ButtonLink to="/sign-in" search={{ to: `/explore/${name}/rows` }}>
            Sign In
          </ButtonLink>
        }
      >
        Sign in as somebody with the role {access.raw} or one above it.
      </EmptyState>
    )
  return (
    <EmptyState title={`You may not read raw rows of ${label}`}>
      They take the permission warehouse:raw and the role {access.raw} or one above it; yours is {you.account.role}. Ask
      an administrator for it. Aggregates over the same rows may still be open to you.
    </EmptyState>
  )
}
