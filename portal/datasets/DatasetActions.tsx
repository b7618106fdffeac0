import { Button, Menu } from '@mantine/core'
import { IconDots, IconPencil, IconRocket, IconSend } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useYou } from '#portal/instance/instance.ts'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import type { Dataset } from './deposit/repository.ts'
import { MenuLink } from './MenuLink.tsx'

const dialogs = {
  publish: lazy(() =>
    import('./deposit/PublishDialog.tsx').then(({ PublishDialog: component }) => ({ default: component })),
  ),
  submit: lazy(() =>
    import('./deposit/ReviewDialogs.tsx').then(({ SubmitDialog: component }) => ({ default: component })),
  ),
  return: lazy(() =>
    import('./deposit/ReviewDialogs.tsx').then(({ ReturnDialog: component }) => ({ default: component })),
  ),
  preview: lazy(() =>
    import('./deposit/PreviewLinkDialog.tsx').then(({ PreviewLinkDialog: component }) => ({ default: component })),
  ),
  deaccession: lazy(() =>
    import('./deposit/DeaccessionDialog.tsx').then(({ DeaccessionDialog: component }) => ({ default: component })),
  ),
  'delete draft': lazy(() =>
    import('./deposit/DeleteDialogs.tsx').then(({ DeleteDraftDialog: component }) => ({ default: component })),
  ),
  move: lazy(() =>
    import('./deposit/MoveDialog.tsx').then(({ MoveDatasetDialog: component }) => ({ default: component })),
  ),
}

export interface DatasetDialogProps {
  readonly dataset: Dataset
  /** Whether something was written beside that is not in the draft yet. */
  readonly unsaved: boolean
  readonly onClose: () => void
}

interface DatasetActionsProps {
  readonly dataset: Dataset
  /** On the page that edits it: whether all that was written there is saved. */
  readonly editing?: 'saved' | 'unsaved'
}

/** What one may do with a dataset: buttons beside its heading, for those who may. */
export function DatasetActions({ dataset, editing }: DatasetActionsProps) {
  const you = useYou()
  const [asked, setAsked] = useState<keyof typeof dialogs | null>(null)
  const { my_rights: rights, has_draft, latest_published } = dataset
  const mayEdit = rights.includes('EditDataset')
  const mayPublish = rights.includes('PublishDataset')
  const inReview = dataset.locks.some(({ type }) => type === 'in_review')
  // A visitor with a preview link reads, whatever the link's maker may.
  if (!you || !(mayEdit || mayPublish || rights.includes('ManageDatasetPermissions'))) return null
  const id = String(dataset.id)
  const Dialog = asked && dialogs[asked]
  const hasDraft = has_draft === true
  return (
    <>
      {mayEdit && editing === undefined && (
        <ButtonLink
          to="/deposit/$dataset"
          params={{ dataset: id }}
          search={{}}
          variant="default"
          leftSection={<IconPencil size={18} aria-hidden />}
        >
          Edit
        </ButtonLink>
      )}
      {hasDraft && mayPublish && (
        <Button leftSection={<IconRocket size={18} aria-hidden />} onClick={() => setAsked('publish')}>
          Publish…
        </Button>
      )}
      {hasDraft && !mayPublish && mayEdit && !inReview && (
        <Button leftSection={<IconSend size={18} aria-hidden />} onClick={() => setAsked('submit')}>
          Submit for review…
        </Button>
      )}
      {inReview && mayPublish && (
        <Button variant="default" onClick={() => setAsked('return')}>
          Return to author…
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More acts">
            <IconDots size={18} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {mayEdit && (
            <MenuLink to="/deposit/$dataset" params={{ dataset: id }} search={{ tab: 'files' }}>
              Add or edit files
            </MenuLink>
          )}
          {rights.includes('ManageDatasetPermissions') && (
            <MenuLink to="/deposit/$dataset/permissions" params={{ dataset: id }}>
              Permissions
            </MenuLink>
          )}
          {rights.includes('ManageFilePermissions') && (
            <MenuLink to="/deposit/$dataset/requests" params={{ dataset: id }}>
              Access requests
            </MenuLink>
          )}
          {mayEdit && hasDraft && <Menu.Item onClick={() => setAsked('preview')}>Preview link…</Menu.Item>}
          {mayPublish && mayEdit && <Menu.Item onClick={() => setAsked('move')}>Move to another collection…</Menu.Item>}
          {mayPublish && latest_published !== null && (
            <Menu.Item color="red" onClick={() => setAsked('deaccession')}>
              Deaccession…
            </Menu.Item>
          )}
          {hasDraft && rights.includes('DeleteDatasetDraft') && (
            <Menu.Item color="red" onClick={() => setAsked('delete draft')}>
              {dataset.published_at === null ? 'Delete dataset…' : 'Delete draft…'}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {Dialog && (
        <Suspense fallback={null}>
          <Dialog dataset={dataset} unsaved={editing === 'unsaved'} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </>
  )
}
