import type pg from 'pg'
import type { AccessChanges, AccessSubject, Lease } from '#src/database/lease.ts'
import { verificationUnavailable } from './problems.ts'
import { type Evidence, findEvidence } from './store.ts'

export interface EvidenceLoader<T> {
  /** Asks Postgres, always by a statement sent after the call. */
  load(id: string): Promise<T>
  close(): void
}

/**
 * Makes of evidence what the asker wants. `keepable` says whether it may be remembered: not when the token's rights changed
 * while we asked. Called in the same turn in which that was found, so that no change can come between.
 */
export type Receive<T> = (id: string, evidence: Evidence | null, keepable: boolean) => T

const mostWaiting = 20_000
const patienceMs = 3_000

interface Batch<T> {
  readonly asked: Map<string, PromiseWithResolvers<T>>
  /** What changed since the statement was sent. */
  readonly changed: Set<AccessSubject>
  everything: boolean
}

/**
 * Asks for many tokens at once, one statement at a time: a flood of guesses costs Postgres no more than one busy
 * connection, and nobody needs to be locked out for it. Nobody joins a statement that is already on its way, because its
 * answer may be older than the question.
 */
export function makeEvidenceLoader<T>(pool: pg.Pool, lease: Lease, receive: Receive<T>): EvidenceLoader<T> {
  let next: Batch<T> = newBatch()
  let sent: Batch<T> | null = null

  const silence = lease.onChange((changes: AccessChanges) => {
    if (sent === null) return
    if (changes === 'everything') sent.everything = true
    else for (const subject of changes) sent.changed.add(subject)
  })

  const send = async (): Promise<void> => {
    while (next.asked.size > 0) {
      const batch = next
      next = newBatch()
      sent = batch
      try {
        settle(batch, await inTime(findEvidence(pool, [...batch.asked.keys()])), receive)
      } catch (cause) {
        const problem = unanswered(cause)
        for (const { reject } of batch.asked.values()) reject(problem)
      }
      sent = null
    }
  }

  return {
    load(id) {
      const asked = next.asked.get(id)
      if (asked) return asked.promise
      if (next.asked.size >= mostWaiting) {
        return Promise.reject(
          verificationUnavailable({ detail: 'Too many tokens wait to be checked.', headers: { 'retry-after': '1' } }),
        )
      }
      const answer = Promise.withResolvers<T>()
      next.asked.set(id, answer)
      if (sent === null) {
        // Now, but with whatever else this turn of the loop brings.
        sent = newBatch()
        queueMicrotask(() => void send())
      }
      return answer.promise
    },
    close: silence,
  }
}

const newBatch = <T>(): Batch<T> => ({ asked: new Map(), changed: new Set(), everything: false })

function settle<T>({ asked, changed, everything }: Batch<T>, found: readonly Evidence[], receive: Receive<T>): void {
  const byId = new Map(found.map((evidence) => [evidence.id, evidence]))
  for (const [id, { resolve }] of asked) {
    const evidence = byId.get(id) ?? null
    const touched =
      everything || changed.has(`token:${id}`) || (evidence !== null && changed.has(`account:${evidence.account_id}`))
    resolve(receive(id, evidence, !touched))
  }
}

/** The one answer when Postgres can't say. */
export const unanswered = (cause: unknown) =>
  verificationUnavailable({
    detail: 'The database does not answer.',
    hint: 'Try again in a moment.',
    headers: { 'retry-after': '1' },
    cause,
  })

/** A database that hangs must not hold on to everybody who asks. */
export async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs)
  })
  answer.catch(() => undefined)
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
