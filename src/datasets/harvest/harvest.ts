import type { Database } from '#src/database/change.ts'
import { type DescribeNeeds, describePublic } from '../formats/describe-version.ts'
import type { Described } from '../formats/described.ts'
import { findTold, firstTold, listSets, listTold, type ToldRow } from './store.ts'

/** One dataset as harvesters count it; `deleted`: nothing of it is published any more. */
export type Told = ToldRow

/** What harvesters ask of the repository: all that was published, in the order in which it last changed. */
export interface Harvest {
  list(ask: {
    from: Date | null
    until: Date | null
    /** A collection's alias: what lies in it or below. */
    set: string | null
    after: { at: Date; id: number } | null
    limit: number
  }): Promise<Told[]>
  find(pid: string): Promise<Told | null>
  sets(): Promise<{ alias: string; name: string; description: string }[]>
  earliest(): Promise<Date>
  /** What anybody may know of it now; null when that is nothing any more. */
  describe(id: number): Promise<Described | null>
}

export const openHarvest = (needs: DescribeNeeds & { readonly db: Database }): Harvest => ({
  list: (ask) => listTold(needs.db, ask),
  find: (pid) => findTold(needs.db, pid),
  sets: () => listSets(needs.db),
  earliest: async () => (await firstTold(needs.db)) ?? needs.clock.now(),
  describe: (id) => describePublic(needs, id),
})
