import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { asProblem } from '#portal/kit/problem.ts'

/** Stands in for a page whose first answers were refused or failed. */
export function ProblemPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const queries = useQueryErrorResetBoundary()
  const again = () => {
    queries.reset()
    reset()
    void router.invalidate()
  }
  return (
    <Page title={asProblem(error).title}>
      <ProblemAlert error={error} retry={again} />
    </Page>
  )
}
