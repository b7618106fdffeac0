import type { Change, Database } from '#src/database/change.ts'
import { blockNamed, fieldNamed } from '../blocks/blocks.ts'
import { collectionChanged } from '../changed.ts'
import { type Given, given } from '../given.ts'
import { holdTold, markTold } from '../harvest/store.ts'
import {
  aliasTaken,
  collectionInvalid,
  collectionIsRoot,
  collectionNotEmpty,
  collectionNotFound,
  collectionPublished,
  moveImpossible,
  parentUnpublished,
} from '../problems.ts'
import { type Rights, rightsOn } from '../rights.ts'
import { assignRole } from '../roles/assign-role.ts'
import { findRoleNamed } from '../roles/store.ts'
import { collectionTypes, type RepositoryPermission } from '../words.ts'
import type { CollectionRef } from './collection-view.ts'
import {
  type CollectionContent,
  type CollectionRow,
  countChildren,
  deleteCollectionRow,
  findCollection,
  insertCollection,
  keepCollection,
  lockCollection,
  lockTree,
  setParent,
  setPublished,
  updateCollection,
} from './store.ts'

type Needs = { readonly db: Database; readonly clock: { now(): Date } }
export type WrittenCollection = Pick<CollectionContent, 'alias' | 'name'> &
  Given<Omit<CollectionContent, 'alias' | 'name'>>

const rootId = 1

/** Makes an unpublished collection in another; who makes it manages it. */
export async function createCollection(
  needs: Needs,
  change: Change,
  parent: CollectionRef,
  written: WrittenCollection,
): Promise<CollectionRow> {
  const { tx, actor } = change
  const rights = await keep(change, parent, 'AddDataverse')
  const now = needs.clock.now()
  const content: CollectionContent = {
    affiliation: null,
    description: '',
    type: 'UNCATEGORIZED',
    contacts: [],
    metadata_blocks: null,
    facets: null,
    input_levels: null,
    contributor_role: 'contributor',
    alias: written.alias,
    name: written.name,
    ...given<CollectionContent>(written),
  }
  await checkContent(change, content, rights)
  const id = await insertCollection(tx, rights.collectionId, { ...content, by: actor.caller.accountId, now })
  if (id === null) throw takenAlias(content.alias)
  if (actor.caller.accountId !== null)
    await assignRole(change, {
      role: 'admin',
      to: { accountId: actor.caller.accountId },
      on: { collectionId: id },
      now,
    })
  await collectionChanged(change, id, now)
  change.note({
    verb: 'collection.created',
    subjectType: 'collection',
    subjectId: String(id),
    detail: { alias: content.alias, name: content.name, parent: rights.path.at(-1)!.alias },
  })
  return (await findCollection(tx, id))!
}

/** Changes what is said of a collection; what is not given stays. */
export async function changeCollection(
  needs: Needs,
  change: Change,
  ref: CollectionRef,
  some: Given<CollectionContent>,
): Promise<{ collection: CollectionRow; changed: boolean }> {
  const { tx } = change
  const rights = await hold(change, ref, 'EditDataverse')
  const before = (await findCollection(tx, rights.collectionId))!
  const written = given(some)
  const content: CollectionContent = { ...before, ...written }
  const changed = Object.entries(written).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof CollectionContent]),
  )
  if (changed.length === 0) return { collection: before, changed: false }
  // What depositors get is a role that is given, if by a rule.
  if (content.contributor_role !== before.contributor_role) rights.demand('ManageDataversePermissions')
  await checkContent(change, content, rights)
  if (!(await updateCollection(tx, before.id, content))) throw takenAlias(content.alias)
  await collectionChanged(change, before.id, needs.clock.now())
  change.note({
    verb: 'collection.changed',
    subjectType: 'collection',
    subjectId: String(before.id),
    detail: {
      alias: content.alias,
      ...(content.alias !== before.alias && { alias_before: before.alias }),
      members: changed.map(([name]) => name),
    },
  })
  return { collection: (await findCollection(tx, before.id))!, changed: true }
}

/** Lets everybody see a collection. What is in it is published by itself. */
export async function publishCollection(needs: Needs, change: Change, ref: CollectionRef): Promise<CollectionRow> {
  const { tx } = change
  const rights = await hold(change, ref, 'PublishDataverse')
  const self = rights.path.at(-1)!
  const parent = rights.path.at(-2)
  const row = (await findCollection(tx, self.id))!
  if (row.published_at !== null)
    throw collectionPublished({
      detail: `The collection ${self.alias} has been published already.`,
      extensions: { collection: self.alias },
    })
  if (parent && !parent.published)
    throw parentUnpublished({
      detail: `The collection ${parent.alias}, in which ${self.alias} lies, has not been published.`,
      extensions: { collection: self.alias, parent: parent.alias },
    })
  const now = needs.clock.now()
  await setPublished(tx, self.id, now)
  await collectionChanged(change, self.id, now)
  change.note({
    verb: 'collection.published',
    subjectType: 'collection',
    subjectId: String(self.id),
    detail: { alias: self.alias },
  })
  return (await findCollection(tx, self.id))!
}

