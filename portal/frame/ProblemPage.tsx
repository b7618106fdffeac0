import { Button, Group, Text } from '@mantine/core'
import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { instanceQuery } from '#portal/instance/instance.ts'
import { isUnfetchedPage, reloadIfThere } from '#portal/kit/lazy-page.ts'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { asProblem } from '#portal/kit/problem.ts'
import { queryClient } from '#portal/kit/queries.ts'
import { openSignIn } from './sign-in-dialog.ts'

/** Stands in for a page whose first answers were refused or failed. */
export function ProblemPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const queries = useQueryErrorResetBoundary()
  const again = () => {
    if (isUnfetchedPage(error)) return void reloadIfThere()
    queries.reset()
    reset()
    void router.invalidate()
  }
  return (
    <Page title={asProblem(error).title}>
      <ProblemAlert error={error} retry={again} />
      {signInMayHelp(asProblem(error).status) && (
        <Group>
          <Text>It may be there for people who are signed in.</Text>
          <Button onClick={openSignIn}>Sign In</Button>
        </Group>
      )}
    </Page>
  )
}

/** What one may not see is not there for them; so a visitor who finds nothing may find it after signing in. */
const signInMayHelp = (status: number): boolean =>
  status === 401 || (status === 404 && queryClient.getQueryData(instanceQuery.queryKey)?.you === null)
