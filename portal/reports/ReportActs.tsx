import { Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBell, IconDotsVertical, IconDownload, IconPencil } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { may, useYou } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { ConfirmDialog } from '#portal/kit/ConfirmDialog.tsx'
import { notifyDone } from '#portal/kit/notify.ts'
import { invalidate } from '#portal/kit/queries.ts'
import type { Report } from './definition.ts'
import { type FileWanted, reportFormats } from './use-report-file.ts'

interface ReportActsProps {
  readonly report: Report
  readonly take: (file: FileWanted) => void
  readonly isTaking: boolean
}

/** What can be done with a report as it is shown: taken away as a file, subscribed to, changed. */
export function ReportActs({ report, take, isTaking }: ReportActsProps) {
  const maySubscribe = may(useYou(), 'subscriptions:write')
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={isTaking}>
            Download
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {reportFormats.map(([format, label]) => (
            <Menu.Item key={format} onClick={() => take({ format })}>
              {label}
            </Menu.Item>
          ))}
          <Menu.Label>One chart or table is in the menu at its right.</Menu.Label>
        </Menu.Dropdown>
      </Menu>
      {maySubscribe && (
        <Button
          variant="default"
          leftSection={<IconBell size={16} aria-hidden />}
          renderRoot={(props) => (
            <Link {...props} to={'/subscriptions/new' as never} search={{ report: report.id } as never} />
          )}
        >
          Subscribe
        </Button>
      )}
      {report.may.write && (
        <ButtonLink
          to="/reports/$report/edit"
          params={{ report: report.id }}
          leftSection={<IconPencil size={16} aria-hidden />}
        >
          Edit
        </ButtonLink>
      )}
      <MoreActs report={report} />
    </>
  )
}

function MoreActs({ report }: { report: Report }) {
  const [isAsked, dialog] = useDisclosure()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => ask('DELETE /v1/reports/:report', { params: { report: report.id } }),
    onSuccess: async () => {
      notifyDone(`“${report.title}” is deleted.`)
      await navigate({ to: '/reports', search: {} })
      void invalidate('GET /v1/reports', 'GET /v1/reports/:report')
    },
  })
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More about this report" title="More">
            <IconDotsVertical size={18} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            renderRoot={(props) => <Link {...props} to="/reports/$report/versions" params={{ report: report.id }} />}
          >
            Versions
          </Menu.Item>
          {report.may.manage && (
            <Menu.Item color="red" onClick={dialog.open}>
              Delete report
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={isAsked}
        close={() => {
          remove.reset()
          dialog.close()
        }}
        title={`Delete “${report.title}”?`}
        confirm="Delete report"
        onConfirm={() => remove.mutate()}
        busy={remove.isPending}
        error={remove.error}
      >
        Its versions and all that was filled in are deleted with it, for everybody. To keep what was filled in, download
        the report first.
      </ConfirmDialog>
    </>
  )
}
