import { addressOf } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { query } from '#portal/kit/queries.ts'

export type DatasetFile = Reply<'GET /v1/datasets/:dataset/versions/:version/files'>['items'][number]
export type FileFacts = Reply<'GET /v1/files/:file'>

/** Where a file is downloaded, called as the version has it; or shown in the browser, as a look into it not counted as a download. */
export const contentAddress = (file: number, version: string, shown?: 'inline' | 'preview'): string =>
  addressOf('GET /v1/files/:file/content', {
    params: { file: String(file) },
    query: {
      version,
      ...(shown && { inline: 'true' as never }),
      ...(shown === 'preview' && { preview: 'true' as never }),
    },
  })

/** Where files of a version are downloaded as one ZIP; all of them where none is named. */
export const zipAddress = (dataset: number, version: string, files: readonly number[] = []): string =>
  addressOf('GET /v1/datasets/:dataset/versions/:version/zip', {
    params: { dataset: String(dataset), version },
    query: files.length === 0 ? {} : { files: files.join(',') },
  })

/** A dataset in one of its versions. */
export type DatasetView = Reply<'GET /v1/datasets/:dataset'>
export type DatasetVersion = DatasetView['version']
export type CollectionView = Reply<'GET /v1/collections/:collection'>

/** The forms in which datasets are told to other systems, and cited. */
export const formatsQuery = { ...query('GET /v1/export-formats'), staleTime: Number.POSITIVE_INFINITY }

/** Where a version is told in one of these. */
export const exportAddress = (dataset: number, version: string, format: string): string =>
  addressOf('GET /v1/datasets/:dataset/versions/:version/export/:format', {
    params: { dataset: String(dataset), version, format },
  })
