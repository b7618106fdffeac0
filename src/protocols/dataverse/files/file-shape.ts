import { z } from 'zod'

const Words = z.array(z.string()).optional()

/** A file of a version, as it stands in versions, lists and answers alike. */
export const FileJson = z.object({
  description: z.string(),
  label: z.string(),
  restricted: z.boolean(),
  directoryLabel: z.string().optional(),
  version: z.int(),
  datasetVersionId: z.int(),
  categories: Words,
  dataFile: z.object({
    id: z.int(),
    persistentId: z.literal(''),
    filename: z.string(),
    contentType: z.string(),
    friendlyType: z.string(),
    filesize: z.int(),
    description: z.string(),
    categories: Words,
    embargo: z.object({ dateAvailable: z.string(), reason: z.string().optional() }).optional(),
    storageIdentifier: z.string(),
    rootDataFileId: z.int(),
    previousDataFileId: z.int().optional(),
    md5: z.string(),
    checksum: z.object({ type: z.string(), value: z.string() }),
    tabularData: z.literal(false),
    tabularTags: Words,
    creationDate: z.string(),
    publicationDate: z.string().optional(),
    directoryLabel: z.string().optional(),
    fileMetadataId: z.int(),
    lastUpdateTime: z.string(),
    fileAccessRequest: z.boolean(),
    isPartOf: z.unknown().optional(),
  }),
})
