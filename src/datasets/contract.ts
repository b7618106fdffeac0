import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { flag, pageQuery } from '#src/http/parameters.ts'
import { termNames } from './terms.ts'
import { collectionTypes, lockTypes, repositoryPermissions, versionStates } from './words.ts'

// — Words

const moment = z.iso.datetime()
/** A number, or a persistent id percent-encoded. */
export const DatasetParam = z
  .string()
  .max(400)
  .regex(/^([1-9][0-9]{0,14}|[A-Za-z]{3,5}:[!-~]{1,300})$/)
  .meta({ description: 'A number or a persistent id, percent-encoded.', examples: ['42'] })
export const CollectionParam = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,60}$/)
  .meta({ description: 'An alias or a number.', examples: ['physics'] })
export const VersionParam = z
  .string()
  .regex(/^(draft|latest|latest-published|[0-9]{1,6}(\.[0-9]{1,6})?)$/)
  .meta({ description: '`draft`, `latest`, `latest-published` or a number.', examples: ['1.0'] })
const IdParam = z
  .string()
  .regex(/^[1-9][0-9]{0,14}$/)
  .meta({ examples: ['7'] })

const datasetParams = z.object({ dataset: DatasetParam })
const versionParams = z.object({ dataset: DatasetParam, version: VersionParam })
const collectionParams = z.object({ collection: CollectionParam })

const Permission = z.enum(repositoryPermissions)
const Person = z.object({ id: z.string(), user_name: z.string(), display_name: z.string() })
const Step = z.object({ id: z.int(), alias: z.string(), name: z.string(), published: z.boolean() })
const Path = z.array(Step).meta({ description: 'The collections that it lies in, from the root down.' })
const Rights = z.array(Permission).meta({ description: 'What you may do with it, as you are asking now.' })

/** Its values are checked against the blocks by the act, which names every field that is wrong. */
export const MetadataGiven = z.record(z.string(), z.unknown()).meta({
  description:
    'By block and field, as `GET /v1/metadata-blocks` lists them: texts, lists of texts where a field takes several values, and objects of these for fields that are made of others.',
  examples: [
    {
      citation: {
        title: 'Tide pools of Inchkeith',
        author: [{ authorName: 'Ames, Alice' }],
        datasetContact: [{ datasetContactEmail: 'alice@example.org' }],
        dsDescription: [{ dsDescriptionValue: 'Counts per square metre.' }],
        subject: ['Earth and Environmental Sciences'],
      },
    },
  ],
})
const MetadataShown = z.record(z.string(), z.record(z.string(), z.unknown()))

export const License = z
  .object({
    id: z.int(),
    name: z.string(),
    uri: z.string(),
    description: z.string(),
    icon_uri: z.string().nullable(),
    spdx_id: z.string().nullable(),
    active: z.boolean(),
    is_default: z.boolean(),
    sort_order: z.int(),
  })
  .meta({ id: 'License' })

const termText = z.string().max(50_000)
const TermsGiven = z.strictObject(
  Object.fromEntries(termNames.map((name) => [name, termText.optional()])) as Record<
    (typeof termNames)[number],
    z.ZodOptional<z.ZodString>
  >,
)
const TermsShown = z.object(
  Object.fromEntries(termNames.map((name) => [name, z.string().optional()])) as Record<
    (typeof termNames)[number],
    z.ZodOptional<z.ZodString>
  >,
)

const Lock = z.object({
  type: z.enum(lockTypes),
  user_name: z.string().nullable(),
  message: z.string(),
  created_at: moment,
})

export const DatasetVersion = z
  .object({
    id: z.int(),
    dataset_id: z.int(),
    number: z.string().meta({ description: '`DRAFT`, or a number such as `1.0`.' }),
    state: z.enum(versionStates),
    revision: z.int().meta({ description: 'Counts changes of what it says; those of its files not.' }),
    title: z.string(),
    metadata: MetadataShown,
    license: License.nullable(),
    terms: TermsShown,
    note: z.string().nullable().meta({ description: 'What has changed, in its depositor’s words.' }),
    created_at: moment,
    created_by: Person.nullable(),
    updated_at: moment,
    updated_by: Person.nullable(),
    released_at: moment.nullable(),
    released_by: Person.nullable(),
    deaccession: z.object({ at: moment, reason: z.string().nullable(), url: z.string().nullable() }).nullable(),
    files: z.object({ count: z.int(), bytes: z.int(), restricted: z.int() }),
  })
  .meta({ id: 'DatasetVersion' })

