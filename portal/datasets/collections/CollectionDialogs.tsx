import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ask } from '#portal/kit/ask.ts'
import { ConfirmDialog } from '#portal/kit/ConfirmDialog.tsx'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { type Collection, datasetChanged } from '../deposit/repository.ts'

export interface CollectionDialogProps {
  readonly collection: Collection
  readonly onClose: () => void
}

/** Lets everybody see a collection, and those around it where they are not published yet. */
export function PublishCollectionDialog({ collection, onClose }: CollectionDialogProps) {
  const unpublished = collection.path.filter(({ published }) => !published)
  const above = unpublished.filter(({ id }) => id !== collection.id)
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      for (const { alias } of unpublished)
        await ask('POST /v1/collections/:collection/publish', { params: { collection: alias } })
    },
    onSuccess: async () => {
      notifyDone(`${collection.name} is published.`)
      onClose()
      await datasetChanged()
    },
  })
  return (
    <Modal opened onClose={onClose} title={`Publish “${collection.name}”?`} closeOnClickOutside={!isPending}>
      <Stack gap="md">
        <Text>
          Everybody will see the collection. Its datasets stay as they are: each is published by itself. A collection
          that is published does not become unpublished again.
        </Text>
        {above.length > 0 && (
          <Text>With it are published {above.map(({ name }) => `“${name}”`).join(' and ')}, in which it lies.</Text>
        )}
        {error && <ProblemAlert error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} disabled={isPending}>
            Cancel
          </Button>
          <Button onClick={() => mutate()} loading={isPending} data-autofocus>
            Publish
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** Deletes an empty collection. */
export function DeleteCollectionDialog({ collection, onClose }: CollectionDialogProps) {
  const navigate = useNavigate()
  const parent = collection.path.at(-2)?.alias ?? 'root'
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => ask('DELETE /v1/collections/:collection', { params: { collection: String(collection.id) } }),
    onSuccess: async () => {
      notifyDone(`${collection.name} is deleted.`)
      onClose()
      // First away from what is no more: asked again, it would not be found.
      await navigate({ to: '/collections/$collection', params: { collection: parent }, search: {} })
      await datasetChanged()
    },
  })
  return (
    <ConfirmDialog
      opened
      close={onClose}
      title={`Delete “${collection.name}”?`}
      confirm="Delete"
      onConfirm={() => mutate()}
      busy={isPending}
      error={error}
    >
      Only an empty collection can be deleted. It is gone for good, with the roles that were given on it.
    </ConfirmDialog>
  )
}
