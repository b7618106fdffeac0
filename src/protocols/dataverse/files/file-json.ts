import type { VersionFile } from '#src/datasets/files/version-file.ts'
import { writeDay, writeTime } from '../times.ts'
import { friendlyType } from './friendly-type.ts'

/**
 * A file as a version has it. The order of `checksum` is read by its place (DVUploader), `persistentId` must be there though
 * files have none of their own, and `directoryLabel` must not where there is none.
 */
export function fileJson(file: VersionFile, { accessRequests }: { readonly accessRequests: boolean }) {
  const where = file.directory === '' ? {} : { directoryLabel: file.directory }
  const categories = file.categories.length === 0 ? {} : { categories: file.categories }
  const { md5 } = file.checksums
  return {
    description: file.description,
    label: file.name,
    restricted: file.restricted,
    ...where,
    version: 1,
    datasetVersionId: file.versionId,
    ...categories,
    dataFile: {
      id: file.id,
      persistentId: '',
      filename: file.name,
      contentType: file.mediaType,
      friendlyType: friendlyType(file.mediaType),
      filesize: file.bytes,
      description: file.description,
      ...categories,
      ...(file.embargo && { embargo: embargoJson(file.embargo) }),
      storageIdentifier: storageIdentifier(file),
      rootDataFileId: file.rootId ?? -1,
      ...(file.previousId !== null && { previousDataFileId: file.previousId }),
      md5,
      checksum: { type: 'MD5', value: md5 },
      tabularData: false,
      ...(file.tags.length > 0 && { tabularTags: file.tags }),
      creationDate: writeDay(file.createdAt),
      ...(file.publishedAt && { publicationDate: writeDay(file.publishedAt) }),
      ...where,
      fileMetadataId: file.metadataId,
      lastUpdateTime: writeTime(file.createdAt),
      fileAccessRequest: accessRequests,
    },
  } as const
}

const embargoJson = ({ until, reason }: NonNullable<VersionFile['embargo']>) => ({
  dateAvailable: until,
  ...(reason !== null && { reason }),
})

/** Clients keep it and show it again; nothing is found by it. */
const storageIdentifier = ({ id, createdAt }: VersionFile): string =>
  `local://${createdAt.getTime().toString(16)}-${id.toString(16).padStart(12, '0')}`
