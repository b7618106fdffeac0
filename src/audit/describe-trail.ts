import type { Database } from '#src/database/change.ts'
import type { Checkpoint, Checkpoints } from './checkpoints.ts'
import { readHead, readTime } from './store.ts'

export interface TrailFacts {
  readonly events: number
  readonly lastEventAt: Date | null
  /** The end of the chain as noted last outside the database. */
  readonly checkpoint: Checkpoint | null
  /** The first event after that, which still waits to be noted. */
  readonly unnotedSince: Date | null
  /** False: the database no longer holds the chain noted last. Null: nobody has looked yet. */
  readonly whole: boolean | null
}

/** How far the audit trail goes and how far it is noted; reads no more than its ends. */
export async function describeTrail(needs: {
  db: Database
  checkpoints: Pick<Checkpoints, 'latest'>
}): Promise<TrailFacts> {
  const { db, checkpoints } = needs
  const [head, { point, whole }] = await Promise.all([readHead(db), checkpoints.latest()])
  const events = head?.id ?? 0
  const [lastEventAt, unnotedSince] = await Promise.all([readTime(db, events), readTime(db, (point?.id ?? 0) + 1)])
  return { events, lastEventAt, checkpoint: point, unnotedSince, whole }
}
