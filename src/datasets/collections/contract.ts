import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { pageQuery } from '#src/http/parameters.ts'
import { CollectionParam, collectionParams, Path, Rights } from '../shapes.ts'
import { collectionTypes } from '../words.ts'

const moment = z.iso.datetime()

const contacts = z.array(z.strictObject({ email: z.email().max(254) })).max(20)
const inputLevel = z.strictObject({
  field: z.string().max(100),
  required: z.boolean().default(false),
  include: z.boolean().default(true),
})
const Alias = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,60}$/, 'is made of letters, digits, - and _, at most 60')
  .regex(/[^0-9]/, 'is not made of digits only')
  .meta({ examples: ['sandpiper-lab'] })
const collectionMembers = {
  description: z.string().max(20_000),
  affiliation: z.string().max(300).nullable(),
  type: z.enum(collectionTypes),
  contacts,
  metadata_blocks: z
    .array(z.string().max(100))
    .max(50)
    .nullable()
    .meta({ description: 'Null: as the collection that it lies in has them.' }),
  facets: z.array(z.string().max(100)).max(50).nullable(),
  input_levels: z
    .array(inputLevel)
    .max(200)
    .nullable()
    .meta({ description: 'What is asked of its datasets beyond what the blocks do.' }),
  contributor_role: z.string().max(40).meta({ description: 'The role that depositors get on their datasets.' }),
}
const optionalMembers = Object.fromEntries(
  Object.entries(collectionMembers).map(([name, type]) => [name, type.optional()]),
) as { [K in keyof typeof collectionMembers]: z.ZodOptional<(typeof collectionMembers)[K]> }

const collectionFacts = {
  id: z.int(),
  alias: z.string(),
  parent_id: z.int().nullable(),
  name: z.string(),
  affiliation: z.string().nullable(),
  description: z.string(),
  type: z.enum(collectionTypes),
  contacts: z.array(z.object({ email: z.string() })),
  published_at: moment.nullable(),
  created_at: moment,
  created_by: z.string().nullable(),
  updated_at: moment,
}
const CollectionSummary = z.object(collectionFacts).meta({ id: 'CollectionSummary' })
export const Collection = z
  .object({
    ...collectionFacts,
    path: Path,
    metadata_blocks: z.array(z.string()).nullable(),
    facets: z.array(z.string()).nullable(),
    input_levels: z.array(z.object({ field: z.string(), required: z.boolean(), include: z.boolean() })).nullable(),
    contributor_role: z.string(),
    in_force: z
      .object({
        metadata_blocks: z.array(z.string()),
        facets: z.array(z.string()),
        input_levels: z.array(z.object({ field: z.string(), required: z.boolean(), include: z.boolean() })),
      })
      .meta({ description: 'What holds here, whether of its own or from above.' }),
    counts: z.object({
      collections: z.int().meta({ description: 'Directly in it.' }),
      datasets: z.int().meta({ description: 'Directly in it.' }),
      datasets_below: z.int().meta({ description: 'In it and in all collections below.' }),
    }),
    my_rights: Rights,
  })
  .meta({ id: 'Collection' })

export const listCollections = endpoint({
  id: 'list-collections',
  method: 'GET',
  path: '/v1/collections',
  summary: 'List collections that you may see, by name',
  access: 'optional',
  query: z.object({
    ...pageQuery(),
    parent: CollectionParam.optional().meta({ description: 'Only those directly in this one.' }),
    search: z.string().max(200).optional().meta({ description: 'Part of name, alias or description.' }),
  }),
  reply: z.object({ items: z.array(CollectionSummary) }),
})

export const createCollection = endpoint({
  id: 'create-collection',
  method: 'POST',
  path: '/v1/collections',
  summary: 'Make a collection',
  description: 'It is seen by nobody but you and those above you until it is published. You become its administrator.',
  access: 'datasets:write',
  someResource: true,
  audit: 'collection.created',
  idempotent: true,
  body: z.object({
    parent: CollectionParam.default('root'),
    alias: Alias,
    name: z.string().trim().min(1).max(300),
    ...optionalMembers,
  }),
  reply: Collection,
  status: 201,
})

export const getCollection = endpoint({
  id: 'get-collection',
  method: 'GET',
  path: '/v1/collections/:collection',
  summary: 'Show a collection',
  access: 'optional',
  params: collectionParams,
  reply: Collection,
})

export const updateCollection = endpoint({
  id: 'update-collection',
  method: 'PATCH',
  path: '/v1/collections/:collection',
  summary: 'Change a collection',
  access: 'datasets:write',
  someResource: true,
  audit: 'collection.changed',
  params: collectionParams,
  body: z.object({ alias: Alias.optional(), name: z.string().trim().min(1).max(300).optional(), ...optionalMembers }),
  reply: Collection,
})

export const deleteCollection = endpoint({
  id: 'delete-collection',
  method: 'DELETE',
  path: '/v1/collections/:collection',
  summary: 'Delete an empty collection',
  access: 'datasets:write',
  someResource: true,
  audit: 'collection.deleted',
  params: collectionParams,
})

export const publishCollection = endpoint({
  id: 'publish-collection',
  method: 'POST',
  path: '/v1/collections/:collection/publish',
  summary: 'Let everybody see a collection',
  description: 'The collection that it lies in has to be published. Its datasets are published one by one.',
  access: 'datasets:publish',
  someResource: true,
  audit: 'collection.published',
  params: collectionParams,
  reply: Collection,
})

export const moveCollection = endpoint({
  id: 'move-collection',
  method: 'POST',
  path: '/v1/collections/:collection/move',
  summary: 'Put a collection, with all that is in it, into another',
  access: 'datasets:write',
  someResource: true,
  audit: 'collection.moved',
  params: collectionParams,
  body: z.object({ to: CollectionParam }),
  reply: Collection,
})

export const listContents = endpoint({
  id: 'list-collection-contents',
  method: 'GET',
  path: '/v1/collections/:collection/contents',
  summary: 'List what lies directly in a collection: collections by name, then datasets as they were made',
  access: 'optional',
  params: collectionParams,
  query: z.object(pageQuery()),
  reply: z.object({
    items: z.array(
      z.object({
        type: z.enum(['collection', 'dataset']),
        id: z.int(),
        title: z.string(),
        alias: z.string().nullable(),
        pid: z.string().nullable(),
        published_at: moment.nullable(),
        updated_at: moment,
      }),
    ),
  }),
})
