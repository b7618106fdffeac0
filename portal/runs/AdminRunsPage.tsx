import { useNavigate, useSearch } from '@tanstack/react-router'
import { Page } from '#portal/kit/Page.tsx'
import { RunCounts } from './RunCounts.tsx'
import { RunFilters } from './RunFilters.tsx'
import { RunList } from './RunList.tsx'

/** All background work there is, how it went these days, and the way to stop what is under way. */
export function AdminRunsPage() {
  const search = useSearch({ from: '/admin/runs' })
  const navigate = useNavigate({ from: '/admin/runs' })
  return (
    <Page
      wide
      title="Runs of everyone"
      lead="Refreshes, subscriptions, exports: what waits, what is being done, how it ended."
    >
      <RunCounts search={search} />
      <RunFilters
        everyones
        search={search}
        onChange={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
      />
      <RunList search={search} withCancel />
    </Page>
  )
}
