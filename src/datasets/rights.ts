import type { Caller } from '#src/access/caller.ts'
import type { Permission } from '#src/access/permissions.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { collectionNotFound, datasetNotFound, fileNotFound, hidden, rightMissing } from './problems.ts'
import { findRights, type RightsRow, type Target } from './rights-store.ts'
import { type Visitor, visitor } from './visitor.ts'
import { type RepositoryPermission, repositoryPermissions } from './words.ts'

export type { RepositoryPermission } from './words.ts'

/** The first lock: what the caller's role and token must hold before the repository's own roles count at all. */
export const ceilingOf = (right: RepositoryPermission): Permission => {
  if (right.startsWith('View') || right === 'DownloadFile') return 'datasets:read'
  return right.startsWith('Publish') ? 'datasets:publish' : 'datasets:write'
}

/** One collection on the way from the root. */
export interface PathStep {
  readonly id: number
  readonly alias: string
  readonly name: string
  readonly published: boolean
}

/** What somebody may do with one collection, dataset or file. */
export interface Rights {
  readonly visitor: Visitor
  /** What was asked for, as it was asked. */
  readonly asked: Target
  readonly collectionId: number
  /** Null: it is a collection. */
  readonly datasetId: number | null
  /** Null: it is a collection or a dataset. */
  readonly fileId: number | null
  /** From the root down to the collection that it is or lies in. */
  readonly path: readonly PathStep[]
  /** Whether everybody may know of it. */
  readonly published: boolean
  /** Whether this caller may know of it. */
  readonly visible: boolean
  /** Administrators of the installation, with a credential that says no less: they need no role on anything. */
  readonly superuser: boolean
  /** All that `may` says yes to. */
  readonly held: readonly RepositoryPermission[]
  may(right: RepositoryPermission): boolean
  /** The same without a link to the draft, which opens that draft and nothing else of the dataset. */
  mayWithoutLink(right: RepositoryPermission): boolean
  /** Refuses (403) who lacks the right, and (404) who may not even know of the thing. */
  demand(right: RepositoryPermission): void
}

/**
 * Two locks, and both must open: the grants of the caller (which a token narrows, also to a collection and all below), and
 * the roles that were given to them on the thing or above it. One question to the database. Not found: 404.
 */
export async function rightsOn(db: Database | Tx, who: Caller | Visitor, target: Target): Promise<Rights> {
  const by = 'caller' in who ? who : visitor(who)
  const row = await findRights(db, by.caller, target)
  if (!row) throw absent(target)
  return rightsFrom(by, row, target)
}

/** Whether the caller's grants reach what lies below these collections. */
export const reaches = (caller: Caller, permission: Permission, path: readonly { readonly alias: string }[]): boolean =>
  caller.grants.allows(permission) ||
  (caller.grants.allowsSome(permission) && path.some(({ alias }) => caller.grants.allows(permission, alias)))

/** Administrators of the installation stand above the repository's roles. */
export const isSuperuser = ({ role }: Caller): boolean => role === 'admin'

function rightsFrom(by: Visitor, row: RightsRow, asked: Target): Rights {
  const { caller, preview } = by
  const assigned = new Set<string>(isSuperuser(caller) ? repositoryPermissions : row.held)
  const previewed: readonly RepositoryPermission[] =
    preview !== null && preview.datasetId === row.dataset_id ? ['ViewUnpublishedDataset', 'DownloadFile'] : []
  const open = new Map<Permission, boolean>()
  const isOpen = (permission: Permission): boolean => {
    const known = open.get(permission) ?? reaches(caller, permission, row.path)
    open.set(permission, known)
    return known
  }
  const mayWithoutLink = (right: RepositoryPermission): boolean => assigned.has(right) && isOpen(ceilingOf(right))
  const held = repositoryPermissions.filter((right) => previewed.includes(right) || mayWithoutLink(right))
  const may = (right: RepositoryPermission): boolean => held.includes(right)
  const knowing = row.dataset_id === null ? knowsCollection : knowsDataset
  const visible = row.published || held.some((right) => knowing.has(right))
  return {
    visitor: by,
    asked,
    collectionId: row.collection_id,
    datasetId: row.dataset_id,
    fileId: row.file_id,
    path: row.path,
    published: row.published,
    visible,
    superuser: isSuperuser(caller),
    held,
    may,
    mayWithoutLink,
    demand(right) {
      if (may(right)) return
      if (!visible) throw absent(asked, hidden)
      const ceiling = ceilingOf(right)
      const narrowed = assigned.has(right) && !isOpen(ceiling)
      throw rightMissing({
        detail: narrowed
          ? `This needs ${right}, which your role here holds; but you ask without the permission ${ceiling}.`
          : `This needs ${right} here.`,
        ...(narrowed && {
          hint: `Use a token that holds ${ceiling}, for all collections or for one on the way to this.`,
        }),
        extensions: { missing_right: right, ...(narrowed && { missing_permissions: [ceiling] }) },
      })
    },
  }
}

/** Who holds one of these on a collection or dataset knows that it is there. */
const knowsCollection: ReadonlySet<RepositoryPermission> = new Set([
  'ViewUnpublishedDataverse',
  'EditDataverse',
  'ManageDataversePermissions',
  'PublishDataverse',
  'DeleteDataverse',
])
const knowsDataset: ReadonlySet<RepositoryPermission> = new Set([
  'ViewUnpublishedDataset',
  'EditDataset',
  'ManageDatasetPermissions',
  'PublishDataset',
  'DeleteDatasetDraft',
])

/**
 * The same words whether it is not there or not for this caller: those that were asked, so that they tell nothing more. Only
 * other programs' dialects ask which (`isHidden`).
 */
function absent(target: Target, cause?: Error) {
  const [problem, what] =
    'collection' in target
      ? [collectionNotFound, `collection ${target.collection}`]
      : 'dataset' in target
        ? [datasetNotFound, `dataset ${target.dataset}`]
        : [fileNotFound, `file ${target.file}`]
  return problem({ detail: `There is no ${what} that you may see.`, ...(cause && { cause }) })
}

/** Throws what somebody gets who asks for what they may not know of. */
export function demandVisible(rights: Rights): void {
  if (!rights.visible) throw absent(rights.asked, hidden)
}
