import { z } from 'zod'
import { FileJson } from '../files/file-shape.ts'

export const DatasetJson = z.object({
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
  isPartOf: z.unknown().optional(),
})

export const TypedBlocks = z.record(
  z.string(),
  z.object({
    displayName: z.string(),
    name: z.string(),
    fields: z.array(
      z.object({
        typeName: z.string(),
        multiple: z.boolean(),
        typeClass: z.enum(['primitive', 'compound', 'controlledVocabulary']),
        value: z.unknown().meta({ description: 'A text or a list of them; of compounds objects of fields.' }),
      }),
    ),
  }),
)

const State = z.enum(['DRAFT', 'RELEASED', 'DEACCESSIONED'])
const text = z.string().optional()

export const VersionJson = z.object({
  id: z.int(),
  datasetId: z.int(),
  datasetPersistentId: z.string(),
  datasetType: z.literal('dataset'),
  storageIdentifier: z.string(),
  versionNumber: z.int().optional(),
  internalVersionNumber: z.int(),
  versionMinorNumber: z.int().optional(),
  versionState: State,
  latestVersionPublishingState: State,
  versionNote: text,
  deaccessionNote: text,
  deaccessionLink: text,
  lastUpdateTime: z.string(),
  releaseTime: text,
  createTime: z.string(),
  publicationDate: text,
  citationDate: text,
  license: z
    .object({
      name: z.string(),
      uri: z.string(),
      iconUri: text,
      rightsIdentifier: text,
      rightsIdentifierScheme: text,
      schemeUri: text,
      languageCode: z.string(),
    })
    .optional(),
  termsOfUse: text,
  confidentialityDeclaration: text,
  specialPermissions: text,
  restrictions: text,
  citationRequirements: text,
  depositorRequirements: text,
  conditions: text,
  disclaimer: text,
  termsOfAccess: text,
  dataAccessPlace: text,
  originalArchive: text,
  availabilityStatus: text,
  contactForAccess: text,
  sizeOfCollection: text,
  studyCompletion: text,
  fileAccessRequest: z.boolean(),
  isPartOf: z.unknown().optional(),
  metadataBlocks: TypedBlocks.optional(),
  files: z.array(FileJson).optional(),
})

export const DatasetWithVersion = DatasetJson.extend({ latestVersion: VersionJson.optional() })
