import { z } from 'zod'
import { dataverseEndpoint } from '../endpoint.ts'
import { envelope, Said } from '../envelope.ts'
import { parameter } from '../parameters.ts'
import { DatasetJson, DatasetWithVersion, TypedBlocks, VersionJson } from './shapes.ts'

const dataset = z.string().meta({ description: 'A number, or `:persistentId` and the parameter of that name.' })
const version = z.string().meta({ description: '`:draft`, `:latest`, `:latest-published`, `1.0` or `2`.' })
const DatasetParams = z.object({ dataset })
const VersionParams = z.object({ dataset, version })

const persistentId = parameter('`doi:10.5072/FK2/J8SJZB`, or the address it leads to.')
const Query = z.looseObject({ persistentId })
const ShowQuery = z.looseObject({
  persistentId,
  returnOwners: parameter('`true`: also what it lies in.'),
  excludeFiles: parameter('`true`: without files.'),
  excludeMetadataBlocks: parameter('`true`: without metadata.'),
  includeDeaccessioned: parameter('`true`: also versions that were deaccessioned.'),
  limit: parameter('Versions at most.'),
  offset: parameter('Versions to skip.'),
})
const AnyBody = z.unknown()

const path = '/api/datasets/:dataset'

export const createDataset = dataverseEndpoint({
  id: 'dataverse-create-dataset',
  method: 'POST',
  path: '/api/dataverses/:collection/datasets',
  summary: 'Dataverse: make a dataset in a collection',
  audit: ['dataset.created'],
  params: z.object({ collection: z.string() }),
  body: AnyBody,
  reply: envelope(z.object({ id: z.int(), persistentId: z.string() })),
  status: 201,
})

export const importDataset = dataverseEndpoint({
  id: 'dataverse-import-dataset',
  method: 'POST',
  path: '/api/dataverses/:collection/datasets/:import',
  summary: 'Dataverse: importing datasets with ids of their own, which is not offered',
  reads: true,
  params: z.object({ collection: z.string(), import: z.enum([':import', ':importddi', ':startmigration']) }),
  body: AnyBody,
  reply: Said,
})

export const showDataset = dataverseEndpoint({
  id: 'dataverse-show-dataset',
  method: 'GET',
  path,
  summary: 'Dataverse: a dataset and its latest version',
  params: DatasetParams,
  query: ShowQuery,
  reply: envelope(DatasetWithVersion),
})

export const listVersions = dataverseEndpoint({
  id: 'dataverse-list-versions',
  method: 'GET',
  path: `${path}/versions`,
  summary: 'Dataverse: versions of a dataset, newest first',
  params: DatasetParams,
  query: ShowQuery,
  reply: envelope(z.array(VersionJson)),
})

export const showVersion = dataverseEndpoint({
  id: 'dataverse-show-version',
  method: 'GET',
  path: `${path}/versions/:version`,
  summary: 'Dataverse: a version of a dataset',
  params: VersionParams,
  query: ShowQuery,
  reply: envelope(VersionJson),
})

export const showVersionCitation = dataverseEndpoint({
  id: 'dataverse-show-version-citation',
  method: 'GET',
  path: `${path}/versions/:version/citation`,
  summary: 'Dataverse: how a version is cited, as HTML',
  params: VersionParams,
  query: ShowQuery,
  reply: Said,
})

export const showVersionMetadata = dataverseEndpoint({
  id: 'dataverse-show-version-metadata',
  method: 'GET',
  path: `${path}/versions/:version/metadata`,
  summary: 'Dataverse: the metadata of a version',
  params: VersionParams,
  query: ShowQuery,
  reply: envelope(TypedBlocks),
})

export const compareVersions = dataverseEndpoint({
  id: 'dataverse-compare-versions',
  method: 'GET',
  path: `${path}/versions/:version/compare/:other`,
  summary: 'Dataverse: what differs between two versions',
  params: VersionParams.extend({ other: version }),
  query: ShowQuery,
  reply: envelope(z.looseObject({})),
})

export const replaceDraft = dataverseEndpoint({
  id: 'dataverse-replace-draft',
  method: 'PUT',
  path: `${path}/versions/:version`,
  summary: 'Dataverse: write the metadata of the draft anew (:draft)',
  audit: ['dataset.draft_changed'],
  params: VersionParams,
  query: Query,
  body: AnyBody,
  reply: envelope(VersionJson),
})

export const deleteDraft = dataverseEndpoint({
  id: 'dataverse-delete-draft',
  method: 'DELETE',
  path: `${path}/versions/:version`,
  summary: 'Dataverse: delete the draft (:draft)',
  audit: ['dataset.draft_deleted', 'dataset.deleted'],
  params: VersionParams,
  query: Query,
  reply: Said,
})

