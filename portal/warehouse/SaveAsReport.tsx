import { IconReport } from '@tabler/icons-react'
import { may, useYou } from '#portal/instance/instance.ts'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { writeQuestion } from './explore-search.ts'
import type { Question } from './question.ts'

/** Leads on with the question to where a report is made of it, for those who may make one. */
export function SaveAsReport({ model, question }: { model: string; question: Question }) {
  return (
    may(useYou(), 'reports:write') && (
      <ButtonLink
        variant="default"
        to="/reports/new"
        search={{ model, ...writeQuestion(question) }}
        leftSection={<IconReport size={16} aria-hidden />}
      >
        Save as report…
      </ButtonLink>
    )
  )
}
