import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Actor, actor, localCaller } from '#src/access/caller.ts'
import { writeNotes } from '#src/audit/write-notes.ts'
import type { KeptFiles } from '#src/database/back-up.ts'
import { type Changer, type Database, makeChanger, type Tx } from '#src/database/change.ts'
import { type Announce, makeAnnounce } from '#src/database/lease.ts'
import { migrate } from '#src/database/migrate.ts'
import { type OpenDatabase, openDatabase } from '#src/database/open-database.ts'
import { datasetFiles } from '#src/datasets/files/kept-files.ts'
import { tableFiles } from '#src/datasets/tables/kept-files.ts'
import { uploadFiles } from '#src/datasets/uploads/kept-files.ts'
import type { Logger } from '#src/http/log.ts'
import { importFiles } from '#src/imports/kept-files.ts'
import { snapshotFiles } from '#src/models/kept-files.ts'
import { artifactFiles } from '#src/runs/kept-files.ts'
import type { LoadedSettings } from '#src/settings/load-settings.ts'
import type { Settings } from '#src/settings/schema.ts'
import { deliveredFiles } from '#src/subscriptions/kept-files.ts'
import { snapshotDirectory } from '#src/warehouse/snapshot-directory.ts'

/** The product's own directory: where package.json and the launcher are. */
export const productDirectory = fileURLToPath(new URL('..', import.meta.url))

/** Where everything that the product keeps stands under the data directory. */
export const placesIn = (dataDirectory: string) => ({
  secrets: path.join(dataDirectory, 'secrets'),
  warehouse: path.join(dataDirectory, 'warehouse'),
  /** Where operators put files for models to read (`data:…`); nothing of ours is there. */
  sources: path.join(dataDirectory, 'data'),
  imports: path.join(dataDirectory, 'imports'),
  /** What is found out of files of datasets, while it is. */
  tables: path.join(dataDirectory, 'tables'),
  /** Files that runs made, by the SHA-256 of their content. */
  contents: path.join(dataDirectory, 'contents'),
  /** Where folders of subscriptions begin. */
  delivered: path.join(dataDirectory, 'delivered'),
  outbox: path.join(dataDirectory, 'outbox'),
  checkpoints: path.join(dataDirectory, 'audit', 'checkpoints.ndjson'),
})

/** Says whether the demo is in, and up to when it has jobs. */
export const demoNote = (dataDirectory: string): string => path.join(dataDirectory, 'demo.json')

/** What a backup takes along: immutable files that the database names, and small ones that change. */
export function keptFiles({ general, apiToken, files }: Settings): KeptFiles[] {
  const { dataDirectory } = general
  const places = placesIn(dataDirectory)
  const below = (directory: string, names: readonly string[]) =>
    names.map((name) => path.relative(dataDirectory, path.join(directory, name)))
  const inside = [places.secrets, places.outbox, path.dirname(places.checkpoints), demoNote(dataDirectory)]
  if (!apiToken.pepperFile.startsWith(places.secrets)) inside.push(apiToken.pepperFile)
  return [
    { fixed: async (tx) => below(places.imports, await importFiles(tx)) },
    { fixed: async (tx) => below(snapshotDirectory(places.warehouse), await snapshotFiles(tx)) },
    // What stands in a bucket is not ours to copy.
    ...(files.storage === 'disk' ? [{ fixed: async (tx: Tx) => below(places.contents, await contentsOf(tx)) }] : []),
    { changing: inside.map((place) => path.relative(dataDirectory, place)).filter((place) => !place.startsWith('..')) },
  ]
}

const contentsOf = async (tx: Tx): Promise<string[]> => [
  ...new Set(
    (
      await Promise.all(
        [artifactFiles, deliveredFiles, datasetFiles, tableFiles, uploadFiles].map((files) => files(tx)),
      )
    ).flat(),
  ),
]

/** What a server, a worker and a command line all stand on: settings, a migrated database, and the way to change it. */
export interface Base {
  readonly loaded: LoadedSettings
  readonly settings: Settings
  readonly places: ReturnType<typeof placesIn>
  readonly log: Logger
  readonly database: OpenDatabase
  readonly db: Database
  readonly change: Changer
  readonly announce: Announce
  close(): Promise<void>
}

/** The database that the settings name, started when it is the embedded one and nobody has; at whatever version it is. */
export const openDatabaseOf = (
  { general, database }: Settings,
  log: Logger,
  options?: { restoring: boolean },
): Promise<OpenDatabase> =>
  openDatabase({
    url: database.url ?? undefined,
    dataDirectory: general.dataDirectory,
    poolSize: database.poolSize,
    log,
    ...options,
  })

/** Opens the database and brings it to this version. */
export async function openBase(loaded: LoadedSettings, log: Logger): Promise<Base> {
  const { settings } = loaded
  for (const note of loaded.notes) log.info(note)
  const database = await openDatabaseOf(settings, log)
  try {
    await migrate(database.db)
  } catch (error) {
    await database.close()
    throw error
  }
  return {
    loaded,
    settings,
    places: placesIn(settings.general.dataDirectory),
    log,
    database,
    db: database.db,
    change: makeChanger(database.db, writeNotes),
    announce: makeAnnounce(database.db),
    close: () => database.close(),
  }
}

const { version } = JSON.parse(readFileSync(path.join(productDirectory, 'package.json'), 'utf8')) as { version: string }

/** Of the product. */
export const productVersion = version

/** The person at the command line, as the audit trail names them. */
export function commandActor(userName: string): Actor {
  return actor(localCaller('command', userName))
}
