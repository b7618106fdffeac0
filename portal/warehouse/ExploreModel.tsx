import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { ExploreControls } from './ExploreControls.tsx'
import { ExploreResult } from './ExploreResult.tsx'
import { writeRowsQuestion } from './explore-search.ts'
import { IgnoredWords } from './IgnoredWords.tsx'
import { ModelSwitcher } from './ModelSwitcher.tsx'
import { QuestionLayout } from './QuestionLayout.tsx'
import type { Model, Question } from './question.ts'
import { SaveAsReport } from './SaveAsReport.tsx'

interface ExploreModelProps {
  readonly model: Model
  readonly question: Question
  readonly ignored: readonly string[]
  readonly change: (patch: Partial<Question>) => void
}

export function ExploreModel({ model, question, ignored, change }: ExploreModelProps) {
  const actions = (
    <>
      <ModelSwitcher model={model.name} />
      {model.may.query && model.freshness !== null && <SaveAsReport model={model.name} question={question} />}
      {model.may.raw && (
        <ButtonLink
          variant="default"
          to="/explore/$model/rows"
          params={{ model: model.name }}
          search={writeRowsQuestion({ filters: question.filters, period: question.period, fields: null })}
        >
          Raw rows
        </ButtonLink>
      )}
    </>
  )
  return (
    <Page title={`Explore ${model.label}`} lead={model.description} wide actions={actions}>
      <IgnoredWords model={model.label} words={ignored} />
      {model.may.query && model.freshness !== null ? (
        <QuestionLayout question={<ExploreControls model={model} question={question} change={change} />}>
          <ExploreResult model={model} question={question} change={change} />
        </QuestionLayout>
      ) : (
        <NothingToAsk model={model} />
      )}
    </Page>
  )
}

function NothingToAsk({ model }: { model: Model }) {
  return model.may.query ? (
    <EmptyState title={`${model.label} has no data yet`}>
      It was never refreshed. Whoever may refresh models starts that on its page.
    </EmptyState>
  ) : (
    <EmptyState title={`You may not query ${model.label}`}>
      It is for the role {model.access.query} and those above it. Ask an administrator for such a role.
    </EmptyState>
  )
}
