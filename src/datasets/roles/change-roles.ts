import type { Caller } from '#src/access/caller.ts'
import type { Change, Database, Tx } from '#src/database/change.ts'
import type { CollectionRef } from '../collections/collection-view.ts'
import { roleBuiltIn, roleNotFound, roleTaken } from '../problems.ts'
import { demandVisible, rightsOn } from '../rights.ts'
import { type RepositoryPermission, repositoryPermissions } from '../words.ts'
import { countContributorUses, deleteRoleRow, findRole, findRoles, insertRole, type RoleRow } from './store.ts'

/** Roles that can be given in a collection and below: those of the product, and its own and those from above. */
export async function listRoles(db: Database | Tx, caller: Caller, ref: CollectionRef): Promise<RoleRow[]> {
  const rights = await rightsOn(db, caller, { collection: ref })
  demandVisible(rights)
  return findRoles(
    db,
    rights.path.map(({ id }) => id),
  )
}

/** One of them, for those who see where it belongs. */
export async function readRole(db: Database | Tx, caller: Caller, id: number): Promise<RoleRow> {
  const role = await findRole(db, id)
  if (!role) throw noSuchRole(id)
  if (role.collection_id !== null && !(await rightsOn(db, caller, { collection: role.collection_id })).visible)
    throw noSuchRole(id)
  return role
}

/** Makes a role that can be given in a collection and below. */
export async function createRole(
  change: Change,
  ref: CollectionRef,
  role: { alias: string; name: string; description: string; permissions: readonly RepositoryPermission[] },
): Promise<RoleRow> {
  const rights = await rightsOn(change.tx, change.actor.caller, { collection: ref })
  rights.demand('ManageDataversePermissions')
  const permissions = repositoryPermissions.filter((one) => role.permissions.includes(one))
  const id = await insertRole(change.tx, { ...role, permissions, collection_id: rights.collectionId })
  if (id === null)
    throw roleTaken({
      detail: `There is a role ${role.alias} already.`,
      errors: [{ pointer: '#/alias', detail: 'is taken' }],
    })
  change.note({
    verb: 'repository.role_created',
    subjectType: 'repository_role',
    subjectId: String(id),
    detail: { alias: role.alias, collection: rights.path.at(-1)!.alias, permissions },
  })
  return (await findRole(change.tx, id))!
}

/** Deletes a role of a collection's own; whoever had it loses it. */
export async function deleteRole(change: Change, id: number): Promise<RoleRow> {
  const { tx, actor } = change
  const role = await readRole(tx, actor.caller, id)
  if (role.collection_id === null)
    throw roleBuiltIn({ detail: `${role.name} comes with the product.`, extensions: { role: role.name } })
  const rights = await rightsOn(tx, actor.caller, { collection: role.collection_id })
  rights.demand('ManageDataversePermissions')
  if ((await countContributorUses(tx, role.alias)) > 0)
    throw roleTaken({
      detail: `A collection gives the role ${role.alias} to its depositors.`,
      hint: 'Choose another role there first.',
    })
  await deleteRoleRow(tx, id)
  change.note({
    verb: 'repository.role_deleted',
    subjectType: 'repository_role',
    subjectId: String(id),
    detail: { alias: role.alias },
  })
  return role
}

const noSuchRole = (id: number) => roleNotFound({ detail: `There is no role ${id} that you may see.` })
