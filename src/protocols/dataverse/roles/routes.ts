import type { Caller } from '#src/access/caller.ts'
import type { Change, Database, Tx } from '#src/database/change.ts'
import { assignmentNotFound, roleNotFound, roleUnknown } from '#src/datasets/problems.ts'
import { readDataset } from '#src/datasets/read-dataset.ts'
import type { Rights } from '#src/datasets/rights.ts'
import { giveRole, listAssignments, takeRole } from '#src/datasets/roles/assign-role.ts'
import { createRole, deleteRole, listRoles, readRole } from '#src/datasets/roles/change-roles.ts'
import { visitor } from '#src/datasets/visitor.ts'
import { type RepositoryPermission, repositoryPermissions } from '#src/datasets/words.ts'
import type { Route } from '#src/http/serve.ts'
import { Problem } from '#src/problem/problem.ts'
import { objectOf } from '../datasets/read-version-json.ts'
import { ok, said } from '../envelope.ts'
import { hearing } from '../hear.ts'
import type { RepositoryNeeds } from '../needs.ts'
import { refused } from '../problems.ts'
import { collectionRef, datasetRef, naming } from '../references.ts'
import * as contract from './contract.ts'

export function roleRoutes({ datasets }: RepositoryNeeds): Route[] {
  const { db } = datasets
  const route = hearing(db)
  const make = (change: Change, collection: string, body: unknown) =>
    naming({ collection }, async () =>
      ok(roleJson(await createRole(change, collectionRef(collection), readRoleJson(body)))),
    )

  /** What something is called on which roles were given. */
  const pointOf = async (on: Database | Tx, caller: Caller, rights: Rights): Promise<Point> => {
    const step = rights.path.at(-1)!
    const collection = { id: step.id, name: step.name, type: 'Dataverse' as const }
    if (rights.datasetId === null) return { collection, dataset: null }
    const { dataset, version } = await readDataset({ ...datasets, db: on }, visitor(caller), rights.datasetId)
    return { collection, dataset: { id: dataset.id, name: version.title, type: 'Dataset', globalId: dataset.pid } }
  }

  return [
    route(contract.listRoles, ({ params, caller }) =>
      naming(params, async () => ok((await listRoles(db, caller, collectionRef(params.collection))).map(roleJson))),
    ),
    route(contract.makeRoleIn, ({ params, body, change }) => make(change, params.collection, body)),
    route(contract.makeRole, ({ query, body, change }) => {
      if (query.dvo === undefined) throw refused(400, "Can't find dataverse with identifier='null'")
      return make(change, query.dvo, body)
    }),
    route(contract.showRole, async ({ params, caller }) =>
      ok(roleJson(await byNumber(params.role, (id) => readRole(db, caller, id)))),
    ),
    route(contract.deleteRole, async ({ params, change }) => {
      const { name } = await byNumber(params.role, (id) => deleteRole(change, id))
      return said(`role ${name} deleted.`)
    }),

    route(contract.ofCollections.list, ({ params, caller }) =>
      naming(params, async () => {
        const target = { collection: collectionRef(params.collection) }
        const { rights, assignments } = await listAssignments(db, caller, target)
        const point = await pointOf(db, caller, rights)
        return ok(assignments.map((one) => assignmentJson(one, point)))
      }),
    ),
    route(contract.ofCollections.give, ({ params, body, caller, change }) =>
      naming(params, async () => {
        const target = { collection: collectionRef(params.collection) }
        const { rights, assignment } = await giveRole(datasets, change, target, readAssignmentJson(body)).catch(
          unknownRole("Can't find"),
        )
        return ok(assignmentJson(assignment, await pointOf(change.tx, caller, rights)))
      }),
    ),
    route(contract.ofCollections.take, ({ params, change }) =>
      naming(params, async () => {
        const target = { collection: collectionRef(params.collection) }
        const { rights, assignment } = await takeRole(change, target, Number(params.assignment)).catch(
          unknownAssignment(params.assignment),
        )
        return said(revoked(assignment, rights.path.at(-1)!.name))
      }),
    ),

    route(contract.ofDatasets.list, ({ params, query, caller }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        const { rights, assignments } = await listAssignments(db, caller, { dataset: ref })
        const point = await pointOf(db, caller, rights)
        return ok(assignments.map((one) => assignmentJson(one, point)))
      })
    }),
    route(contract.ofDatasets.give, ({ params, query, body, caller, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        const { rights, assignment } = await giveRole(
          datasets,
          change,
          { dataset: ref },
          readAssignmentJson(body),
        ).catch(unknownRole('Cannot find'))
        return ok(assignmentJson(assignment, await pointOf(change.tx, caller, rights)))
      })
    }),
    route(contract.ofDatasets.take, ({ params, query, caller, change }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        const { rights, assignment } = await takeRole(change, { dataset: ref }, Number(params.assignment)).catch(
          unknownAssignment(params.assignment),
        )
        const { dataset } = await pointOf(change.tx, caller, rights)
        return said(revoked(assignment, dataset?.name ?? ''))
      })
    }),
  ]
}

