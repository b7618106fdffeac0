import { numberOf } from '../dataset-view.ts'
import type { ListedFile } from './list-files.ts'
import { joinPath } from './names.ts'
import type { FileInVersion } from './store.ts'
import type { VersionFile } from './version-file.ts'

/** A file as `/v1` shows it. */
export const presentFile = ({
  access,
  mayDownload,
  ...file
}: VersionFile & Pick<ListedFile, 'access' | 'mayDownload'>) => ({
  id: file.id,
  name: file.name,
  directory: file.directory,
  path: joinPath(file.directory, file.name),
  description: file.description,
  categories: file.categories,
  tags: file.tags,
  media_type: file.mediaType,
  bytes: file.bytes,
  checksums: {
    md5: file.checksums.md5,
    sha256: file.checksums.sha256,
    ...(file.checksums.sha1 !== null && { sha1: file.checksums.sha1 }),
    ...(file.checksums.sha512 !== null && { sha512: file.checksums.sha512 }),
  },
  restricted: file.restricted,
  embargo: file.embargo,
  access,
  downloads: file.downloads,
  original_name: file.originalName,
  created_at: file.createdAt.toISOString(),
  published_at: file.publishedAt?.toISOString() ?? null,
  previous_file: file.previousId,
  root_file: file.rootId,
  may_download: mayDownload,
  url: contentAddress(file.id),
})

export const contentAddress = (id: number): string => `/v1/files/${id}/content`

export const presentVersion = (file: FileInVersion) => ({
  version: numberOf(file),
  path: joinPath(file.directory, file.name),
  released_at: file.releasedAt?.toISOString() ?? null,
})
