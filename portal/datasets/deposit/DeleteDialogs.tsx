import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ask } from '#portal/kit/ask.ts'
import { ConfirmDialog } from '#portal/kit/ConfirmDialog.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import type { DatasetDialogProps } from '../DatasetActions.tsx'
import { datasetChanged } from './repository.ts'

/** Throws a draft away; of a dataset that was never published nothing is left then. */
export function DeleteDraftDialog({ dataset, onClose }: DatasetDialogProps) {
  const navigate = useNavigate()
  const isWhole = dataset.published_at === null
  const collection = dataset.path.at(-1)?.alias ?? 'root'
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => ask('DELETE /v1/datasets/:dataset/draft', { params: { dataset: String(dataset.id) } }),
    onSuccess: async () => {
      notifyDone(isWhole ? 'The dataset is deleted.' : 'The draft is deleted.')
      onClose()
      // First away from what is no more: asked again, it would not be found.
      if (isWhole) await navigate({ to: '/collections/$collection', params: { collection }, search: {} })
      else await navigate({ to: '/datasets/$', params: { _splat: dataset.pid }, search: {} })
      await datasetChanged()
    },
  })
  return (
    <ConfirmDialog
      opened
      close={onClose}
      title={isWhole ? `Delete “${dataset.version.title}”?` : 'Delete the draft?'}
      confirm="Delete"
      onConfirm={() => mutate()}
      busy={isPending}
      error={error}
    >
      {isWhole
        ? `The dataset with its ${countedText(dataset.version.files.count, 'file')} is gone for good.`
        : `What has changed since version ${dataset.latest_published ?? '1.0'} is gone for good, with the files that were added. What is published stays.`}
    </ConfirmDialog>
  )
}
