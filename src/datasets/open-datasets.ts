import type { Changer, Database } from '#src/database/change.ts'
import type { Log } from '#src/database/log.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import type { Sealer } from '#src/files/sealed.ts'
import type { Route } from '#src/http/serve.ts'
import type { Mailer } from '#src/mail/mailer.ts'
import type { Queue } from '#src/queue/queue.ts'
import type { Settings } from '#src/settings/schema.ts'
import { blockRoutes } from './blocks/routes.ts'
import { collectionRoutes } from './collections/routes.ts'
import { openDataCite } from './datacite/client.ts'
import { catchUpDataCite, hideDoi, tellDataCite } from './datacite/jobs.ts'
import { findUntold } from './datacite/store.ts'
import { tellDataCiteOf } from './datacite/tell-datacite.ts'
import { startDownloadCounts } from './files/count-downloads.ts'
import { fileMail } from './files/jobs.ts'
import type { FileNeeds } from './files/needs.ts'
import { fileRoutes } from './files/routes.ts'
import { describeLastPublished } from './formats/describe-version.ts'
import { formatRoutes } from './formats/routes.ts'
import { type Harvest, openHarvest } from './harvest/harvest.ts'
import { harvestRoutes } from './harvest/routes.ts'
import { licenseRoutes } from './licenses/routes.ts'
import type { DatasetNeeds, OnPublished } from './needs.ts'
import { roleRoutes } from './roles/routes.ts'
import { datasetRoutes } from './routes.ts'
import { searchRoutes } from './search/routes.ts'
import { tableRoutes } from './tables/routes.ts'

export interface OpenDatasetsNeeds {
  readonly settings: Pick<Settings, 'general' | 'dataverse' | 'datacite' | 'files'>
  readonly db: Database
  readonly clock: { now(): Date }
  readonly sealer: Sealer
  readonly contents: ContentStore
  readonly changer: Changer
  readonly log: Log
  /** What rooms above have to do when a version is published, in this order. */
  readonly onPublished: readonly OnPublished[]
  /** How the registry of DOIs is told of them; null: it is not. */
  readonly registry: RegistryNeeds | null
  /** How people are told of what concerns them; null: they are not. */
  readonly mail: { readonly queue: Queue; readonly mailer: Pick<Mailer, 'send'> } | null
}

export interface RegistryNeeds {
  readonly queue: Queue
  /** The User-Agent. */
  readonly agent: string
}

export interface OpenDatasets {
  readonly needs: DatasetNeeds
  readonly files: FileNeeds
  readonly routes: Route[]
  readonly harvest: Harvest
  /** Says that the repository's jobs are done in this process. */
  work(): Promise<void>
  /** Writes what has been counted. */
  close(): Promise<void>
}

/** Wires the repository: what its acts take, and its endpoints. */
export function openDatasets(given: OpenDatasetsNeeds): OpenDatasets {
  const { settings, contents, changer, log, registry, mail, ...rest } = given
  const { general, dataverse } = settings
  const registrar = openRegistrar(registry, settings.datacite)
  const needs: DatasetNeeds = {
    ...rest,
    publisher: general.title,
    tellRegistry:
      registrar &&
      ((tx, news) =>
        'dataset' in news
          ? registrar.queue.send(tx, tellDataCite, news)
          : registrar.queue.send(tx, hideDoi, { doi: news.goneDoi })),
    pids: {
      protocol: dataverse.pidProtocol,
      authority: dataverse.pidAuthority,
      shoulder: dataverse.pidShoulder,
      siteAddress: general.siteAddress,
    },
  }
  const { db, clock } = needs
  const downloads = startDownloadCounts({ db, log })
  const files: FileNeeds = {
    ...needs,
    contents,
    changer,
    timeZone: general.timeZone,
    downloads,
    tellPeople: mail && ((tx, data) => mail.queue.send(tx, fileMail, data)),
    limits: {
      file: settings.files.largestFile,
      dataset: settings.files.largestDataset,
      zip: settings.files.zipDownloadLimit,
      table: settings.files.tableDownloadLimit,
    },
  }
  return {
    needs,
    files,
    routes: [
      ...collectionRoutes(needs),
      ...datasetRoutes(needs),
      ...roleRoutes(needs),
      ...blockRoutes(),
      ...licenseRoutes(needs),
      ...fileRoutes(files),
      ...searchRoutes(needs),
      ...tableRoutes(files),
      ...formatRoutes(needs),
      ...harvestRoutes({ db, siteAddress: general.siteAddress }),
    ],
    harvest: openHarvest(needs),
    async work() {
      if (mail) await mail.queue.work(fileMail, ({ data }) => mail.mailer.send(data))
      if (!registrar) return
      const { client, queue } = registrar
      const lastPublished = (dataset: number) => describeLastPublished(needs, dataset)
      await queue.work(tellDataCite, ({ data }) => tellDataCiteOf({ db, clock, client, lastPublished }, data.dataset))
      await queue.work(hideDoi, ({ data }) => client.hide(data.doi))
      await queue.work(catchUpDataCite, async () => {
        for (const dataset of await findUntold(db)) await queue.send(db, tellDataCite, { dataset })
      })
      await queue.schedule(catchUpDataCite, '23 4 * * *', {}, 'UTC')
      // Whatever kept it from being told (a wrong password, say) may have been set right for this start.
      await queue.send(db, catchUpDataCite, {})
    },
    close: () => downloads.close(),
  }
}

/** Null where no account at DataCite is set up. */
function openRegistrar(needs: RegistryNeeds | null, { api, repository, password }: Settings['datacite']) {
  if (needs === null || repository === null) return null
  return { queue: needs.queue, client: openDataCite({ api, repository, password: password ?? '' }, needs.agent) }
}
