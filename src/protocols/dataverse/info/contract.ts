import { z } from 'zod'
import { openDataverseEndpoint } from '../endpoint.ts'
import { envelope, Said } from '../envelope.ts'
import { parameter } from '../parameters.ts'
import { BlockJson, FieldJson } from './shapes.ts'

const Count = envelope(z.number())

export const version = openDataverseEndpoint({
  id: 'dataverse-info-version',
  method: 'GET',
  path: '/api/info/version',
  summary: 'Dataverse: the version whose API is spoken',
  reply: envelope(z.object({ version: z.string(), build: z.string().nullable() })),
})

export const server = openDataverseEndpoint({
  id: 'dataverse-info-server',
  method: 'GET',
  path: '/api/info/server',
  summary: 'Dataverse: the name of this host',
  reply: Said,
})

export const apiTerms = openDataverseEndpoint({
  id: 'dataverse-info-api-terms',
  method: 'GET',
  path: '/api/info/apiTermsOfUse',
  summary: 'Dataverse: terms of use of the API',
  reply: Said,
})

export const applicationTerms = openDataverseEndpoint({
  id: 'dataverse-info-application-terms',
  method: 'GET',
  path: '/api/info/applicationTermsOfUse',
  summary: 'Dataverse: terms of use of the portal',
  reply: Said,
})

export const zipLimit = openDataverseEndpoint({
  id: 'dataverse-info-zip-limit',
  method: 'GET',
  path: '/api/info/zipDownloadLimit',
  summary: 'Dataverse: bytes of one ZIP at most',
  reply: Count,
})

export const setting = openDataverseEndpoint({
  id: 'dataverse-info-setting',
  method: 'GET',
  path: '/api/info/settings/:setting',
  summary: 'Dataverse: a setting that is told to everybody',
  params: z.object({ setting: z.string() }),
  reply: Said,
})

export const exportFormats = openDataverseEndpoint({
  id: 'dataverse-info-export-formats',
  method: 'GET',
  path: '/api/info/exportFormats',
  summary: 'Dataverse: forms in which metadata are exported',
  reply: envelope(
    z.record(
      z.string(),
      z.object({
        displayName: z.string(),
        mediaType: z.string(),
        isHarvestable: z.boolean(),
        isVisibleInUserInterface: z.boolean(),
        XMLNameSpace: z.string().optional(),
        XMLSchemaLocation: z.string().optional(),
        XMLSchemaVersion: z.string().optional(),
      }),
    ),
  ),
})

const License = z.object({
  id: z.int(),
  name: z.string(),
  shortDescription: z.string(),
  uri: z.string(),
  iconUrl: z.string().optional(),
  active: z.boolean(),
  isDefault: z.boolean(),
  sortOrder: z.int(),
  rightsIdentifier: z.string().optional(),
  rightsIdentifierScheme: z.string().optional(),
  schemeUri: z.string().optional(),
  languageCode: z.string(),
})

export const listLicenses = openDataverseEndpoint({
  id: 'dataverse-list-licenses',
  method: 'GET',
  path: '/api/licenses',
  summary: 'Dataverse: licenses of datasets',
  reply: envelope(z.array(License)),
})

export const showLicense = openDataverseEndpoint({
  id: 'dataverse-show-license',
  method: 'GET',
  path: '/api/licenses/:license',
  summary: 'Dataverse: one license',
  params: z.object({ license: z.string() }),
  reply: envelope(License),
})

const blockQuery = z.looseObject({
  returnDatasetFieldTypes: parameter('`true`: with all their fields.'),
  onlyDisplayedOnCreate: parameter('`true`: only what the form of a new dataset has.'),
})

export const listBlocks = openDataverseEndpoint({
  id: 'dataverse-list-metadata-blocks',
  method: 'GET',
  path: '/api/metadatablocks',
  summary: 'Dataverse: blocks of metadata',
  query: blockQuery,
  reply: envelope(z.array(BlockJson)),
})

export const showBlock = openDataverseEndpoint({
  id: 'dataverse-show-metadata-block',
  method: 'GET',
  path: '/api/metadatablocks/:block',
  summary: 'Dataverse: a block of metadata and its fields',
  params: z.object({ block: z.string() }),
  reply: envelope(BlockJson),
})

export const listFacetables = openDataverseEndpoint({
  id: 'dataverse-list-facetables',
  method: 'GET',
  path: '/api/datasetfields/facetables',
  summary: 'Dataverse: fields by which a search can be narrowed',
  reply: envelope(z.array(FieldJson)),
})
