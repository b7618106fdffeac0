import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { collectionParams, datasetParams, IdParam, Permission } from '../shapes.ts'

const moment = z.iso.datetime()

const Role = z
  .object({
    id: z.int(),
    alias: z.string(),
    name: z.string(),
    description: z.string(),
    permissions: z.array(Permission),
    collection_id: z.int().nullable().meta({ description: 'Whose own it is; null: it comes with the product.' }),
  })
  .meta({ id: 'RepositoryRole' })

const Assignment = z
  .object({
    id: z.int(),
    role: z.object({ id: z.int(), alias: z.string(), name: z.string() }),
    assignee: z.string().meta({ description: 'A user name, `:signed-in` or `:everybody`.' }),
    display_name: z.string(),
    on: z.object({ type: z.enum(['collection', 'dataset', 'file']), id: z.int() }),
    created_at: moment,
  })
  .meta({ id: 'RoleAssignment' })
const Assignments = z.object({ items: z.array(Assignment) })
const AssignmentGiven = z.object({
  assignee: z
    .string()
    .min(1)
    .max(100)
    .meta({ description: 'A user name, `:signed-in` or `:everybody`.', examples: ['bob'] }),
  role: z
    .string()
    .min(1)
    .max(40)
    .meta({ description: 'Its alias.', examples: ['curator'] }),
})

export const listRoles = endpoint({
  id: 'list-repository-roles',
  method: 'GET',
  path: '/v1/collections/:collection/roles',
  summary: 'List the roles that can be given in a collection and below',
  access: 'optional',
  params: collectionParams,
  reply: z.object({ items: z.array(Role) }),
})

export const createRole = endpoint({
  id: 'create-repository-role',
  method: 'POST',
  path: '/v1/collections/:collection/roles',
  summary: 'Make a role that can be given in a collection and below',
  access: 'datasets:write',
  someResource: true,
  audit: 'repository.role_created',
  idempotent: true,
  params: collectionParams,
  body: z.object({
    alias: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,40}$/, 'is made of letters, digits, - and _, at most 40')
      .meta({ examples: ['reviewer'] }),
    name: z.string().trim().min(1).max(100),
    description: z.string().max(1000).default(''),
    permissions: z.array(Permission).max(16),
  }),
  reply: Role,
  status: 201,
})

export const deleteRole = endpoint({
  id: 'delete-repository-role',
  method: 'DELETE',
  path: '/v1/repository-roles/:role',
  summary: 'Delete a role; whoever had it loses it',
  access: 'datasets:write',
  someResource: true,
  audit: 'repository.role_deleted',
  params: z.object({ role: IdParam }),
})

export const findPeople = endpoint({
  id: 'find-repository-people',
  method: 'GET',
  path: '/v1/repository-people',
  summary: 'Find people to give a role to, by user name',
  access: 'datasets:write',
  someResource: true,
  perMinute: 300,
  query: z.object({
    search: z.string().max(100).optional().meta({ description: 'Part of their name or user name.' }),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  }),
  reply: z.object({ items: z.array(z.object({ user_name: z.string(), display_name: z.string() })) }),
})

const AssignmentId = { assignment: IdParam }
const FileParam = IdParam.meta({ description: 'The number of a file.', examples: ['7'] })

export const collectionAssignments = endpoint({
  id: 'list-collection-assignments',
  method: 'GET',
  path: '/v1/collections/:collection/assignments',
  summary: 'List who has which role on a collection',
  access: 'datasets:write',
  someResource: true,
  params: collectionParams,
  reply: Assignments,
})

export const giveCollectionRole = endpoint({
  id: 'give-collection-role',
  method: 'POST',
  path: '/v1/collections/:collection/assignments',
  summary: 'Give somebody a role on a collection and all below it',
  description: 'Nobody gives more than they have.',
  access: 'datasets:write',
  someResource: true,
  audit: 'repository.role_given',
  idempotent: true,
  params: collectionParams,
  body: AssignmentGiven,
  reply: Assignment,
  status: 201,
})

export const takeCollectionRole = endpoint({
  id: 'take-collection-role',
  method: 'DELETE',
  path: '/v1/collections/:collection/assignments/:assignment',
  summary: 'Take a role on a collection from somebody',
  access: 'datasets:write',
  someResource: true,
  audit: 'repository.role_taken',
  params: collectionParams.extend(AssignmentId),
})

export const datasetAssignments = endpoint({
  id: 'list-dataset-assignments',
  method: 'GET',
  path: '/v1/datasets/:dataset/assignments',
  summary: 'List who has which role on a dataset, and on the collection that it lies in',
  access: 'datasets:write',
  someResource: true,
  params: datasetParams,
  reply: Assignments,
})

export const giveDatasetRole = endpoint({
  id: 'give-dataset-role',
  method: 'POST',
  path: '/v1/datasets/:dataset/assignments',
  summary: 'Give somebody a role on a dataset',
  description: 'Nobody gives more than they have.',
  access: 'datasets:write',
  someResource: true,
  audit: 'repository.role_given',
  idempotent: true,
  params: datasetParams,
  body: AssignmentGiven,
  reply: Assignment,
  status: 201,
})

export const takeDatasetRole = endpoint({
  id: 'take-dataset-role',
  method: 'DELETE',
  path: '/v1/datasets/:dataset/assignments/:assignment',
  summary: 'Take a role on a dataset from somebody',
  access: 'datasets:write',
  someResource: true,
  audit: 'repository.role_taken',
  params: datasetParams.extend(AssignmentId),
})

export const fileAssignments = endpoint({
  id: 'list-file-assignments',
  method: 'GET',
  path: '/v1/files/:file/assignments',
  summary: 'List who was given a file',
  access: 'datasets:write',
  someResource: true,
  params: z.object({ file: FileParam }),
  reply: Assignments,
})

export const giveFileRole = endpoint({
  id: 'give-file-role',
  method: 'POST',
  path: '/v1/files/:file/assignments',
  summary: 'Give somebody a role on a file: fileDownloader lets them have a restricted one',
  access: 'datasets:write',
  someResource: true,
  audit: 'repository.role_given',
  idempotent: true,
  params: z.object({ file: FileParam }),
  body: AssignmentGiven,
  reply: Assignment,
  status: 201,
})

export const takeFileRole = endpoint({
  id: 'take-file-role',
  method: 'DELETE',
  path: '/v1/files/:file/assignments/:assignment',
  summary: 'Take a role on a file from somebody',
  access: 'datasets:write',
  someResource: true,
  audit: 'repository.role_taken',
  params: z.object({ file: FileParam }).extend(AssignmentId),
})
