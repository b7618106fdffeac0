import type { Database } from '#src/database/change.ts'
import { dataCite } from '../formats/datacite.ts'
import type { Described } from '../formats/described.ts'
import type { DataCiteClient } from './client.ts'
import { markRegistered, toldAt } from './store.ts'

export interface TellNeeds {
  readonly db: Database
  readonly client: DataCiteClient
  readonly clock: { now(): Date }
  /** What was published of it last, and whether it still is; null when nothing ever was. */
  lastPublished(dataset: number): Promise<{ described: Described; withdrawn: boolean } | null>
}

/** Brings what DataCite knows of a dataset's DOI up to date. */
export async function tellDataCiteOf(needs: TellNeeds, dataset: number): Promise<void> {
  const { db, client, clock, lastPublished } = needs
  let registered: string | null = null
  for (;;) {
    const told = await toldAt(db, dataset)
    const at = clock.now()
    const last = await lastPublished(dataset)
    if (!last) {
      // Destroyed while it was told of, when nobody could know that its DOI would have to be hidden.
      if (registered) await client.hide(registered)
      return
    }
    const { described, withdrawn } = last
    // Ids of other kinds lead here by themselves.
    if (!described.pid.startsWith('doi:')) return
    registered = described.pid.slice(4)
    await client.register(registered, dataCite(described), withdrawn ? 'hide' : 'publish')
    // Who changes it meanwhile sends no further job while this one waits to be taken up: there is more to tell then.
    if (await markRegistered(db, dataset, { told, at })) return
  }
}
