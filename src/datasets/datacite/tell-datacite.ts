import type { Database } from '#src/database/change.ts'
import { dataCite } from '../formats/datacite.ts'
import type { Described } from '../formats/described.ts'
import type { DataCiteClient } from './client.ts'
import { markRegistered } from './store.ts'

export interface TellNeeds {
  readonly db: Database
  readonly client: DataCiteClient
  readonly clock: { now(): Date }
  /** What was published of it last, and whether it still is; null when nothing ever was. */
  lastPublished(dataset: number): Promise<{ described: Described; withdrawn: boolean } | null>
}

/** Brings what DataCite knows of a dataset's DOI up to date. */
export async function tellDataCiteOf(needs: TellNeeds, dataset: number): Promise<void> {
  const last = await needs.lastPublished(dataset)
  // Ids of other kinds lead here by themselves.
  if (!last?.described.pid.startsWith('doi:')) return
  const at = needs.clock.now()
  await needs.client.register(
    last.described.pid.slice(4),
    dataCite(last.described),
    last.withdrawn ? 'hide' : 'publish',
  )
  await markRegistered(needs.db, dataset, at)
}
