import { useNavigate, useSearch } from '@tanstack/react-router'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { may, useYou } from '#portal/instance/instance.ts'
import { Page } from '#portal/kit/Page.tsx'
import { RunFilters } from './RunFilters.tsx'
import { RunList } from './RunList.tsx'

export function RunsPage() {
  return (
    <SignedIn>
      <Runs />
    </SignedIn>
  )
}

function Runs() {
  const search = useSearch({ from: '/runs' })
  const navigate = useNavigate({ from: '/runs' })
  const everyones = may(useYou(), 'runs:admin')
  return (
    <Page
      title="Runs"
      lead={`${everyones ? 'Everyone’s' : 'Your'} background work: what waits, what is being done, and how it ended.`}
    >
      <RunFilters search={search} onChange={(next) => void navigate({ search: next, replace: true })} />
      <RunList search={search} />
    </Page>
  )
}
