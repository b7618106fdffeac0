import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Actor, actor, localCaller } from '#src/access/caller.ts'
import { writeNotes } from '#src/audit/write-notes.ts'
import { type Changer, type Database, makeChanger } from '#src/database/change.ts'
import { type Announce, makeAnnounce } from '#src/database/lease.ts'
import { migrate } from '#src/database/migrate.ts'
import { type OpenDatabase, openDatabase } from '#src/database/open-database.ts'
import type { Logger } from '#src/http/log.ts'
import type { LoadedSettings } from '#src/settings/load-settings.ts'
import type { Settings } from '#src/settings/schema.ts'

/** The product's own directory: where package.json and the launcher are. */
export const productDirectory = fileURLToPath(new URL('..', import.meta.url))

/** Where everything that the product keeps stands under the data directory. */
export const placesIn = (dataDirectory: string) => ({
  secrets: path.join(dataDirectory, 'secrets'),
  warehouse: path.join(dataDirectory, 'warehouse'),
  imports: path.join(dataDirectory, 'imports'),
  outbox: path.join(dataDirectory, 'outbox'),
  checkpoints: path.join(dataDirectory, 'audit', 'checkpoints.ndjson'),
})

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

/** Opens the database (starting the embedded one when nobody has) and brings it to this version. */
export async function openBase(loaded: LoadedSettings, log: Logger): Promise<Base> {
  const { settings } = loaded
  for (const note of loaded.notes) log.info(note)
  const database = await openDatabase({
    url: settings.database.url ?? undefined,
    dataDirectory: settings.general.dataDirectory,
    poolSize: settings.database.poolSize,
    log,
  })
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

/** The person at the command line, as the audit trail names them. */
export function commandActor(userName: string): Actor {
  return actor(localCaller('command', userName))
}
