import type { Database, Tx } from '#src/database/change.ts'
import type { Checkpoint } from './checkpoints.ts'
import { type ChainedEvent, genesis, hashEvent } from './event.ts'
import { findEvents, readHead } from './store.ts'

export interface ChainFault {
  readonly kind:
    | 'edited' // an event's content is not what its hash was made of
    | 'unlinked' // an event doesn't follow from the one before it: moved, replaced or rebuilt
    | 'missing' // numbers are absent
    | 'unexpected' // an event stands where none was ever written
    | 'head' // the end of the chain isn't where the head row says
    | 'checkpoint' // the chain isn't the one that was noted in the checkpoint file
  /** The number of the event where it shows. */
  readonly event: number
  readonly says: string
}

export interface ChainReport {
  readonly whole: boolean
  readonly events: number
  readonly last: { readonly id: number; readonly hash: string }
  readonly checkpoints: number
  /** The first of them, at most a hundred. */
  readonly faults: readonly ChainFault[]
}

const mostFaults = 100
const batch = 2000

/**
 * Walks the whole chain in batches and in constant memory, in one consistent view of the database, and tells where it
 * was edited, cut, reordered or extended. Only the checkpoint file can tell of a chain rebuilt from some point on, or
 * cut at its end together with its head, so its entries are compared on the way.
 */
export function verifyChain(db: Database, checkpoints: readonly Checkpoint[] = []): Promise<ChainReport> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => walkChain(tx, checkpoints))
}

/** The same inside a transaction that the caller has opened. */
export async function walkChain(tx: Tx, checkpoints: readonly Checkpoint[]): Promise<ChainReport> {
  const faults: ChainFault[] = []
  const fault: Accuse = (kind, event, says) => {
    if (faults.length < mostFaults) faults.push({ kind, event, says })
  }
  const noted = new Map<number, Checkpoint>()
  for (const point of checkpoints) noted.set(point.id, point)

  let last: End = genesis
  let events = 0
  for await (const event of eventsOf(tx)) {
    events += 1
    judgeEvent(event, last, fault)
    const point = noted.get(event.id)
    if (point && point.hash !== event.hash) {
      fault('checkpoint', event.id, `event ${event.id} had the hash ${point.hash} at ${point.at}, now ${event.hash}`)
    }
    noted.delete(event.id)
    last = event
  }
  for (const point of noted.values()) {
    fault('checkpoint', point.id, `event ${point.id} was there at ${point.at} and is gone`)
  }
  judgeHead(await readHead(tx), last, fault)
  return {
    whole: faults.length === 0,
    events,
    last: { id: last.id, hash: last.hash },
    checkpoints: checkpoints.length,
    faults,
  }
}

type End = { readonly id: number; readonly hash: string }
type Accuse = (kind: ChainFault['kind'], event: number, says: string) => void

function judgeEvent(event: ChainedEvent, last: End, fault: Accuse): void {
  if (event.id <= genesis.id) fault('unexpected', event.id, `events are numbered from 1; this one is ${event.id}`)
  if (event.id > last.id + 1) fault('missing', last.id + 1, `events ${span(last.id + 1, event.id - 1)} are gone`)
  else if (event.prev_hash !== last.hash) {
    fault('unlinked', event.id, `event ${event.id} doesn't follow from event ${last.id}`)
  }
  if (hashEvent(event) !== event.hash) {
    fault('edited', event.id, `the content of event ${event.id} isn't what was written`)
  }
}

function judgeHead(head: End | null, last: End, fault: Accuse): void {
  if (!head) fault('head', last.id, 'the head row is gone')
  else if (head.id > last.id) {
    fault('head', last.id + 1, `events ${span(last.id + 1, head.id)} are gone from the end`)
  } else if (head.id < last.id) {
    fault('head', head.id + 1, `the head row ends at event ${head.id}, the chain at event ${last.id}`)
  } else if (head.hash !== last.hash) {
    fault('head', last.id, `the head row and event ${last.id} have different hashes`)
  }
}

async function* eventsOf(db: Database): AsyncGenerator<ChainedEvent> {
  let after: number | null = null
  for (;;) {
    const events: ChainedEvent[] = await findEvents(db, {}, { order: 'oldest_first', after, limit: batch })
    yield* events
    const last = events.at(-1)
    if (!last) return
    after = last.id
  }
}

const span = (from: number, to: number): string => (from === to ? String(from) : `${from} to ${to}`)
