import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import type { DatasetDialogProps } from '../DatasetActions.tsx'
import { datasetChanged } from './repository.ts'
import { Unsaved } from './Unsaved.tsx'

/** Hands a draft to those who publish in its collection. */
export function SubmitDialog({ dataset, unsaved, onClose }: DatasetDialogProps) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => ask('POST /v1/datasets/:dataset/submit', { params: { dataset: String(dataset.id) } }),
    onSuccess: async () => {
      notifyDone('The draft is submitted for review.')
      onClose()
      await datasetChanged()
    },
  })
  const collection = dataset.path.at(-1)?.name
  return (
    <Modal opened onClose={onClose} title="Submit for review?" closeOnClickOutside={!isPending}>
      <Stack gap="md">
        <Text>
          Those who publish in {collection} look at it, and publish it or return it to you with what is missing. Until
          then only they can change it.
        </Text>
        {unsaved && <Unsaved />}
        {error && <ProblemAlert error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} disabled={isPending}>
            Cancel
          </Button>
          <Button onClick={() => mutate()} loading={isPending} data-autofocus>
            Submit for review
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** Gives a draft back to its author, with the reason. */
export function ReturnDialog({ dataset, onClose }: DatasetDialogProps) {
  const [reason, setReason] = useState('')
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      ask('POST /v1/datasets/:dataset/return', { params: { dataset: String(dataset.id) }, body: { reason } }),
    onSuccess: async () => {
      notifyDone('The draft is returned to its author.')
      onClose()
      await datasetChanged()
    },
  })
  return (
    <Modal opened onClose={onClose} title="Return to its author?" closeOnClickOutside={!isPending}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          mutate()
        }}
      >
        <Stack gap="md">
          <Textarea
            label="What is missing"
            description="Its author reads this."
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            autosize
            minRows={3}
            maxLength={5000}
            required
            data-autofocus
          />
          {error && <ProblemAlert error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={isPending}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending} disabled={reason.trim() === ''}>
              Return to author
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
