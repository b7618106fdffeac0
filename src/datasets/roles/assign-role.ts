import { findPeopleNamed } from '#src/accounts/find-people.ts'
import type { Change } from '#src/database/change.ts'
import { assigneeUnknown, assignmentNotFound, rightMissing, roleGranted, roleUnknown } from '../problems.ts'
import { type Rights, rightsOn } from '../rights.ts'
import type { Target } from '../rights-store.ts'
import type { RepositoryPermission } from '../words.ts'
import {
  type Assignee,
  type AssignmentRow,
  deleteAssignment,
  findAssignment,
  findAssignments,
  findRoleNamed,
  insertAssignment,
  type On,
} from './store.ts'

/** Gives a role without asking for rights: what comes with making something. */
export async function assignRole(
  change: Change,
  { role, to, on, now, path = [] }: { role: string; to: Assignee; on: On; now: Date; path?: readonly number[] },
): Promise<void> {
  const found = await findRoleNamed(change.tx, role, [0, ...path])
  if (!found) return
  await insertAssignment(change.tx, { roleId: found.id, to, on, by: change.actor.caller.accountId, now })
}

const managing = ({ fileId, datasetId }: Rights): RepositoryPermission => {
  if (fileId !== null) return 'ManageFilePermissions'
  return datasetId === null ? 'ManageDataversePermissions' : 'ManageDatasetPermissions'
}

export const thingOf = ({ collectionId, datasetId, fileId }: Rights): On => {
  if (fileId !== null) return { fileId }
  return datasetId === null ? { collectionId } : { datasetId }
}

/** Who was given what on a thing; of a dataset also on the collection that it lies in. For those who give roles there. */
export async function listAssignments(
  db: Parameters<typeof rightsOn>[0],
  caller: Parameters<typeof rightsOn>[1],
  target: Target,
): Promise<{ rights: Rights; assignments: AssignmentRow[] }> {
  const rights = await rightsOn(db, caller, target)
  rights.demand(managing(rights))
  const on = thingOf(rights)
  const ons: On[] = 'datasetId' in on ? [on, { collectionId: rights.collectionId }] : [on]
  return { rights, assignments: await findAssignments(db, ons) }
}

/**
 * Gives somebody a role on a collection, a dataset or a file, and on all below it. `assignee`: a user name (also with an @),
 * `:signed-in` (`:authenticated-users`) or `:everybody` (`:guest`).
 */
export async function giveRole(
  needs: { readonly clock: { now(): Date } },
  change: Change,
  target: Target,
  { assignee, role }: { assignee: string; role: string },
): Promise<{ rights: Rights; assignment: AssignmentRow }> {
  const { tx, actor } = change
  const rights = await rightsOn(tx, actor.caller, target)
  rights.demand(managing(rights))
  const found = await findRoleNamed(
    tx,
    role,
    rights.path.map(({ id }) => id),
  )
  if (!found)
    throw roleUnknown({
      detail: `There is no role ${JSON.stringify(role.slice(0, 60))} in the collection ${rights.path.at(-1)!.alias}.`,
      errors: [{ pointer: '#/role', detail: 'names no role that can be given here' }],
      extensions: { role: role.slice(0, 60), collection: rights.path.at(-1)!.alias },
    })
  refuseMore(rights, found.permissions)
  const to = await assigneeNamed(change, assignee)
  const id = await insertAssignment(tx, {
    roleId: found.id,
    to,
    on: thingOf(rights),
    by: actor.caller.accountId,
    now: needs.clock.now(),
  })
  if (id === null) throw roleGranted({ detail: `${assignee} has the role ${found.alias} here already.` })
  change.note({
    verb: 'repository.role_given',
    ...subjectOf(rights),
    detail: { role: found.alias, assignee: 'audience' in to ? to.audience : assignee.replace(/^@/, '') },
  })
  return { rights, assignment: (await findAssignment(tx, id))! }
}

/** Takes a role from somebody again. */
export async function takeRole(
  change: Change,
  target: Target,
  id: number,
): Promise<{ rights: Rights; assignment: AssignmentRow }> {
  const { tx, actor } = change
  const rights = await rightsOn(tx, actor.caller, target)
  rights.demand(managing(rights))
  const on = thingOf(rights)
  const assignment = await findAssignment(tx, id)
  const here =
    assignment &&
    ('fileId' in on
      ? assignment.file_id === on.fileId
      : 'datasetId' in on
        ? assignment.dataset_id === on.datasetId
        : assignment.collection_id === on.collectionId)
  if (!here || !(await deleteAssignment(tx, id)))
    throw assignmentNotFound({ detail: `There is no assignment ${id} here.` })
  change.note({
    verb: 'repository.role_taken',
    ...subjectOf(rights),
    detail: { role: assignment.role_alias, assignee: assignment.user_name ?? assignment.audience },
  })
  return { rights, assignment }
}

/** Nobody gives more than they have: a curator does not make themselves or others administrators of a dataset. */
function refuseMore(rights: Rights, permissions: readonly RepositoryPermission[]): void {
  const beyond = permissions.find((right) => !rights.may(right))
  // Who manages a thing whole may give any role on it, also where their token holds less than they do.
  if (beyond === undefined) return
  throw rightMissing({
    detail: `The role holds ${beyond}, which you do not have here: nobody gives more than they have.`,
    extensions: { missing_right: beyond },
  })
}

const subjectOf = ({ collectionId, datasetId, fileId }: Rights) => ({
  subjectType: fileId !== null ? 'dataset_file' : datasetId === null ? 'collection' : 'dataset',
  subjectId: String(fileId ?? datasetId ?? collectionId),
})

const audiences: Readonly<Record<string, 'signed_in' | 'everybody'>> = {
  ':signed-in': 'signed_in',
  ':authenticated-users': 'signed_in',
  ':everybody': 'everybody',
  ':guest': 'everybody',
}

async function assigneeNamed(change: Change, written: string): Promise<Assignee> {
  const audience = Object.hasOwn(audiences, written) ? audiences[written] : undefined
  if (audience) return { audience }
  const [account] = await findPeopleNamed(change.tx, [written.replace(/^@/, '')])
  if (account) return { accountId: account.id }
  throw assigneeUnknown({
    detail: `There is nobody called ${JSON.stringify(written.slice(0, 100))}.`,
    errors: [{ pointer: '#/assignee', detail: 'names nobody' }],
  })
}