export const Dataset = z
  .object({
    id: z.int(),
    pid: z.string().meta({ description: 'Its persistent id.', examples: ['doi:10.5072/FK2/J8SJZB'] }),
    protocol: z.string(),
    authority: z.string(),
    separator: z.string(),
    identifier: z.string(),
    url: z.string().meta({ description: 'Where the persistent id leads.' }),
    path: Path,
    access_requests: z.boolean().meta({ description: 'Whether people may ask for restricted files.' }),
    created_at: moment,
    created_by: Person.nullable(),
    updated_at: moment,
    published_at: moment.nullable(),
    has_draft: z.boolean().nullable().meta({ description: 'Null: you may not see drafts.' }),
    latest_published: z.string().nullable(),
    version: DatasetVersion,
    locks: z.array(Lock),
    my_rights: Rights,
    citation: z.object({ text: z.string(), html: z.string() }),
  })
  .meta({ id: 'Dataset' })

const preview = {
  description:
    'Who has a preview link shows its secret as the header `Preview-Token`, and reads the draft that it belongs to.',
}

// — Collections

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

// — Datasets

const written = {
  metadata: MetadataGiven,
  license: z
    .string()
    .max(300)
    .nullable()
    .optional()
    .meta({ description: 'Name or address of a license; null: none. Missing: the usual one, or as it is.' }),
  terms: TermsGiven.optional().meta({
    description: 'Terms of your own: of use, in the place of a license, and of access. Missing: as they are.',
  }),
  note: z.string().max(10_000).nullable().optional().meta({ description: 'What has changed.' }),
  access_requests: z.boolean().optional(),
}
const bodyLimit = 2 * 2 ** 20

export const createDataset = endpoint({
  id: 'create-dataset',
  method: 'POST',
  path: '/v1/collections/:collection/datasets',
  summary: 'Make a dataset',
  description:
    'It begins as a draft with a persistent id of its own. All that is wrong with its metadata is told at once, each with a JSON pointer (422). You get the role on it that its collection gives to depositors.',
  access: 'datasets:write',
  someResource: true,
  audit: 'dataset.created',
  idempotent: true,
  params: collectionParams,
  body: z.object(written),
  bodyLimit,
  reply: Dataset,
  status: 201,
})

const DatasetSummary = z
  .object({
    id: z.int(),
    pid: z.string(),
    url: z.string(),
    title: z.string(),
    version: z.string(),
    state: z.enum(versionStates),
    collection: z.object({ id: z.int(), alias: z.string(), name: z.string() }),
    created_at: moment,
    created_by: z.string().nullable(),
    updated_at: moment,
    published_at: moment.nullable(),
    locks: z.array(z.enum(lockTypes)),
  })
  .meta({ id: 'DatasetSummary' })

export const listDatasets = endpoint({
  id: 'list-datasets',
  method: 'GET',
  path: '/v1/datasets',
  summary: 'List datasets that you may see, last changed first',
  description: 'In their latest version that you may see. `GET /v1/search` finds by words and facets.',
  access: 'optional',
  query: z.object({
    ...pageQuery(),
    mine: flag().optional().meta({ description: 'Only those that you made, or on which you were given a role.' }),
    state: z.enum(versionStates).optional().meta({ description: 'Of the latest version that you may see.' }),
    in_review: flag().optional().meta({ description: 'Only those that wait for a review.' }),
    collection: CollectionParam.optional().meta({ description: 'Only those in this collection and below.' }),
  }),
  reply: z.object({ items: z.array(DatasetSummary) }),
})

