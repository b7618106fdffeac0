import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '#src/database/change.ts'
import {
  type Begin,
  type Delivery,
  type Ended,
  failPending,
  findPending,
  type Holder,
  isHeld,
  turnOver,
} from './delivery-store.ts'
import { SliceUnreadable } from './load-slice.ts'

/** What came of one attempt to send. */
export type Sent =
  | { readonly state: 'delivered' }
  | { readonly state: 'failed' | 'unconfirmed'; readonly reason: string }
  | {
      readonly state: 'put_off'
      readonly reason: string
      /** Nobody is there at all, so that the others need not be tried meanwhile. */
      readonly away?: true
    }

/** One way out: what it sends, how many at a time. */
export interface Sender {
  takes(delivery: Delivery): boolean
  readonly lanes: number
  /** Known before anything leaves, and written down with it. */
  messageIdOf(delivery: Delivery): string | null
  /** Does not throw for what may happen outside, but for a slice that can't be read: then nothing has left. */
  send(delivery: Delivery): Promise<Sent>
}

export interface Patience {
  /** How long to wait after the first, second… attempt that was put off; after the last one it has failed. */
  readonly delaysMs: readonly number[]
  /** When nobody is there for so long, what is left has failed. */
  readonly awayMs: number
}

export const usualPatience: Patience = {
  delaysMs: [10_000, 30_000, 120_000, 300_000, 600_000],
  awayMs: 15 * 60_000,
}

interface DeliverAsk {
  readonly holder: Holder
  readonly senders: readonly Sender[]
  readonly signal: AbortSignal
  readonly patience?: Patience | undefined
  /** Told of each that has come to an end. */
  onEnded(delivery: Delivery, ended: Ended): void
  onWaiting?(text: string): void
}

/**
 * Sends what is pending of a run, each at most once: that it is being sent is committed before it leaves. Ends when nothing
 * is pending any more, or when told to stop; then what is on its way is waited for, and the rest stays as it is.
 */
export async function deliver({ db }: { db: Database }, ask: DeliverAsk): Promise<void> {
  const pending = await findPending(db, ask.holder.runId)
  const turn = turnstile(db, ask.holder)
  await Promise.all(
    ask.senders.map((sender) =>
      sendOff(
        db,
        turn,
        sender,
        pending.filter((one) => sender.takes(one)),
        ask,
      ),
    ),
  )
}

interface Waiting {
  readonly delivery: Delivery
  readonly at: number
}

async function sendOff(
  db: Database,
  turn: Turn,
  sender: Sender,
  pending: readonly Delivery[],
  ask: DeliverAsk,
): Promise<void> {
  const { signal, holder, patience = usualPatience } = ask
  const fresh = [...pending].reverse()
  const later: Waiting[] = []
  let atWork = 0
  /** Since when nobody is there, and when to look again. */
  let away: { since: number; until: number; times: number; reason: string } | null = null
  let lost = false

  const take = (): Delivery | null => {
    const now = Date.now()
    if (away && now < away.until) return null
    // While nobody is there, one at a time finds out whether that has changed.
    if (away && atWork > 0) return null
    const due = later.findIndex(({ at }) => at <= now)
    if (due >= 0) return later.splice(due, 1)[0]?.delivery ?? null
    return fresh.pop() ?? null
  }

  const endOf = (delivery: Delivery, sent: Sent): Ended => {
    const { id } = delivery
    if (sent.state === 'delivered') return { id, state: 'delivered', reason: null, nextTryAt: null }
    if (sent.state !== 'put_off') return { id, state: sent.state, reason: sent.reason, nextTryAt: null }
    const delay = patience.delaysMs[delivery.attempts]
    if (delay === undefined && !sent.away)
      return {
        id,
        state: 'failed',
        reason: `${sent.reason} It was tried ${delivery.attempts + 1} times.`,
        nextTryAt: null,
      }
    return { id, state: 'pending', reason: sent.reason, nextTryAt: new Date(Date.now() + (delay ?? 0)) }
  }

  const note = (sent: Sent): void => {
    if (sent.state === 'put_off' && sent.away) {
      const times = (away?.times ?? 0) + 1
      const delay = patience.delaysMs[Math.min(times, patience.delaysMs.length) - 1] ?? 1000
      away = {
        since: away?.since ?? Date.now(),
        until: Date.now() + Math.min(delay, 60_000),
        times,
        reason: sent.reason,
      }
      ask.onWaiting?.(sent.reason)
    } else away = null
  }

  async function giveUp(reason: string): Promise<void> {
    const left = [...fresh.splice(0), ...later.splice(0).map(({ delivery }) => delivery)]
    const failed = await failPending(
      db,
      holder,
      left.map(({ id }) => id),
      reason,
    )
    for (const delivery of left)
      if (failed.has(delivery.id)) ask.onEnded(delivery, { id: delivery.id, state: 'failed', reason, nextTryAt: null })
  }

  async function lane(): Promise<void> {
    let ended: Ended | null = null
    const put = async (next: Delivery | null): Promise<boolean> => {
      const before = ended
      ended = null
      if (!before && !next) return false
      return turn(before, next && { id: next.id, messageId: sender.messageIdOf(next) })
    }
    for (;;) {
      if (away && Date.now() - away.since > patience.awayMs) await giveUp(away.reason)
      const next = signal.aborted || lost ? null : take()
      if (!next) {
        await put(null)
        if (signal.aborted || lost) return
        if (fresh.length === 0 && later.length === 0 && atWork === 0) return
        await pause(signal)
        continue
      }
      atWork++
      try {
        if (!(await put(next))) {
          // Somebody else has it, or has the run.
          if (!(await isHeld(db, holder))) lost = true
          continue
        }
        const sent = await sender.send(next).catch(putOff)
        note(sent)
        ended = endOf(next, sent)
        ask.onEnded(next, ended)
        if (ended.state !== 'pending') continue
        const at = ended.nextTryAt?.getTime() ?? 0
        // Another lane may take it up, which must find it pending.
        await put(null)
        later.push({ delivery: { ...next, attempts: next.attempts + 1 }, at })
      } finally {
        atWork--
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(sender.lanes, Math.max(1, pending.length)) }, lane))
}

function putOff(error: unknown): Sent {
  if (!(error instanceof SliceUnreadable)) throw error
  return { state: 'put_off', reason: error.message }
}

type Turn = (ended: Ended | null, next: Begin | null) => Promise<boolean>

/** Lanes that come while a commit is under way share the next one. */
function turnstile(db: Database, holder: Holder): Turn {
  let waiting: { ended: Ended | null; next: Begin | null; done: PromiseWithResolvers<boolean> }[] = []
  let busy = false

  async function turnAll(): Promise<void> {
    busy = true
    while (waiting.length > 0) {
      const all = waiting
      waiting = []
      const ended = all.flatMap((one) => one.ended ?? [])
      const next = all.flatMap((one) => one.next ?? [])
      try {
        const begun = await turnOver(db, holder, ended, next)
        for (const one of all) one.done.resolve(one.next !== null && begun.has(one.next.id))
      } catch (error) {
        for (const one of all) one.done.reject(error)
      }
    }
    busy = false
  }

  return (ended, next) => {
    const done = Promise.withResolvers<boolean>()
    waiting.push({ ended, next, done })
    if (!busy) void turnAll()
    return done.promise
  }
}

const pause = (signal: AbortSignal): Promise<void> => sleep(50, undefined, { signal }).catch(() => undefined)
