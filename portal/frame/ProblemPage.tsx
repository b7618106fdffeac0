import { Button, Group } from '@mantine/core'
import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { asProblem } from '#portal/kit/problem.ts'
import { openSignIn } from './sign-in-dialog.ts'

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
      {asProblem(error).status === 401 && (
        <Group>
          <Button onClick={openSignIn}>Sign In</Button>
        </Group>
      )}
    </Page>
  )
}