export const getDataset = endpoint({
  id: 'get-dataset',
  method: 'GET',
  path: '/v1/datasets/:dataset',
  summary: 'Show a dataset',
  description: `In its latest version that you may see, unless another is asked for. Its \`ETag\` is what \`PUT …/draft\` takes as \`If-Match\`. ${preview.description}`,
  access: 'optional',
  params: datasetParams,
  query: z.object({ version: VersionParam.optional() }),
  reply: Dataset,
})

export const putDraft = endpoint({
  id: 'put-dataset-draft',
  method: 'PUT',
  path: '/v1/datasets/:dataset/draft',
  summary: 'Write the metadata, license and terms of a draft',
  description:
    'A dataset without a draft gets one, with the files of its latest version. With `If-Match`, nothing is written when somebody else was faster (412).',
  access: 'datasets:write',
  someResource: true,
  audit: 'dataset.draft_changed',
  params: datasetParams,
  body: z.object(written),
  bodyLimit,
  reply: Dataset,
})

export const deleteDraft = endpoint({
  id: 'delete-dataset-draft',
  method: 'DELETE',
  path: '/v1/datasets/:dataset/draft',
  summary: 'Throw a draft away',
  description: 'A dataset that was never published goes as a whole.',
  access: 'datasets:write',
  someResource: true,
  audit: ['dataset.draft_deleted', 'dataset.deleted'],
  params: datasetParams,
})

export const deleteDataset = endpoint({
  id: 'delete-dataset',
  method: 'DELETE',
  path: '/v1/datasets/:dataset',
  summary: 'Delete a dataset that was never published',
  description:
    'Administrators destroy one that was with `?destroy=true`: nothing is left of it, and its persistent id leads nowhere.',
  access: 'datasets:write',
  someResource: true,
  audit: ['dataset.deleted', 'dataset.destroyed'],
  params: datasetParams,
  query: z.object({ destroy: flag().optional() }),
})

export const moveDataset = endpoint({
  id: 'move-dataset',
  method: 'POST',
  path: '/v1/datasets/:dataset/move',
  summary: 'Put a dataset into another collection',
  access: 'datasets:write',
  someResource: true,
  audit: 'dataset.moved',
  params: datasetParams,
  body: z.object({ to: CollectionParam }),
  reply: Dataset,
})

export const publishDataset = endpoint({
  id: 'publish-dataset',
  method: 'POST',
  path: '/v1/datasets/:dataset/publish',
  summary: 'Publish the draft of a dataset',
  description:
    'The first version is 1.0. After that `minor` counts 1.1 and is for changes of words, `major` counts 2.0. `updatecurrent`, for administrators, puts the draft in the place of the current version.',
  access: 'datasets:publish',
  someResource: true,
  audit: 'dataset.published',
  params: datasetParams,
  body: z.object({ type: z.enum(['major', 'minor', 'updatecurrent']) }),
  reply: Dataset,
})

export const submitDataset = endpoint({
  id: 'submit-dataset',
  method: 'POST',
  path: '/v1/datasets/:dataset/submit',
  summary: 'Submit a draft for review',
  description: 'Until it is published or returned, only those who may publish it change it.',
  access: 'datasets:write',
  someResource: true,
  audit: 'dataset.submitted',
  params: datasetParams,
  reply: Dataset,
})

export const returnDataset = endpoint({
  id: 'return-dataset',
  method: 'POST',
  path: '/v1/datasets/:dataset/return',
  summary: 'Return a draft to its author',
  access: 'datasets:publish',
  someResource: true,
  audit: 'dataset.returned',
  params: datasetParams,
  body: z.object({ reason: z.string().trim().min(1).max(5000) }),
  reply: Dataset,
})

export const listLocks = endpoint({
  id: 'list-dataset-locks',
  method: 'GET',
  path: '/v1/datasets/:dataset/locks',
  summary: 'List the locks of a dataset',
  access: 'optional',
  params: datasetParams,
  reply: z.object({ items: z.array(Lock) }),
})

// — Versions

export const listVersions = endpoint({
  id: 'list-dataset-versions',
  method: 'GET',
  path: '/v1/datasets/:dataset/versions',
  summary: 'List the versions of a dataset that you may see, newest first',
  description: 'With those that were deaccessioned.',
  access: 'optional',
  params: datasetParams,
  reply: z.object({ items: z.array(DatasetVersion) }),
})

