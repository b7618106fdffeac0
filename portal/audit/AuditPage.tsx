import { Button, Group, Skeleton, Stack, Switch } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDownload } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { addressOf } from '#portal/kit/ask.ts'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { AuditFilters } from './AuditFilters.tsx'
import { AuditTable } from './AuditTable.tsx'
import type { AuditSearch } from './audit-filter.ts'
import { EventDrawer } from './EventDrawer.tsx'
import type { AuditEvent } from './event-words.ts'
import { useAuditTrail } from './use-audit-trail.ts'
import { useVerification, VerificationResult, VerifyButton } from './VerifyChain.tsx'
import { type Verb, verbsQuery } from './verbs.ts'

/** Who did what to what, when, and with which token. */
export function AuditPage() {
  const search = useSearch({ from: '/admin/audit' })
  const navigate = useNavigate({ from: '/admin/audit' })
  const { data } = useSuspenseQuery(verbsQuery)
  const labels = new Map(data.verbs.map(({ verb, label }) => [verb, label]))
  const verifying = useVerification()
  return (
    <Page
      title="Audit log"
      lead="Who did what to what, when, and with which token. Nobody can edit it without its chain of hashes telling."
      wide
      actions={
        <>
          <VerifyButton verifying={verifying} />
          <Button
            component="a"
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
            href={addressOf('GET /v1/audit/export', { query: { ...search, verb: search.verb as Verb | undefined } })}
            download="audit.ndjson"
          >
            Export NDJSON
          </Button>
        </>
      }
    >
      <VerificationResult verifying={verifying} />
      <AuditFilters
        search={search}
        labels={labels}
        onChange={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
      />
      <Trail key={JSON.stringify(search)} search={search} labels={labels} />
    </Page>
  )
}

function Trail({ search, labels }: { search: AuditSearch; labels: ReadonlyMap<string, string> }) {
  const [follow, { toggle }] = useDisclosure()
  const { trail, followProblem } = useAuditTrail(search, follow)
  const [opened, setOpened] = useState<AuditEvent | null>(null)
  const events = trail.data?.pages.flatMap(({ body }) => body.events) ?? []
  const [newSince, setNewSince] = useState<number | null>(null)
  const newest = events[0]?.id
  // The first that is seen is not news.
  if (newSince === null && newest !== undefined) setNewSince(newest)
  return (
    <Stack>
      <Group justify="space-between">
        <Switch label="Follow: new events come in at the top" checked={follow} onChange={toggle} />
      </Group>
      {followProblem && <ProblemAlert error={followProblem} />}
      {trail.isError && <ProblemAlert error={trail.error} retry={() => void trail.refetch()} />}
      {trail.isPending && <Skeleton height={320} />}
      {trail.isSuccess && events.length === 0 && (
        <EmptyState title={Object.keys(search).length === 0 ? 'Nothing has happened yet' : 'No event is like that'}>
          {Object.keys(search).length === 0
            ? 'Every sign-in, token, refresh and change of an account will stand here.'
            : 'Take back a filter to see more.'}
        </EmptyState>
      )}
      {events.length > 0 && (
        <>
          <AuditTable
            events={events}
            labels={labels}
            newSince={newSince ?? Number.POSITIVE_INFINITY}
            onOpen={setOpened}
          />
          <LoadMore list={trail} shown={countedText(events.length, 'event')} />
        </>
      )}
      <EventDrawer event={opened} labels={labels} onClose={() => setOpened(null)} />
    </Stack>
  )
}
