import { Alert, Button, Group, Text } from '@mantine/core'
import { IconGitCompare } from '@tabler/icons-react'
import { queryOptions, useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { askRaw } from '#portal/kit/ask.ts'
import { ButtonLink, TextLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { notifyDone } from '#portal/kit/notify.ts'
import { Page } from '#portal/kit/Page.tsx'
import { asProblem } from '#portal/kit/problem.ts'
import { invalidate, queryClient } from '#portal/kit/queries.ts'
import type { Report } from './definition.ts'
import { ReportEditor } from './ReportEditor.tsx'
import type { Draft } from './use-editor.ts'

/** A report with the tag that a change of it has to show. */
const taggedReport = (report: string) =>
  queryOptions({
    queryKey: ['tagged', report],
    queryFn: async ({ signal }) => {
      const reply = await askRaw('GET /v1/reports/:report', { params: { report }, signal })
      return { report: (await reply.json()) as Report, etag: reply.headers.get('etag') ?? '' }
    },
    // What is edited begins with what is there now, and stays what it is while it is edited.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

export function EditReportPage() {
  return (
    <SignedIn>
      <OneReport />
    </SignedIn>
  )
}

function OneReport() {
  const { report: id } = useParams({ from: '/reports/$report/edit' })
  const { data } = useSuspenseQuery(taggedReport(id))
  const { report } = data
  if (!report.may.write)
    return (
      <Page title={`Edit ${report.title}`}>
        <EmptyState
          title="You may not change this report"
          action={
            <ButtonLink to="/reports/$report" params={{ report: id }}>
              Read it
            </ButtonLink>
          }
        >
          It takes the permission reports:write and that the report is shared with you. Ask its owner
          {report.owner === null ? '' : `, ${report.owner},`} or an administrator.
        </EmptyState>
      </Page>
    )
  return <EditReport key={`${id} ${data.etag}`} report={report} etag={data.etag} />
}

function EditReport({ report, etag }: { report: Report; etag: string }) {
  const navigate = useNavigate()
  const [isOverwriting, overwrite] = useState(false)
  const saving = useMutation({
    mutationFn: async ({ draft, note }: { draft: Draft; note: string }) => {
      await askRaw('PUT /v1/reports/:report', {
        params: { report: report.id },
        body: { ...draft, ...(note !== '' && { note }) },
        headers: { 'if-match': isOverwriting ? '*' : etag },
      })
    },
    onSuccess: async () => {
      await invalidate('GET /v1/reports', 'GET /v1/reports/:report', 'GET /v1/reports/:report/versions')
      queryClient.removeQueries({ queryKey: ['tagged', report.id] })
      notifyDone('The report is saved.')
      await navigate({ to: '/reports/$report', params: { report: report.id }, search: {}, ignoreBlocker: true })
    },
  })
  const { title, description, shared_with, definition } = report
  const isStale = saving.error !== null && asProblem(saving.error).status === 412
  return (
    <Page
      title={`Edit ${title}`}
      wide
      lead={
        <TextLink to="/reports/$report" params={{ report: report.id }}>
          Back to the report
        </TextLink>
      }
    >
      {isStale && !isOverwriting && (
        <Alert
          role="alert"
          color="yellow"
          icon={<IconGitCompare aria-hidden />}
          title="Somebody else has changed the report meanwhile"
        >
          <Text size="sm" mb="xs">
            What you have written is still here. Saving yours makes a version on top of theirs; theirs stays among the
            versions.
          </Text>
          <Group gap="xs">
            <Button size="compact-sm" onClick={() => overwrite(true)}>
              Let mine go on top
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => void queryClient.resetQueries({ queryKey: ['tagged', report.id] })}
            >
              Throw mine away and take theirs
            </Button>
          </Group>
        </Alert>
      )}
      <ReportEditor
        saved={{ title, description, shared_with, definition }}
        report={report.id}
        mayShare={report.may.manage}
        save={async (draft, note) => {
          await saving.mutateAsync({ draft, note })
        }}
        isSaving={saving.isPending}
        error={isStale ? null : saving.error}
      />
    </Page>
  )
}