export const editMetadata = dataverseEndpoint({
  id: 'dataverse-edit-metadata',
  method: 'PUT',
  path: `${path}/editMetadata`,
  summary: 'Dataverse: add values to fields, or replace them',
  audit: ['dataset.draft_changed'],
  params: DatasetParams,
  query: z.looseObject({
    persistentId,
    replace: parameter('`true`: instead of what is there.'),
    sourceLastUpdateTime: parameter('Refuses when the draft has changed since.'),
  }),
  body: AnyBody,
  reply: envelope(VersionJson),
})

export const deleteMetadata = dataverseEndpoint({
  id: 'dataverse-delete-metadata',
  method: 'PUT',
  path: `${path}/deleteMetadata`,
  summary: 'Dataverse: remove values from fields',
  audit: ['dataset.draft_changed'],
  params: DatasetParams,
  query: Query,
  body: AnyBody,
  reply: envelope(VersionJson),
})

export const setLicense = dataverseEndpoint({
  id: 'dataverse-set-license',
  method: 'PUT',
  path: `${path}/license`,
  summary: 'Dataverse: choose a license, or terms of use of the dataset’s own',
  audit: ['dataset.draft_changed'],
  params: DatasetParams,
  query: Query,
  body: AnyBody,
  reply: Said,
})

export const setAccess = dataverseEndpoint({
  id: 'dataverse-set-access',
  method: 'PUT',
  path: `${path}/access`,
  summary: 'Dataverse: terms of access to restricted files',
  audit: ['dataset.draft_changed'],
  params: DatasetParams,
  query: Query,
  body: AnyBody,
  reply: Said,
})

const LockJson = z.object({
  lockType: z.string(),
  date: z.string(),
  user: z.string(),
  dataset: z.string(),
  message: z.string(),
})

export const listLocks = dataverseEndpoint({
  id: 'dataverse-list-locks',
  method: 'GET',
  path: `${path}/locks`,
  summary: 'Dataverse: what locks a dataset',
  params: DatasetParams,
  query: z.looseObject({ persistentId, type: parameter('Only locks of this type.') }),
  reply: envelope(z.array(LockJson)),
})

export const addLock = dataverseEndpoint({
  id: 'dataverse-add-lock',
  method: 'POST',
  path: `${path}/lock/:type`,
  summary: 'Dataverse: lock a dataset (administrators)',
  audit: ['dataset.locked'],
  params: DatasetParams.extend({ type: z.string() }),
  query: Query,
  reply: Said,
})

export const removeLocks = dataverseEndpoint({
  id: 'dataverse-remove-locks',
  method: 'DELETE',
  path: `${path}/locks`,
  summary: 'Dataverse: take locks off a dataset (administrators)',
  audit: ['dataset.unlocked'],
  params: DatasetParams,
  query: z.looseObject({ persistentId, type: parameter('Only locks of this type.') }),
  reply: Said,
})

const PublishQuery = z.looseObject({
  persistentId,
  type: parameter('`major`, `minor` or `updatecurrent`.'),
  assureIsIndexed: parameter('Means nothing here: what is published is found at once.'),
})

export const publish = dataverseEndpoint({
  id: 'dataverse-publish-dataset',
  method: 'POST',
  path: `${path}/actions/:action`,
  summary: 'Dataverse: publish the draft (:publish)',
  audit: ['dataset.published'],
  params: DatasetParams.extend({ action: z.literal(':publish') }),
  query: PublishQuery,
  reply: envelope(DatasetJson),
})

export const deleteDataset = dataverseEndpoint({
  id: 'dataverse-delete-dataset',
  method: 'DELETE',
  path,
  summary: 'Dataverse: delete a dataset that was never published, or its draft',
  audit: ['dataset.deleted', 'dataset.draft_deleted', 'dataset.destroyed'],
  params: DatasetParams,
  query: Query,
  reply: Said,
})

export const destroyDataset = dataverseEndpoint({
  id: 'dataverse-destroy-dataset',
  method: 'DELETE',
  path: `${path}/destroy`,
  summary: 'Dataverse: delete a dataset whatever was published of it (administrators)',
  audit: ['dataset.deleted', 'dataset.destroyed'],
  params: DatasetParams,
  query: Query,
  reply: Said,
})

export const deaccession = dataverseEndpoint({
  id: 'dataverse-deaccession',
  method: 'POST',
  path: `${path}/versions/:version/deaccession`,
  summary: 'Dataverse: take a published version back, with a reason',
  audit: ['dataset.deaccessioned'],
  params: VersionParams,
  query: Query,
  body: AnyBody,
  reply: Said,
})

const InReview = envelope(z.object({ inReview: z.boolean(), message: z.string() }))

export const submitForReview = dataverseEndpoint({
  id: 'dataverse-submit-for-review',
  method: 'POST',
  path: `${path}/submitForReview`,
  summary: 'Dataverse: give the draft to those who publish it',
  audit: ['dataset.submitted'],
  params: DatasetParams,
  query: Query,
  reply: InReview,
})

