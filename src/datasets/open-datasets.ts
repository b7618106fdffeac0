import type { Database } from '#src/database/change.ts'
import type { Sealer } from '#src/files/sealed.ts'
import type { Route } from '#src/http/serve.ts'
import type { Settings } from '#src/settings/schema.ts'
import type { DatasetNeeds, OnPublished } from './needs.ts'
import { datasetRoutes } from './routes.ts'
import { searchRoutes } from './search/routes.ts'

export interface OpenDatasetsNeeds {
  readonly settings: Pick<Settings, 'general' | 'dataverse'>
  readonly db: Database
  readonly clock: { now(): Date }
  readonly sealer: Sealer
  /** What rooms above have to do when a version is published, in this order. */
  readonly onPublished: readonly OnPublished[]
}

/** Wires the repository: what its acts take, and its endpoints. */
export function openDatasets({ settings, ...needs }: OpenDatasetsNeeds): { needs: DatasetNeeds; routes: Route[] } {
  const { general, dataverse } = settings
  const all: DatasetNeeds = {
    ...needs,
    publisher: general.title,
    pids: {
      protocol: dataverse.pidProtocol,
      authority: dataverse.pidAuthority,
      shoulder: dataverse.pidShoulder,
      siteAddress: general.siteAddress,
    },
  }
  return { needs: all, routes: [...datasetRoutes(all), ...searchRoutes(all)] }
}
