import { Alert, Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { fieldErrors } from '#portal/kit/problem.ts'
import { query } from '#portal/kit/queries.ts'
import type { DatasetDialogProps } from '../DatasetActions.tsx'
import { datasetChanged } from './repository.ts'

/** Withdraws what was published: its description stays, with the reason; its files go from everybody's reach. */
export function DeaccessionDialog({ dataset, onClose }: DatasetDialogProps) {
  const id = String(dataset.id)
  const { data } = useQuery(query('GET /v1/datasets/:dataset/versions', { params: { dataset: id } }))
  const released = data?.items.filter(({ state }) => state === 'released') ?? []
  const [version, setVersion] = useState<string | null>(dataset.latest_published)
  const [reason, setReason] = useState('')
  const [url, setUrl] = useState('')
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      ask('POST /v1/datasets/:dataset/versions/:version/deaccession', {
        params: { dataset: id, version: version ?? '' },
        body: { reason, ...(url.trim() !== '' && { url: url.trim() }) },
      }),
    onSuccess: async () => {
      notifyDone(version === 'all' ? 'All versions are deaccessioned.' : `Version ${version} is deaccessioned.`)
      onClose()
      await datasetChanged()
    },
  })
  const says = fieldErrors(error)
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Deaccession “${dataset.version.title}”`}
      size="lg"
      closeOnClickOutside={!isPending}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          mutate()
        }}
      >
        <Stack gap="md">
          <Alert color="orange" variant="light" icon={<IconAlertTriangle aria-hidden />} title="This can’t be undone">
            Its citation and description stay to be read, with your reason. Nobody but those who edit it can download
            its files any more.
          </Alert>
          <Select
            label="Version"
            data={[
              ...released.map(({ number }) => ({ value: number, label: `Version ${number}` })),
              ...(released.length > 1 ? [{ value: 'all', label: 'All published versions' }] : []),
            ]}
            value={version}
            onChange={setVersion}
            allowDeselect={false}
            w={260}
          />
          <Textarea
            label="Reason"
            description="Everybody reads it in the place of the data."
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            autosize
            minRows={2}
            maxLength={2000}
            required
            data-autofocus
            error={says.reason}
          />
          <TextInput
            label="Where to look instead"
            placeholder="https://"
            inputMode="url"
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
            error={says.url}
          />
          {error && Object.keys(says).length === 0 && <ProblemAlert error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={isPending}>
              Cancel
            </Button>
            <Button type="submit" color="red" loading={isPending} disabled={reason.trim() === '' || version === null}>
              Deaccession
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
