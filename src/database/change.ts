import type { Kysely, Transaction } from 'kysely'
import type { Actor, AuditNote } from '#src/access/caller.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>
export type Tx = Transaction<Tables>

/** One all-or-nothing change: what an act does, what the audit trail says of it and the jobs it sends commit together. */
export interface Change {
  readonly tx: Tx
  readonly actor: Actor
  /** Tells the audit trail; written last, in the same transaction. */
  note(note: AuditNote): void
  /** Runs after the commit and before the caller gets the answer (e.g. waiting until every process knows of a revocation). */
  afterCommit(step: () => Promise<void>): void
}

/** Writes the notes of a change to the audit trail; given by `audit/`, so that this tool knows no room. */
export type NoteWriter = (tx: Tx, actor: Actor, notes: readonly AuditNote[]) => Promise<void>

/** Opens a change, runs `body` in it, writes its audit notes, commits, runs the steps that follow the commit. */
export type Changer = <T>(actor: Actor, body: (change: Change) => Promise<T>) => Promise<T>

export function makeChanger(db: Database, writeNotes: NoteWriter): Changer {
  return async (actor, body) => {
    const notes: AuditNote[] = []
    const steps: (() => Promise<void>)[] = []
    const result = await db.transaction().execute(async (tx) => {
      const result = await body({
        tx,
        actor,
        note: (note) => notes.push(note),
        afterCommit: (step) => steps.push(step),
      })
      // Last, because the audit chain's head is one row that everyone locks.
      if (notes.length > 0) await writeNotes(tx, actor, notes)
      return result
    })
    for (const step of steps) await step()
    return result
  }
}
