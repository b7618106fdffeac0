import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { flag, pageQuery } from '#src/http/parameters.ts'
import { License } from './licenses/contract.ts'
import { CollectionParam, collectionParams, DatasetParam, datasetParams, Path, Rights, VersionParam } from './shapes.ts'
import { termNames } from './terms.ts'
import { lockTypes, versionStates } from './words.ts'

// — Words

const moment = z.iso.datetime()
const versionParams = z.object({ dataset: DatasetParam, version: VersionParam })
const Person = z.object({ id: z.string(), user_name: z.string(), display_name: z.string() })

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
    updated_at: moment.meta({
      description: 'If you may not see drafts: when what everybody may know of it last changed.',
    }),
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