export const getVersion = endpoint({
  id: 'get-dataset-version',
  method: 'GET',
  path: '/v1/datasets/:dataset/versions/:version',
  summary: 'Show a version of a dataset',
  access: 'optional',
  params: versionParams,
  reply: DatasetVersion,
})

const FileState = z.object({
  id: z.int(),
  name: z.string(),
  directory: z.string(),
  description: z.string(),
  categories: z.array(z.string()),
  tags: z.array(z.string()),
  restricted: z.boolean(),
  embargo_until: z.string().nullable(),
  media_type: z.string(),
  bytes: z.int(),
  md5: z.string(),
})

export const compareVersions = endpoint({
  id: 'compare-dataset-versions',
  method: 'GET',
  path: '/v1/datasets/:dataset/versions/:version/differences',
  summary: 'Tell what differs between two versions of a dataset',
  description: 'Default: what this version has changed against the one before it.',
  access: 'optional',
  params: versionParams,
  query: z.object({ with: VersionParam.optional().meta({ description: 'The other, mostly older version.' }) }),
  reply: z.object({
    before: z.string().nullable().meta({ description: 'Null: it is the first one.' }),
    after: z.string(),
    metadata: z.array(
      z.object({
        block: z.string(),
        field: z.string(),
        display_name: z.string(),
        before: z.unknown().meta({ description: 'Null: there was none.' }),
        after: z.unknown().meta({ description: 'Null: there is none.' }),
      }),
    ),
    terms: z.array(z.object({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
    files: z.object({
      added: z.array(FileState),
      removed: z.array(FileState),
      replaced: z.array(z.object({ before: FileState, after: FileState })),
      changed: z.array(z.object({ before: FileState, after: FileState, members: z.array(z.string()) })),
    }),
  }),
})

export const deaccessionVersion = endpoint({
  id: 'deaccession-dataset-version',
  method: 'POST',
  path: '/v1/datasets/:dataset/versions/:version/deaccession',
  summary: 'Deaccession a published version, or all',
  description:
    'For what should not have been published: what it said stays to be read, with the reason; its files are for those who edit it only. `all` as version means all published ones.',
  access: 'datasets:publish',
  someResource: true,
  audit: 'dataset.deaccessioned',
  params: z.object({
    dataset: DatasetParam,
    version: z
      .string()
      .regex(/^(all|draft|latest|latest-published|[0-9]{1,6}(\.[0-9]{1,6})?)$/)
      .meta({ examples: ['1.0'] }),
  }),
  body: z.object({
    reason: z.string().trim().min(1).max(2000),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .nullable()
      .optional()
      .meta({ description: 'Where to look instead.' }),
  }),
  reply: Dataset,
})

// — Preview links

const PreviewLink = z.object({
  token: z.string().meta({ description: 'Shown as the header `Preview-Token`, it reads the draft.' }),
  url: z.string().meta({ description: 'The page that shows the draft.' }),
  created_at: moment,
})

export const getPreviewLink = endpoint({
  id: 'get-dataset-preview-link',
  method: 'GET',
  path: '/v1/datasets/:dataset/preview-link',
  summary: 'Show the preview link of a draft',
  access: 'datasets:write',
  someResource: true,
  params: datasetParams,
  reply: PreviewLink,
})

export const makePreviewLink = endpoint({
  id: 'make-dataset-preview-link',
  method: 'POST',
  path: '/v1/datasets/:dataset/preview-link',
  summary: 'Make a preview link: who has it reads the draft and its files',
  description: 'It ends when the draft is published or deleted.',
  access: 'datasets:write',
  someResource: true,
  audit: 'dataset.preview_link_made',
  params: datasetParams,
  reply: PreviewLink,
})

export const endPreviewLink = endpoint({
  id: 'end-dataset-preview-link',
  method: 'DELETE',
  path: '/v1/datasets/:dataset/preview-link',
  summary: 'End the preview link of a draft',
  access: 'datasets:write',
  someResource: true,
  audit: 'dataset.preview_link_ended',
  params: datasetParams,
})

// — Roles

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
  summary: 'Give somebody a role on a file: `fileDownloader` lets them have a restricted one',
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

// — Metadata blocks and licenses

const fieldFacts = {
  name: z.string(),
  title: z.string().meta({ description: 'Within the field that it is part of.' }),
  display_name: z.string().meta({ description: 'On its own.' }),
  description: z.string(),
  watermark: z.string().meta({ description: 'What an empty input shows.' }),
  type: z.enum(['TEXT', 'TEXTBOX', 'STRING', 'DATE', 'EMAIL', 'URL', 'FLOAT', 'INT', 'NONE']),
  multiple: z.boolean(),
  required: z.boolean(),
  display_on_create: z.boolean(),
  facetable: z.boolean(),
  vocabulary: z.array(z.string()).optional().meta({ description: 'The only values that it takes.' }),
}
const Field = z.object({
  ...fieldFacts,
  children: z.array(z.object(fieldFacts)).optional().meta({ description: 'What it is made of.' }),
})
export const MetadataBlock = z
  .object({ name: z.string(), display_name: z.string(), fields: z.array(Field) })
  .meta({ id: 'MetadataBlock' })

export const listBlocks = endpoint({
  id: 'list-metadata-blocks',
  method: 'GET',
  path: '/v1/metadata-blocks',
  summary: 'List the blocks of metadata with their fields',
  access: 'public',
  reply: z.object({ items: z.array(MetadataBlock) }),
})

export const getBlock = endpoint({
  id: 'get-metadata-block',
  method: 'GET',
  path: '/v1/metadata-blocks/:block',
  summary: 'Show a block of metadata with its fields',
  access: 'public',
  params: z.object({
    block: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,60}$/)
      .meta({ examples: ['citation'] }),
  }),
  reply: MetadataBlock,
})

export const listLicenses = endpoint({
  id: 'list-licenses',
  method: 'GET',
  path: '/v1/licenses',
  summary: 'List the licenses that datasets can be under',
  access: 'public',
  reply: z.object({ items: z.array(License) }),
})

const licenseMembers = {
  name: z.string().trim().min(1).max(200),
  uri: z.url({ protocol: /^https?$/ }).max(500),
  description: z.string().trim().min(1).max(2000),
  icon_uri: z
    .url({ protocol: /^https$/ })
    .max(500)
    .nullable(),
  spdx_id: z.string().max(60).nullable(),
  active: z.boolean(),
  is_default: z.boolean(),
  sort_order: z.int().min(-1000).max(1000),
}

export const createLicense = endpoint({
  id: 'create-license',
  method: 'POST',
  path: '/v1/licenses',
  summary: 'Add a license',
  description: 'For administrators of the installation.',
  access: 'datasets:write',
  audit: 'license.created',
  idempotent: true,
  body: z.object({
    ...licenseMembers,
    icon_uri: licenseMembers.icon_uri.default(null),
    spdx_id: licenseMembers.spdx_id.default(null),
    active: licenseMembers.active.default(true),
    is_default: licenseMembers.is_default.default(false),
    sort_order: licenseMembers.sort_order.default(0),
  }),
  reply: License,
  status: 201,
})

export const updateLicense = endpoint({
  id: 'update-license',
  method: 'PATCH',
  path: '/v1/licenses/:license',
  summary: 'Change a license; one that is not active cannot be chosen any more',
  description: 'For administrators of the installation. Datasets that are under it say so in the new words.',
  access: 'datasets:write',
  audit: 'license.changed',
  params: z.object({ license: IdParam }),
  body: z.object({
    name: licenseMembers.name.optional(),
    uri: licenseMembers.uri.optional(),
    description: licenseMembers.description.optional(),
    icon_uri: licenseMembers.icon_uri.optional(),
    spdx_id: licenseMembers.spdx_id.optional(),
    active: licenseMembers.active.optional(),
    is_default: licenseMembers.is_default.optional(),
    sort_order: licenseMembers.sort_order.optional(),
  }),
  reply: License,
})