/** Puts a collection, with all below it, into another. */
export async function moveCollection(
  needs: Needs,
  change: Change,
  ref: CollectionRef,
  to: CollectionRef,
): Promise<{ collection: CollectionRow; changed: boolean }> {
  const { tx, actor } = change
  const { collectionId, demand } = await rightsOn(tx, actor.caller, { collection: ref })
  demand('EditDataverse')
  // Before the tree, which whoever changes a dataset waits for.
  const told = await holdTold(tx, collectionId)
  await lockTree(tx)
  const rights = await hold(change, collectionId, 'EditDataverse')
  const target = await keep(change, to, 'AddDataverse')
  const self = rights.path.at(-1)!
  const place = target.path.at(-1)!
  const before = rights.path.at(-2)
  if (!before) throw rootStays('moved')
  if (before.id === place.id) return { collection: (await findCollection(tx, self.id))!, changed: false }
  // Who takes something away from a collection needs as much there as who deletes it from there.
  rights.demand('DeleteDataverse')
  if (target.path.some(({ id }) => id === self.id))
    throw moveImpossible({ detail: `${place.alias} lies in ${self.alias}.` })
  if (self.published && !place.published)
    throw moveImpossible({ detail: `${self.alias} is published, and ${place.alias} is not.` })
  const now = needs.clock.now()
  await setParent(tx, self.id, place.id)
  await markTold(tx, told, now)
  await collectionChanged(change, self.id, now)
  change.note({
    verb: 'collection.moved',
    subjectType: 'collection',
    subjectId: String(self.id),
    detail: { alias: self.alias, from: before.alias, to: place.alias },
  })
  return { collection: (await findCollection(tx, self.id))!, changed: true }
}

/** Deletes an empty collection. */
export async function deleteCollection(change: Change, ref: CollectionRef): Promise<{ id: number; alias: string }> {
  const { tx } = change
  const rights = await hold(change, ref, 'DeleteDataverse')
  const { id, alias } = rights.path.at(-1)!
  if (id === rootId) throw rootStays('deleted')
  const { collections, datasets } = await countChildren(tx, id)
  if (collections + datasets > 0)
    throw collectionNotEmpty({
      detail: `The collection ${alias} still holds ${collections} collections and ${datasets} datasets.`,
      extensions: { collections, datasets },
    })
  await deleteCollectionRow(tx, id)
  change.note({ verb: 'collection.deleted', subjectType: 'collection', subjectId: String(id), detail: { alias } })
  return { id, alias }
}

/** The collection, held against other changes until the change ends, for a caller who has the right on it. */
const hold = (change: Change, ref: CollectionRef, right: RepositoryPermission): Promise<Rights> =>
  lockedBy(lockCollection, change, ref, right)

/** The same of a collection that something is put into: nobody deletes or moves it meanwhile, or one above it. */
export const keep = (change: Change, ref: CollectionRef, right: RepositoryPermission): Promise<Rights> =>
  lockedBy(keepCollection, change, ref, right)

async function lockedBy(
  lock: typeof lockCollection,
  { tx, actor }: Change,
  ref: CollectionRef,
  right: RepositoryPermission,
): Promise<Rights> {
  const { collectionId, demand } = await rightsOn(tx, actor.caller, { collection: ref })
  demand(right)
  if (!(await lock(tx, collectionId)))
    throw collectionNotFound({ detail: `Collection ${collectionId} has just been deleted.` })
  // While we waited it may have been moved to where they hold something else, or published.
  const rights = await rightsOn(tx, actor.caller, { collection: collectionId })
  rights.demand(right)
  return rights
}

const rootStays = (what: string) => collectionIsRoot({ detail: `The root collection cannot be ${what}.` })

const takenAlias = (alias: string) =>
  aliasTaken({
    detail: `The alias ${alias} is taken.`,
    errors: [{ pointer: '#/alias', detail: 'is taken' }],
    extensions: { alias },
  })

async function checkContent(change: Change, content: CollectionContent, rights: Rights): Promise<void> {
  const errors: { pointer: string; detail: string }[] = []
  if (!/^[A-Za-z0-9_-]{1,60}$/.test(content.alias) || /^\d+$/.test(content.alias))
    errors.push({
      pointer: '#/alias',
      detail: 'is made of letters, digits, - and _, at most 60, and not of digits only',
    })
  if (content.name.trim() === '' || content.name.length > 300)
    errors.push({ pointer: '#/name', detail: 'has 1 to 300 characters' })
  if (!collectionTypes.includes(content.type))
    errors.push({ pointer: '#/type', detail: `is one of ${collectionTypes.join(', ')}` })
  if (content.metadata_blocks !== null && !content.metadata_blocks.includes('citation'))
    errors.push({ pointer: '#/metadata_blocks', detail: 'names citation, which every dataset has' })
  for (const [at, name] of (content.metadata_blocks ?? []).entries())
    if (!blockNamed(name)) errors.push({ pointer: `#/metadata_blocks/${at}`, detail: 'names no metadata block' })
  for (const [at, name] of (content.facets ?? []).entries())
    if (!fieldNamed(name)) errors.push({ pointer: `#/facets/${at}`, detail: 'names no field' })
  for (const [at, { field }] of (content.input_levels ?? []).entries())
    if (!fieldNamed(field)) errors.push({ pointer: `#/input_levels/${at}/field`, detail: 'names no field' })
  const role = await findRoleNamed(
    change.tx,
    content.contributor_role,
    rights.path.map(({ id }) => id),
  )
  if (!role) errors.push({ pointer: '#/contributor_role', detail: 'names no role that can be given here' })
  if (errors.length > 0)
    throw collectionInvalid({
      detail: errors.map(({ pointer, detail }) => `${pointer.slice(2)} ${detail}.`).join(' '),
      errors,
    })
}
