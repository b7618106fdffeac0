import { z } from 'zod'
import { dataverseEndpoint } from '../endpoint.ts'
import { envelope, Said } from '../envelope.ts'
import { parameter } from '../parameters.ts'

const RoleJson = z.object({
  alias: z.string(),
  name: z.string(),
  permissions: z.array(z.string()),
  description: z.string(),
  id: z.int(),
  ownerId: z.int().optional(),
})

const AssignmentJson = z.object({
  id: z.int(),
  assignee: z.string(),
  assigneeName: z.string(),
  roleId: z.int(),
  roleName: z.string(),
  roleDescription: z.string(),
  _roleAlias: z.string(),
  definitionPointId: z.int(),
  definitionPointName: z.string(),
  definitionPointType: z.enum(['Dataverse', 'Dataset']),
  definitionPointGlobalId: z.string().optional(),
})

const collection = z.string().meta({ description: 'A number, an alias, or `:root`.' })
const dataset = z.string().meta({ description: 'A number, or `:persistentId` and the parameter of that name.' })
const assignment = z.string().regex(/^\d{1,15}$/)
const persistentId = parameter('`doi:10.5072/FK2/J8SJZB`, or the address it leads to.')
const Query = z.looseObject({ persistentId })

export const listRoles = dataverseEndpoint({
  id: 'dataverse-list-roles',
  method: 'GET',
  path: '/api/dataverses/:collection/roles',
  summary: 'Dataverse: roles that can be given in a collection',
  params: z.object({ collection }),
  reply: envelope(z.array(RoleJson)),
})

const making = {
  audit: 'repository.role_created',
  body: z.unknown(),
  reply: envelope(RoleJson),
} as const

export const makeRoleIn = dataverseEndpoint({
  ...making,
  id: 'dataverse-make-role-in-collection',
  method: 'POST',
  path: '/api/dataverses/:collection/roles',
  summary: 'Dataverse: make a role of a collection’s own',
  params: z.object({ collection }),
})

export const makeRole = dataverseEndpoint({
  ...making,
  id: 'dataverse-make-role',
  method: 'POST',
  path: '/api/roles',
  summary: 'Dataverse: make a role of a collection’s own',
  query: z.looseObject({ dvo: parameter('Number or alias of the collection.') }),
})

const role = z.object({ role: z.string().regex(/^\d{1,9}$/) })

export const showRole = dataverseEndpoint({
  id: 'dataverse-show-role',
  method: 'GET',
  path: '/api/roles/:role',
  summary: 'Dataverse: a role',
  params: role,
  reply: envelope(RoleJson),
})

export const deleteRole = dataverseEndpoint({
  id: 'dataverse-delete-role',
  method: 'DELETE',
  path: '/api/roles/:role',
  summary: 'Dataverse: delete a role of a collection’s own',
  audit: 'repository.role_deleted',
  params: role,
  reply: Said,
})

const listed = { reply: envelope(z.array(AssignmentJson)) } as const
const given = { audit: 'repository.role_given', body: z.unknown(), reply: envelope(AssignmentJson) } as const
const taken = { audit: 'repository.role_taken', reply: Said } as const

export const ofCollections = {
  list: dataverseEndpoint({
    ...listed,
    id: 'dataverse-list-collection-assignments',
    method: 'GET',
    path: '/api/dataverses/:collection/assignments',
    summary: 'Dataverse: who has which role on a collection',
    params: z.object({ collection }),
  }),
  give: dataverseEndpoint({
    ...given,
    id: 'dataverse-assign-on-collection',
    method: 'POST',
    path: '/api/dataverses/:collection/assignments',
    summary: 'Dataverse: give somebody a role on a collection',
    params: z.object({ collection }),
  }),
  take: dataverseEndpoint({
    ...taken,
    id: 'dataverse-unassign-on-collection',
    method: 'DELETE',
    path: '/api/dataverses/:collection/assignments/:assignment',
    summary: 'Dataverse: take a role on a collection from somebody',
    params: z.object({ collection, assignment }),
  }),
}

export const ofDatasets = {
  list: dataverseEndpoint({
    ...listed,
    id: 'dataverse-list-dataset-assignments',
    method: 'GET',
    path: '/api/datasets/:dataset/assignments',
    summary: 'Dataverse: who has which role on a dataset or its collection',
    params: z.object({ dataset }),
    query: Query,
  }),
  give: dataverseEndpoint({
    ...given,
    id: 'dataverse-assign-on-dataset',
    method: 'POST',
    path: '/api/datasets/:dataset/assignments',
    summary: 'Dataverse: give somebody a role on a dataset',
    params: z.object({ dataset }),
    query: Query,
  }),
  take: dataverseEndpoint({
    ...taken,
    id: 'dataverse-unassign-on-dataset',
    method: 'DELETE',
    path: '/api/datasets/:dataset/assignments/:assignment',
    summary: 'Dataverse: take a role on a dataset from somebody',
    params: z.object({ dataset, assignment }),
    query: Query,
  }),
}