export const returnToAuthor = dataverseEndpoint({
  id: 'dataverse-return-to-author',
  method: 'POST',
  path: `${path}/returnToAuthor`,
  summary: 'Dataverse: give a draft that was submitted back to its author',
  audit: ['dataset.returned'],
  params: DatasetParams,
  query: Query,
  body: AnyBody,
  reply: InReview,
})

export const summaryFieldNames = dataverseEndpoint({
  id: 'dataverse-summary-field-names',
  method: 'GET',
  path: '/api/datasets/summaryFieldNames',
  summary: 'Dataverse: fields that sum a dataset up',
  reply: envelope(z.array(z.string())),
})

export const storageSize = dataverseEndpoint({
  id: 'dataverse-dataset-storage-size',
  method: 'GET',
  path: `${path}/storagesize`,
  summary: 'Dataverse: bytes that the files of a dataset take',
  params: DatasetParams,
  query: Query,
  reply: envelope(z.object({ message: z.string(), storageSize: z.int() })),
})

export const userPermissions = dataverseEndpoint({
  id: 'dataverse-dataset-user-permissions',
  method: 'GET',
  path: `${path}/userPermissions`,
  summary: 'Dataverse: what the caller may do with a dataset',
  params: DatasetParams,
  query: Query,
  reply: envelope(
    z.object({
      canViewUnpublishedDataset: z.boolean(),
      canEditDataset: z.boolean(),
      canPublishDataset: z.boolean(),
      canManageDatasetPermissions: z.boolean(),
      canDeleteDatasetDraft: z.boolean(),
    }),
  ),
})

export const moveDataset = dataverseEndpoint({
  id: 'dataverse-move-dataset',
  method: 'POST',
  path: `${path}/move/:collection`,
  summary: 'Dataverse: move a dataset into another collection',
  audit: ['dataset.moved'],
  params: DatasetParams.extend({ collection: z.string() }),
  query: Query,
  reply: Said,
})

export const exportDataset = dataverseEndpoint({
  id: 'dataverse-export-dataset',
  method: 'GET',
  path: '/api/datasets/export',
  summary: 'Dataverse: the metadata of a dataset in a form of other systems',
  query: z.looseObject({
    persistentId,
    exporter: parameter('Such as `Datacite`, `ddi`, `schema.org`, `OAI_ORE`.'),
    version: parameter('`:draft`; else the latest that is published.'),
  }),
  media: ['application/json', 'application/xml', 'application/ld+json', 'text/html'],
})

// — Links that show the draft

const Assignment = z.object({
  id: z.int(),
  assignee: z.string(),
  assigneeName: z.string(),
  roleId: z.int(),
  roleName: z.string(),
  roleDescription: z.string(),
  _roleAlias: z.string(),
  privateUrlToken: z.string(),
  definitionPointId: z.int(),
  definitionPointName: z.string(),
  definitionPointType: z.literal('Dataset'),
  definitionPointGlobalId: z.string(),
})
const PreviewUrl = envelope(z.object({ token: z.string(), link: z.string(), roleAssignment: Assignment }))

/** The same under its new and its old name. */
const previewUrls = <const N extends 'preview' | 'private'>(name: N) => ({
  show: dataverseEndpoint({
    id: `dataverse-show-${name}-url`,
    method: 'GET',
    path: `${path}/${name}Url`,
    summary: 'Dataverse: the link that shows the draft',
    params: DatasetParams,
    query: Query,
    reply: PreviewUrl,
  }),
  make: dataverseEndpoint({
    id: `dataverse-make-${name}-url`,
    method: 'POST',
    path: `${path}/${name}Url`,
    summary: 'Dataverse: make a link that shows the draft',
    audit: ['dataset.preview_link_made'],
    params: DatasetParams,
    query: z.looseObject({ persistentId, anonymizedAccess: parameter('`true` is not offered.') }),
    reply: PreviewUrl,
  }),
  remove: dataverseEndpoint({
    id: `dataverse-delete-${name}-url`,
    method: 'DELETE',
    path: `${path}/${name}Url`,
    summary: 'Dataverse: end the link that shows the draft',
    audit: ['dataset.preview_link_ended'],
    params: DatasetParams,
    query: Query,
    reply: Said,
  }),
  showVersion: dataverseEndpoint({
    id: `dataverse-show-version-by-${name}-url`,
    method: 'GET',
    path: `/api/datasets/${name}UrlDatasetVersion/:secret`,
    summary: 'Dataverse: the draft that a link shows',
    params: z.object({ secret: z.string() }),
    query: ShowQuery,
    reply: envelope(VersionJson),
  }),
  showCitation: dataverseEndpoint({
    id: `dataverse-show-citation-by-${name}-url`,
    method: 'GET',
    path: `/api/datasets/${name}UrlDatasetVersion/:secret/citation`,
    summary: 'Dataverse: how the draft that a link shows is cited',
    params: z.object({ secret: z.string() }),
    query: ShowQuery,
    reply: Said,
  }),
})

export const byNames = { preview: previewUrls('preview'), private: previewUrls('private') }
