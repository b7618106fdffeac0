import type { Actor, AuditNote } from '#src/access/caller.ts'
import type { NoteWriter, Tx } from '#src/database/change.ts'
import { type ChainedEvent, canonicalJson, type EventFacts, hashEvent, storable } from './event.ts'
import { insertEvents, lockHead } from './store.ts'

/** Writes what a change says of itself into its own transaction: both are there after the commit, or neither. */
export const writeNotes: NoteWriter = (tx, actor, notes) =>
  appendEvents(
    tx,
    notes.map((note) => factsOf(actor, note)),
  )

/** Puts events at the end of the chain. Locks the chain's head until the transaction ends, so call it last. */
export async function appendEvents(tx: Tx, events: readonly EventFacts[]): Promise<void> {
  if (events.length === 0) return
  const head = await lockHead(tx)
  const chained: ChainedEvent[] = []
  for (const facts of events) {
    const before = chained.at(-1) ?? head
    const event = { ...facts, id: before.id + 1, at: head.at, prev_hash: before.hash }
    chained.push({ ...event, hash: hashEvent(event) })
  }
  await insertEvents(tx, chained)
}

/** What is kept of a note and of who made it. */
export function factsOf({ caller, requestId, address, client }: Actor, note: AuditNote): EventFacts {
  return {
    verb: note.verb,
    subject_type: note.subjectType,
    subject_id: clean(note.subjectId),
    via: caller.via,
    account_id: clean(caller.accountId),
    account_name: clean(caller.accountName),
    token_id: clean(caller.tokenId),
    session_id: clean(caller.sessionId),
    request_id: clean(requestId),
    address: clean(address),
    client: clean(client),
    detail: canonicalJson(note.detail ?? {}),
  }
}

const clean = (text: string | null): string | null => (text === null ? null : storable(text))
