import type { Verb } from '#src/access/verbs.ts'
import type { Database } from '#src/database/change.ts'
import { limitedAddress } from '#src/http/address.ts'
import { canonicalJson, type EventFacts, storable } from './event.ts'
import { appendEvents } from './write-notes.ts'

/** Somebody was turned away. What was shown (a secret, a password, a name that isn't an account's) has no place here. */
export interface Refusal {
  readonly verb: Extract<Verb, 'token.refused' | 'account.sign_in_failed' | 'request.refused'>
  /** A word of a short list: `expired`, `revoked`, `wrong_password`… */
  readonly reason: string
  readonly address: string | null
  readonly client?: string | null
  readonly requestId?: string | null
  readonly via?: EventFacts['via']
  readonly tokenId?: string | null
  readonly sessionId?: string | null
  readonly accountId?: string | null
  readonly accountName?: string | null
}

export interface RefusalLog {
  /** Never waits and never fails: refusing must stay cheap. */
  refused(refusal: Refusal): void
  /** Writes what is due now; with `all`, also what a running minute still collects. */
  flush(options?: { all: boolean }): Promise<void>
  /** Writes everything and stops. What can't be written within two seconds is lost, and the log says how much. */
  close(): Promise<void>
}

interface Entry {
  readonly first: Refusal
  /** Not yet written. */
  waiting: number
  since: Date
  until: Date
  /** When it was written last; from then on a minute is collected. */
  writtenAt: number | null
}

const collectMs = 60_000
const mostEntries = 5_000
const mostPerWrite = 500

/**
 * Keeps refusals and writes them to the audit trail: the first of its kind within a second, the rest of its kind once a
 * minute with a count. A kind is (verb, reason, address, token, account), less the token where there is none of that id.
 * While the database is away they wait here; past a bound, kinds are merged into one per verb and reason, so that counts
 * stay right and memory stays small.
 */
export function startRefusalLog(needs: {
  db: Database
  log: { warn(facts: object, text: string): void }
  clock?: { now(): Date }
  everyMs?: number
}): RefusalLog {
  const now = () => needs.clock?.now() ?? new Date()
  const entries = new Map<string, Entry>()

  const refused = (refusal: Refusal) => {
    const kind = entries.size < mostEntries || entries.has(keyOf(refusal)) ? refusal : merged(refusal)
    const at = now()
    const entry = entries.get(keyOf(kind))
    if (!entry) entries.set(keyOf(kind), { first: kind, waiting: 1, since: at, until: at, writtenAt: null })
    else {
      if (entry.waiting === 0) entry.since = at
      entry.waiting += 1
      entry.until = at
    }
  }

  const write = async (all: boolean) => {
    const due: Entry[] = []
    for (const [key, entry] of entries) {
      const collecting = entry.writtenAt !== null && now().getTime() - entry.writtenAt < collectMs
      if (entry.waiting > 0 && (all || !collecting)) due.push(entry)
      else if (entry.waiting === 0 && !collecting) entries.delete(key)
    }
    for (let from = 0; from < due.length; from += mostPerWrite) {
      const part = due.slice(from, from + mostPerWrite).map((entry) => ({ entry, counted: entry.waiting }))
      const facts = part.map(({ entry }) => factsOf(entry))
      await needs.db.transaction().execute((tx) => appendEvents(tx, facts))
      for (const { entry, counted } of part) {
        entry.waiting -= counted
        entry.since = entry.until
        entry.writtenAt = now().getTime()
      }
    }
  }

  // One write after the other: two at once would count twice.
  let running: Promise<void> = Promise.resolve()
  const flush = ({ all } = { all: false }) => {
    const written = running.then(() => write(all))
    running = written.catch(() => undefined)
    return written
  }
  let failing = false
  const tick = async () => {
    try {
      await flush()
      failing = false
    } catch (error) {
      if (!failing) needs.log.warn({ err: error }, 'refusals wait for the database')
      failing = true
    }
  }
  const timer = setInterval(() => void tick(), needs.everyMs ?? 500)
  timer.unref()

  return {
    refused,
    flush,
    close: async () => {
      clearInterval(timer)
      const late = AbortSignal.timeout(2_000)
      await Promise.race([
        flush({ all: true }).catch(() => undefined),
        new Promise((resolve) => late.addEventListener('abort', resolve)),
      ])
      const lost = [...entries.values()].reduce((sum, entry) => sum + entry.waiting, 0)
      if (lost > 0) needs.log.warn({ lost }, 'refusals could not be written to the audit trail')
    },
  }
}

/** Nobody has looked whether there is such a token, or there is none. */
const unproven = new Set(['unknown', 'shown_in_an_address'])

/** Who guesses chooses the id and, within an IPv6 network, the address: a line for each would let anybody fill the disk. */
const keyOf = ({ verb, reason, address, tokenId, accountId }: Refusal): string =>
  JSON.stringify([
    verb,
    reason,
    address && limitedAddress(address),
    unproven.has(reason) ? null : (tokenId ?? null),
    accountId ?? null,
  ])

const merged = ({ verb, reason }: Refusal): Refusal => ({ verb, reason, address: null })

function factsOf({ first, waiting, since, until }: Entry): EventFacts {
  const text = (value: string | null | undefined) => (value == null ? null : storable(value))
  const subject = subjectOf(first)
  return {
    verb: first.verb,
    subject_type: subject.type,
    subject_id: text(subject.id),
    via: first.via ?? 'anonymous',
    account_id: text(first.accountId),
    account_name: text(first.accountName),
    token_id: text(first.tokenId),
    session_id: text(first.sessionId),
    request_id: text(first.requestId),
    address: text(first.address),
    client: text(first.client),
    detail: canonicalJson({ reason: first.reason, count: waiting, first_at: since, last_at: until }),
  }
}

function subjectOf({ verb, tokenId, accountId }: Refusal): { type: string; id: string | null } {
  if (verb === 'token.refused') return { type: 'token', id: tokenId ?? null }
  if (verb === 'account.sign_in_failed') return { type: 'account', id: accountId ?? null }
  return { type: 'request', id: null }
}
