import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useMutation, useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { ask } from '#portal/kit/ask.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { ConfirmDialog } from '#portal/kit/ConfirmDialog.tsx'
import type { Reply } from '#portal/kit/contracts.ts'
import { countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { notifyDone } from '#portal/kit/notify.ts'
import { Page } from '#portal/kit/Page.tsx'
import { invalidate, pages, query } from '#portal/kit/queries.ts'
import { exactTime, Time } from '#portal/kit/Time.tsx'
import type { Report } from './definition.ts'
import { VersionDrawer } from './VersionDrawer.tsx'

type Version = Reply<'GET /v1/reports/:report/versions'>['items'][number]

/** What a report was, by whom and when it was changed, and the way back. */
export function VersionsPage() {
  return (
    <SignedIn>
      <OneReport />
    </SignedIn>
  )
}

function OneReport() {
  const { report: id } = useParams({ from: '/reports/$report/versions' })
  const { data: report } = useSuspenseQuery(query('GET /v1/reports/:report', { params: { report: id } }))
  return (
    <Page
      title={`Versions of ${report.title}`}
      lead={
        <>
          Each change makes a version, and none is ever lost.{' '}
          <TextLink to="/reports/$report" params={{ report: id }}>
            Back to the report
          </TextLink>
        </>
      }
    >
      <Versions key={id} report={report} />
    </Page>
  )
}

function Versions({ report }: { report: Report }) {
  const list = useSuspenseInfiniteQuery(
    pages('GET /v1/reports/:report/versions', { params: { report: report.id }, query: { limit: 50 } }),
  )
  const [shown, show] = useState<Version | null>(null)
  const [wanted, want] = useState<Version | null>(null)
  const restore = useMutation({
    mutationFn: ({ version }: Version) =>
      ask('POST /v1/reports/:report/versions/:version/restore', {
        params: { report: report.id, version: String(version) },
      }),
    onSuccess: async (_, { version }) => {
      await invalidate('GET /v1/reports', 'GET /v1/reports/:report', 'GET /v1/reports/:report/versions')
      want(null)
      notifyDone(`The report is again what it was in version ${version}.`)
    },
  })
  const versions = list.data.pages.flatMap(({ body }) => body.items)
  return (
    <Stack>
      {versions.map((version) => (
        <Paper key={version.version} withBorder p="md" component="article" aria-label={`Version ${version.version}`}>
          <Group justify="space-between" gap="xs" align="flex-start">
            <div>
              <Group gap="xs">
                <Title order={2} size="h5">
                  Version {version.version}
                </Title>
                {version.version === report.version && <Badge variant="default">As it is now</Badge>}
              </Group>
              <Text>{version.note ?? <i>No note</i>}</Text>
              <Text size="sm" c="dimmed">
                {version.title !== report.title && `Called “${version.title}” · `}
                {version.changed_by ?? 'Came with the portal'}, <Time at={version.changed_at} /> (
                {exactTime(version.changed_at)})
              </Text>
            </div>
            <Group gap="xs">
              <Button
                variant="default"
                size="compact-sm"
                aria-label={`Show version ${version.version}`}
                onClick={() => show(version)}
              >
                Show
              </Button>
              {report.may.write && version.version !== report.version && (
                <Button
                  variant="default"
                  size="compact-sm"
                  leftSection={<IconHistory size={16} aria-hidden />}
                  aria-label={`Restore version ${version.version}`}
                  onClick={() => want(version)}
                >
                  Restore
                </Button>
              )}
            </Group>
          </Group>
        </Paper>
      ))}
      <LoadMore list={list} shown={countedText(versions.length, 'version')} />
      <VersionDrawer report={report.id} version={shown?.version ?? null} onClose={() => show(null)} />
      <ConfirmDialog
        opened={wanted !== null}
        close={() => {
          restore.reset()
          want(null)
        }}
        title={`Restore version ${wanted?.version ?? ''}?`}
        confirm="Restore"
        onConfirm={() => wanted && restore.mutate(wanted)}
        busy={restore.isPending}
        error={restore.error}
      >
        The report becomes what it was on {wanted && exactTime(wanted.changed_at)}, as a new version. What people have
        filled in stays, and with whom it is shared too.
      </ConfirmDialog>
    </Stack>
  )
}
