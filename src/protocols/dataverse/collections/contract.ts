import { z } from 'zod'
import { dataverseEndpoint } from '../endpoint.ts'
import { envelope, Said } from '../envelope.ts'
import { BlockJson } from '../info/shapes.ts'
import { parameter } from '../parameters.ts'

const collection = z.string().meta({ description: 'A number, an alias, or `:root`.' })
const params = z.object({ collection })
const path = '/api/dataverses/:collection'
const AnyBody = z.unknown()

export const CollectionJson = z.object({
  id: z.int(),
  alias: z.string(),
  name: z.string(),
  affiliation: z.string().optional(),
  dataverseContacts: z.array(z.object({ displayOrder: z.int(), contactEmail: z.string() })),
  permissionRoot: z.boolean(),
  description: z.string().optional(),
  dataverseType: z.string(),
  isMetadataBlockRoot: z.boolean(),
  isFacetRoot: z.boolean(),
  ownerId: z.int().optional(),
  creationDate: z.string(),
  effectiveRequiresFilesToPublishDataset: z.literal(false),
  isReleased: z.boolean(),
  inputLevels: z
    .array(z.object({ datasetFieldTypeName: z.string(), required: z.boolean(), include: z.boolean() }))
    .optional(),
  childCount: z.int().optional(),
  isPartOf: z.unknown().optional(),
})

export const createCollection = dataverseEndpoint({
  id: 'dataverse-create-collection',
  method: 'POST',
  path,
  summary: 'Dataverse: make a collection in another',
  audit: 'collection.created',
  params,
  body: AnyBody,
  reply: envelope(CollectionJson),
  status: 201,
})

export const showCollection = dataverseEndpoint({
  id: 'dataverse-show-collection',
  method: 'GET',
  path,
  summary: 'Dataverse: a collection',
  params,
  query: z.looseObject({
    returnOwners: parameter('`true`: also what it lies in.'),
    returnChildCount: parameter('`true`: also how much is in it.'),
  }),
  reply: envelope(CollectionJson),
})

export const changeCollection = dataverseEndpoint({
  id: 'dataverse-change-collection',
  method: 'PUT',
  path,
  summary: 'Dataverse: change a collection',
  audit: 'collection.changed',
  params,
  body: AnyBody,
  reply: envelope(CollectionJson),
})

export const deleteCollection = dataverseEndpoint({
  id: 'dataverse-delete-collection',
  method: 'DELETE',
  path,
  summary: 'Dataverse: delete an empty collection',
  audit: 'collection.deleted',
  params,
  reply: Said,
})

export const publishCollection = dataverseEndpoint({
  id: 'dataverse-publish-collection',
  method: 'POST',
  path: `${path}/actions/:action`,
  summary: 'Dataverse: publish a collection (:publish)',
  audit: 'collection.published',
  params: params.extend({ action: z.literal(':publish') }),
  reply: envelope(CollectionJson),
})

export const listContents = dataverseEndpoint({
  id: 'dataverse-list-contents',
  method: 'GET',
  path: `${path}/contents`,
  summary: 'Dataverse: what lies directly in a collection',
  params,
  reply: envelope(
    z.array(
      z.union([
        z.object({ type: z.literal('dataverse'), id: z.int(), title: z.string() }),
        z.object({
          id: z.int(),
          identifier: z.string(),
          persistentUrl: z.string(),
          protocol: z.string(),
          authority: z.string(),
          separator: z.string(),
          publisher: z.string(),
          publicationDate: z.string().optional(),
          storageIdentifier: z.string(),
          datasetType: z.literal('dataset'),
          locks: z.array(z.string()),
          type: z.literal('dataset'),
        }),
      ]),
    ),
  ),
})

export const listFacets = dataverseEndpoint({
  id: 'dataverse-list-facets',
  method: 'GET',
  path: `${path}/facets`,
  summary: 'Dataverse: fields that searches in a collection can be narrowed by',
  params,
  query: z.looseObject({ returnDetails: parameter('`true`: with their display names.') }),
  reply: envelope(
    z.union([z.array(z.string()), z.array(z.object({ id: z.string(), displayName: z.string(), name: z.string() }))]),
  ),
})

export const listBlocks = dataverseEndpoint({
  id: 'dataverse-list-collection-metadata-blocks',
  method: 'GET',
  path: `${path}/metadatablocks`,
  summary: 'Dataverse: blocks of metadata that a collection’s datasets have',
  params,
  query: z.looseObject({
    returnDatasetFieldTypes: parameter('`true`: with all their fields.'),
    onlyDisplayedOnCreate: parameter('`true`: only what the form of a new dataset has.'),
  }),
  reply: envelope(z.array(BlockJson)),
})

export const userPermissions = dataverseEndpoint({
  id: 'dataverse-collection-user-permissions',
  method: 'GET',
  path: `${path}/userPermissions`,
  summary: 'Dataverse: what the caller may do with a collection',
  params,
  reply: envelope(
    z.object({
      canAddDataverse: z.boolean(),
      canAddDataset: z.boolean(),
      canViewUnpublishedDataverse: z.boolean(),
      canEditDataverse: z.boolean(),
      canManageDataversePermissions: z.boolean(),
      canPublishDataverse: z.boolean(),
      canDeleteDataverse: z.boolean(),
    }),
  ),
})

export const allowedCollections = dataverseEndpoint({
  id: 'dataverse-allowed-collections',
  method: 'GET',
  path: '/api/users/:identifier/allowedCollections/:permission',
  summary: 'Dataverse: collections on which somebody has a right',
  params: z.object({ identifier: z.string(), permission: z.string() }),
  reply: envelope(
    z.object({
      count: z.int(),
      items: z.array(z.object({ id: z.int(), name: z.string(), alias: z.string() })),
    }),
  ),
})

export const moveCollection = dataverseEndpoint({
  id: 'dataverse-move-collection',
  method: 'POST',
  path: `${path}/move/:target`,
  summary: 'Dataverse: move a collection into another (administrators)',
  audit: 'collection.moved',
  params: params.extend({ target: collection }),
  reply: Said,
})
