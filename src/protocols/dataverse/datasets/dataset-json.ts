import { blocks } from '#src/datasets/blocks/blocks.ts'
import type { DatasetFacts, DatasetView, License, Lock } from '#src/datasets/dataset-view.ts'
import type { VersionFile } from '#src/datasets/files/version-file.ts'
import { type TermName, termNames } from '#src/datasets/terms.ts'
import type { VersionState } from '#src/datasets/words.ts'
import { fileJson } from '../files/file-json.ts'
import { lockName } from '../lock-names.ts'
import { typedBlocks } from '../metadata-json.ts'
import type { Owner } from '../owners-json.ts'
import { writeDay, writeSqlTime, writeTime } from '../times.ts'

const storageOf = ({ authority, separator, identifier }: DatasetFacts): string =>
  `local://${authority}${separator}${identifier}`

export const lockJson = (lock: Lock, pid: string, timeZone: string) => ({
  lockType: lockName(lock.type),
  date: writeSqlTime(lock.created_at, timeZone),
  user: lock.user_name ?? '',
  dataset: pid,
  message: lock.message,
})

/** A dataset without any of its versions. */
export function datasetJson(
  dataset: DatasetFacts,
  { publisher, locks = [], owners }: { publisher: string; locks?: readonly Lock[]; owners?: Owner | undefined },
) {
  const { id, identifier, url: persistentUrl, protocol, authority, separator, published_at } = dataset
  return {
    id,
    identifier,
    persistentUrl,
    protocol,
    authority,
    separator,
    publisher,
    ...(published_at && { publicationDate: writeDay(published_at) }),
    storageIdentifier: storageOf(dataset),
    datasetType: 'dataset' as const,
    locks: locks.map(({ type }) => lockName(type)),
    ...(owners && { isPartOf: owners }),
  }
}

const stateNames = { draft: 'DRAFT', released: 'RELEASED', deaccessioned: 'DEACCESSIONED' } as const satisfies Record<
  VersionState,
  string
>

export interface VersionParts {
  /** Left out: not asked for. */
  readonly files?: readonly VersionFile[] | undefined
  readonly withoutMetadata?: boolean
  readonly owners?: Owner | undefined
}

/** One version of a dataset. What it does not have is left out; clients ask by name. */
export function versionJson(
  { dataset, version }: Pick<DatasetView, 'dataset' | 'version'>,
  { files, withoutMetadata = false, owners }: VersionParts,
) {
  const { state, major, minor, released_at, deaccession } = version
  const day = dataset.published_at && state !== 'draft' ? writeDay(dataset.published_at) : undefined
  const published = dataset.latest_published === null ? 'DEACCESSIONED' : 'RELEASED'
  return {
    id: version.id,
    datasetId: dataset.id,
    datasetPersistentId: dataset.pid,
    datasetType: 'dataset' as const,
    storageIdentifier: storageOf(dataset),
    ...(major !== null && { versionNumber: major }),
    internalVersionNumber: version.revision,
    ...(minor !== null && { versionMinorNumber: minor }),
    versionState: stateNames[state],
    latestVersionPublishingState: dataset.has_draft ? ('DRAFT' as const) : (published as 'DEACCESSIONED' | 'RELEASED'),
    ...(version.note !== null && { versionNote: version.note }),
    ...(deaccession?.reason && { deaccessionNote: deaccession.reason }),
    ...(deaccession?.url && { deaccessionLink: deaccession.url }),
    lastUpdateTime: writeTime(version.updated_at),
    ...(released_at && { releaseTime: writeTime(released_at) }),
    createTime: writeTime(version.created_at),
    ...(day !== undefined && { publicationDate: day, citationDate: day }),
    ...(version.license && { license: licenseOfVersion(version.license) }),
    ...Object.fromEntries(
      termNames.flatMap((name) => (version.terms[name] === undefined ? [] : [[termKey(name), version.terms[name]]])),
    ),
    fileAccessRequest: dataset.access_requests,
    ...(owners && { isPartOf: owners }),
    ...(!withoutMetadata && { metadataBlocks: typedBlocks(blocks, version.metadata) }),
    ...(files && { files: files.map((file) => fileJson(file, { accessRequests: dataset.access_requests })) }),
  }
}

/** `terms_of_use` as `termsOfUse`. */
export const termKey = (name: TermName): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

const licenseOfVersion = ({ name, uri, icon_uri, spdx_id }: License) => ({
  name,
  uri,
  ...(icon_uri !== null && { iconUri: icon_uri }),
  ...spdx(spdx_id),
  languageCode: 'en',
})

/** How a license of the SPDX list is named there. */
export const spdx = (id: string | null) =>
  id === null ? {} : { rightsIdentifier: id, rightsIdentifierScheme: 'SPDX', schemeUri: 'https://spdx.org/licenses/' }
