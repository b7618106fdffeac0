import { Button, Menu } from '@mantine/core'
import { IconDots, IconFilePlus, IconFolderPlus, IconRocket } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useYou } from '#portal/instance/instance.ts'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import type { Collection } from './deposit/repository.ts'
import { MenuLink } from './MenuLink.tsx'

const dialogs = {
  publish: lazy(() =>
    import('./collections/CollectionDialogs.tsx').then(({ PublishCollectionDialog: component }) => ({
      default: component,
    })),
  ),
  delete: lazy(() =>
    import('./collections/CollectionDialogs.tsx').then(({ DeleteCollectionDialog: component }) => ({
      default: component,
    })),
  ),
  move: lazy(() =>
    import('./deposit/MoveDialog.tsx').then(({ MoveCollectionDialog: component }) => ({ default: component })),
  ),
}

/** What one may do with a collection: buttons beside its heading, for those who may. */
export function CollectionActions({ collection }: { collection: Collection }) {
  const you = useYou()
  const [asked, setAsked] = useState<keyof typeof dialogs | null>(null)
  const { my_rights: rights, alias, published_at, parent_id } = collection
  if (!you) return null
  const params = { collection: alias }
  const Dialog = asked && dialogs[asked]
  const isRoot = parent_id === null
  const more = [
    rights.includes('AddDataverse') && (
      <MenuLink key="new" to="/collections/$collection/new" params={params}>
        Add a collection
      </MenuLink>
    ),
    rights.includes('EditDataverse') && (
      <MenuLink key="edit" to="/collections/$collection/edit" params={params}>
        Edit
      </MenuLink>
    ),
    rights.includes('ManageDataversePermissions') && (
      <MenuLink key="permissions" to="/collections/$collection/permissions" params={params}>
        Permissions
      </MenuLink>
    ),
    !isRoot && rights.includes('EditDataverse') && rights.includes('DeleteDataverse') && (
      <Menu.Item key="move" onClick={() => setAsked('move')}>
        Move…
      </Menu.Item>
    ),
    !isRoot && rights.includes('DeleteDataverse') && (
      <Menu.Item key="delete" color="red" onClick={() => setAsked('delete')}>
        Delete…
      </Menu.Item>
    ),
  ].filter(Boolean)
  return (
    <>
      {rights.includes('AddDataset') && (
        <ButtonLink to="/deposit" search={{ collection: alias }} leftSection={<IconFilePlus size={18} aria-hidden />}>
          Add dataset
        </ButtonLink>
      )}
      {more.length === 1 && rights.includes('AddDataverse') ? (
        <ButtonLink
          to="/collections/$collection/new"
          params={params}
          variant="default"
          leftSection={<IconFolderPlus size={18} aria-hidden />}
        >
          Add collection
        </ButtonLink>
      ) : null}
      {published_at === null && rights.includes('PublishDataverse') && (
        <Button
          variant="default"
          leftSection={<IconRocket size={18} aria-hidden />}
          onClick={() => setAsked('publish')}
        >
          Publish…
        </Button>
      )}
      {more.length > 1 && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px="xs" aria-label="More acts">
              <IconDots size={18} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>{more}</Menu.Dropdown>
        </Menu>
      )}
      {Dialog && (
        <Suspense fallback={null}>
          <Dialog collection={collection} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </>
  )
}