type Role = Awaited<ReturnType<typeof readRole>>
type Assignment = Awaited<ReturnType<typeof takeRole>>['assignment']

interface Point {
  readonly collection: { readonly id: number; readonly name: string; readonly type: 'Dataverse' }
  readonly dataset: {
    readonly id: number
    readonly name: string
    readonly type: 'Dataset'
    readonly globalId: string
  } | null
}

const roleJson = ({ alias, name, permissions, description, id, collection_id }: Role) => ({
  alias,
  name,
  permissions,
  description,
  id,
  ...(collection_id !== null && { ownerId: collection_id }),
})

/** Of a dataset's list some were made on its collection. */
function assignmentJson(assignment: Assignment, { collection, dataset }: Point) {
  const point = assignment.dataset_id === null || dataset === null ? collection : dataset
  return {
    id: assignment.id,
    assignee: assigneeOf(assignment),
    assigneeName: assignment.display_name ?? audienceNames[assignment.audience ?? 'everybody'],
    roleId: assignment.role_id,
    roleName: assignment.role_name,
    roleDescription: assignment.role_description,
    _roleAlias: assignment.role_alias,
    definitionPointId: point.id,
    definitionPointName: point.name,
    definitionPointType: point.type,
    ...('globalId' in point && { definitionPointGlobalId: point.globalId }),
  }
}

const audiences = { signed_in: ':authenticated-users', everybody: ':guest' } as const
const audienceNames = { signed_in: 'Authenticated Users', everybody: 'Guest' } as const

const assigneeOf = ({ user_name, audience }: Assignment): string =>
  user_name === null ? audiences[audience ?? 'everybody'] : `@${user_name}`

const revoked = (assignment: Assignment, name: string): string =>
  `Role ${assignment.role_name} revoked for assignee ${assigneeOf(assignment)} in ${name}`

const unknownRole = (words: string) => (error: unknown) => {
  if (!(error instanceof Problem) || error.code !== roleUnknown.code) throw error
  const { role, collection } = error.details.extensions ?? {}
  throw refused(400, `${words} role named '${String(role)}' in dataverse ${String(collection)}`)
}

const unknownAssignment = (id: string) => (error: unknown) => {
  if (error instanceof Problem && error.code === assignmentNotFound.code)
    throw refused(404, `Role assignment ${id} not found`)
  throw error
}

async function byNumber<T>(text: string, act: (id: number) => Promise<T>): Promise<T> {
  try {
    return await act(Number(text))
  } catch (error) {
    if (error instanceof Problem && error.code === roleNotFound.code)
      throw refused(404, `role with id ${text} not found.`)
    throw error
  }
}

function readAssignmentJson(body: unknown): { assignee: string; role: string } {
  const { assignee, role } = objectOf(body)
  if (typeof assignee !== 'string') throw refused(400, 'Assignee not found')
  if (typeof role !== 'string') throw refused(400, "Can't find role named 'null'")
  return { assignee, role }
}

function readRoleJson(body: unknown) {
  const { alias, name, description = '', permissions } = objectOf(body)
  const wrong: Record<string, string> = {}
  if (typeof alias !== 'string' || !/^[A-Za-z0-9_-]{1,16}$/.test(alias))
    wrong.alias = 'Alias is 1 to 16 letters, digits, - and _.'
  if (typeof name !== 'string' || name.trim() === '' || name.length > 200) wrong.name = 'Name is required.'
  if (typeof description !== 'string' || description.length > 2000) wrong.description = 'Description is a text.'
  const rights = permissionsIn(permissions)
  if (rights === null) wrong.permissions = `Permissions are some of ${repositoryPermissions.join(', ')}.`
  if (rights === null || Object.keys(wrong).length > 0)
    throw refused(400, `Error parsing Json: ${Object.values(wrong).join(' ')}`, wrong)
  return {
    alias: alias as string,
    name: (name as string).trim(),
    description: description as string,
    permissions: rights,
  }
}

function permissionsIn(given: unknown): RepositoryPermission[] | null {
  if (!Array.isArray(given)) return null
  if (given.some((one) => String(one).toUpperCase() === 'ALL')) return [...repositoryPermissions]
  const known = repositoryPermissions.filter((right) => given.includes(right))
  return known.length === new Set(given).size ? known : null
}
