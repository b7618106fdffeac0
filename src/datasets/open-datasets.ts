import type { Changer, Database } from '#src/database/change.ts'
import type { Log } from '#src/database/log.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import type { Sealer } from '#src/files/sealed.ts'
import type { Route } from '#src/http/serve.ts'
import type { Settings } from '#src/settings/schema.ts'
import { startDownloadCounts } from './files/count-downloads.ts'
import type { FileNeeds } from './files/needs.ts'
import { fileRoutes } from './files/routes.ts'
import type { DatasetNeeds, OnPublished } from './needs.ts'
import { datasetRoutes } from './routes.ts'
import { searchRoutes } from './search/routes.ts'

export interface OpenDatasetsNeeds {
  readonly settings: Pick<Settings, 'general' | 'dataverse' | 'files'>
  readonly db: Database
  readonly clock: { now(): Date }
  readonly sealer: Sealer
  readonly contents: ContentStore
  readonly changer: Changer
  readonly log: Log
  /** What rooms above have to do when a version is published, in this order. */
  readonly onPublished: readonly OnPublished[]
}

export interface OpenDatasets {
  readonly needs: DatasetNeeds
  readonly files: FileNeeds
  readonly routes: Route[]
  /** Writes what has been counted. */
  close(): Promise<void>
}

/** Wires the repository: what its acts take, and its endpoints. */
export function openDatasets(given: OpenDatasetsNeeds): OpenDatasets {
  const { settings, contents, changer, log, ...rest } = given
  const { general, dataverse } = settings
  const needs: DatasetNeeds = {
    ...rest,
    publisher: general.title,
    pids: {
      protocol: dataverse.pidProtocol,
      authority: dataverse.pidAuthority,
      shoulder: dataverse.pidShoulder,
      siteAddress: general.siteAddress,
    },
  }
  const downloads = startDownloadCounts({ db: needs.db, log })
  const files: FileNeeds = {
    ...needs,
    contents,
    changer,
    timeZone: general.timeZone,
    downloads,
    limits: {
      file: settings.files.largestFile,
      dataset: settings.files.largestDataset,
      zip: settings.files.zipDownloadLimit,
    },
  }
  const routes = [...datasetRoutes(needs), ...fileRoutes(files), ...searchRoutes(needs)]
  return { needs, files, routes, close: () => downloads.close() }
}
