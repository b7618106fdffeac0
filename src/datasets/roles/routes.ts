import type { Caller } from '#src/access/caller.ts'
import { searchPeople } from '#src/accounts/find-people.ts'
import type { Change } from '#src/database/change.ts'
import { type Route, route } from '#src/http/serve.ts'
import type { DatasetNeeds } from '../needs.ts'
import type { Target } from '../rights-store.ts'
import { giveRole, listAssignments, takeRole } from './assign-role.ts'
import { createRole, deleteRole, listRoles } from './change-roles.ts'
import * as contract from './contract.ts'
import { presentAssignment } from './present-assignment.ts'

export function roleRoutes(needs: DatasetNeeds): Route[] {
  const { db } = needs
  const list = async (caller: Caller, target: Target) => ({
    items: (await listAssignments(db, caller, target)).assignments.map(presentAssignment),
  })
  const give = async (change: Change, target: Target, body: { assignee: string; role: string }) =>
    presentAssignment((await giveRole(needs, change, target, body)).assignment)
  const take = async (change: Change, target: Target, id: string) => {
    await takeRole(change, target, Number(id))
    return undefined
  }
  return [
    route(contract.listRoles, async ({ caller, params }) => ({
      items: await listRoles(db, caller, params.collection),
    })),
    route(contract.createRole, ({ change, params, body }) => createRole(change, params.collection, body)),
    route(contract.deleteRole, async ({ change, params }) => {
      await deleteRole(change, Number(params.role))
      return undefined
    }),
    route(contract.collectionAssignments, ({ caller, params }) => list(caller, { collection: params.collection })),
    route(contract.giveCollectionRole, ({ change, params, body }) =>
      give(change, { collection: params.collection }, body),
    ),
    route(contract.takeCollectionRole, ({ change, params }) =>
      take(change, { collection: params.collection }, params.assignment),
    ),
    route(contract.datasetAssignments, ({ caller, params }) => list(caller, { dataset: params.dataset })),
    route(contract.giveDatasetRole, ({ change, params, body }) => give(change, { dataset: params.dataset }, body)),
    route(contract.takeDatasetRole, ({ change, params }) =>
      take(change, { dataset: params.dataset }, params.assignment),
    ),
    route(contract.fileAssignments, ({ caller, params }) => list(caller, { file: params.file })),
    route(contract.giveFileRole, ({ change, params, body }) => give(change, { file: params.file }, body)),
    route(contract.takeFileRole, ({ change, params }) => take(change, { file: params.file }, params.assignment)),
    route(contract.findPeople, async ({ query: { search, limit } }) => ({
      items: await searchPeople(db, search, { after: null, limit }),
    })),
  ]
}
