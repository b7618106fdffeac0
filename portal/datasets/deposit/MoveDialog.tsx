import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import type { DatasetDialogProps } from '../DatasetActions.tsx'
import { CollectionField } from './CollectionField.tsx'
import { type Collection, datasetChanged } from './repository.ts'

export function MoveDatasetDialog({ dataset, onClose }: DatasetDialogProps) {
  return (
    <MoveDialog
      title={`Move “${dataset.version.title}”`}
      says="Its persistent id and its address stay. Roles that were given on the collection it leaves hold no more; those of the new one do."
      move={(to) => ask('POST /v1/datasets/:dataset/move', { params: { dataset: String(dataset.id) }, body: { to } })}
      onClose={onClose}
    />
  )
}

export function MoveCollectionDialog({ collection, onClose }: { collection: Collection; onClose: () => void }) {
  return (
    <MoveDialog
      title={`Move “${collection.name}”`}
      says="All that is in it goes with it. Roles that were given above the old place hold no more; those above the new one do."
      move={(to) =>
        ask('POST /v1/collections/:collection/move', { params: { collection: collection.alias }, body: { to } })
      }
      onClose={onClose}
    />
  )
}

interface MoveDialogProps {
  readonly title: string
  readonly says: string
  readonly move: (to: string) => Promise<unknown>
  readonly onClose: () => void
}

function MoveDialog({ title, says, move, onClose }: MoveDialogProps) {
  const [to, setTo] = useState<string | null>(null)
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => move(to ?? ''),
    onSuccess: async () => {
      notifyDone('It is moved.')
      onClose()
      await datasetChanged()
    },
  })
  return (
    <Modal opened onClose={onClose} title={title} closeOnClickOutside={!isPending}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          mutate()
        }}
      >
        <Stack gap="md">
          <Text size="sm">{says}</Text>
          <CollectionField label="Into the collection" value={to} onChange={setTo} />
          {error && <ProblemAlert error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={isPending}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending} disabled={to === null}>
              Move
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
