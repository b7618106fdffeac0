import { hash } from 'node:crypto'
import type pg from 'pg'
import type { Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import type { AccessChanges, Lease } from '#src/database/lease.ts'
import type { ShownFrom } from '#src/http/authenticate.ts'
import { newCounter, type UseCounter, type UseCounts } from './count-uses.ts'
import { makeEvidenceLoader } from './load-evidence.ts'
import type { Peppers, Sealed } from './peppers.ts'
import { type Evidence, findEvidence } from './store.ts'
import { isWellFormed, publicIdOf } from './token-format.ts'

/** Why a token was refused: for the audit trail, never for the caller. */
export type RefusalReason =
  | 'unknown'
  | 'wrong_secret'
  | 'revoked'
  | 'expired'
  | 'rotated_out'
  | 'not_yet'
  | 'account_disabled'

export interface RefusedToken {
  readonly reason: RefusalReason
  readonly tokenId: string
  readonly accountId: string | null
  readonly accountName: string | null
  readonly from: ShownFrom
}

export interface VerifierNeeds {
  readonly pool: pg.Pool
  readonly lease: Lease
  readonly peppers: Peppers
  readonly uses: UseCounts
  /** Milliseconds since 1970; the wall clock, since expiry is told in its terms. */
  readonly now: () => number
  /** Hears of every refusal except of malformed ones. Must be cheap. */
  readonly onRefused: (refused: RefusedToken) => void
  /** A good secret that is stored under an old pepper. */
  readonly onOldPepper?: (tokenId: string, from: number, secret: string) => void
}

export interface TokenVerifier {
  /**
   * Who shows this token; null when it is refused, for whatever reason. Answers at once for a token seen before, without
   * asking Postgres or writing; throws `verification-unavailable` when it can't know.
   */
  verify(text: string, from: ShownFrom): Caller | null | Promise<Caller | null>
  /** What cost nothing: texts that can't be tokens. */
  malformed(): number
  close(): void
}

/** What is remembered of a token, everything worked out. */
interface Entry {
  readonly id: string
  readonly sealed: Sealed
  /** SHA-256 of the secret, once somebody has shown the right one. */
  shownHash: string | null
  readonly caller: Caller
  readonly refusal: RefusalReason | null
  readonly notBefore: number
  readonly deadAt: number
  readonly deadReason: RefusalReason
  /** When to look again, whatever happens: rights that have grown are announced to nobody. */
  readonly staleAt: number
  refreshing: boolean
  readonly counter: UseCounter
}

const freshMs = 60_000
const refusedFreshMs = 2_000
const mostEntries = 50_000
const mostUnknown = 10_000

/**
 * Verifies tokens. The way of a token seen before is shape, SHA-256, one look-up, lease, times: some two microseconds. The
 * peppered hash and Postgres are for the first time only. What is remembered counts as long as the lease is held; without
 * it every verification asks Postgres itself (see database/lease.ts).
 */
export function makeTokenVerifier(needs: VerifierNeeds): TokenVerifier {
  const { lease, peppers, uses, now } = needs
  const byHash = new Map<string, Entry>()
  const byId = new Map<string, Entry>()
  const idsByAccount = new Map<string, Set<string>>()
  const unknownUntil = new Map<string, number>()
  let malformed = 0

  const drop = (id: string): void => {
    const entry = byId.get(id)
    if (!entry) return
    byId.delete(id)
    if (entry.shownHash !== null && byHash.get(entry.shownHash) === entry) byHash.delete(entry.shownHash)
    const siblings = idsByAccount.get(entry.caller.accountId!)
    siblings?.delete(id)
    if (siblings?.size === 0) idsByAccount.delete(entry.caller.accountId!)
  }

  const silence = lease.onChange((changes: AccessChanges) => {
    if (changes === 'everything') {
      for (const known of [byHash, byId, idsByAccount, unknownUntil]) known.clear()
      return
    }
    for (const subject of changes) {
      if (subject.startsWith('token:')) drop(subject.slice(6))
      else for (const id of [...(idsByAccount.get(subject.slice(8)) ?? [])]) drop(id)
    }
  })

  const keep = (entry: Entry): void => {
    drop(entry.id)
    if (byId.size >= mostEntries) drop(byId.keys().next().value!)
    byId.set(entry.id, entry)
    const siblings = idsByAccount.get(entry.caller.accountId!)
    if (siblings) siblings.add(entry.id)
    else idsByAccount.set(entry.caller.accountId!, new Set([entry.id]))
    if (entry.shownHash !== null) byHash.set(entry.shownHash, entry)
  }

  /** Null when there is no such token. */
  const loader = makeEvidenceLoader<Entry | null>(needs.pool, lease, (id, evidence, keepable) => {
    if (evidence === null) {
      drop(id)
      if (unknownUntil.size >= mostUnknown) unknownUntil.clear()
      unknownUntil.set(id, now() + refusedFreshMs)
      return null
    }
    const before = byId.get(id)
    const entry = entryOf(evidence, before?.counter ?? uses.counterOf(id), now())
    // The same sealed secret has the same right text.
    if (before?.sealed.hash.equals(entry.sealed.hash)) entry.shownHash = before.shownHash
    if (keepable) keep(entry)
    return entry
  })

  const refreshSoon = (entry: Entry): void => {
    entry.refreshing = true
    loader.load(entry.id).catch(() => {
      entry.refreshing = false
    })
  }

  const refuse = (reason: RefusalReason, tokenId: string, caller: Caller | null, from: ShownFrom): null => {
    const { accountId = null, accountName = null } = caller ?? {}
    needs.onRefused({ reason, tokenId, accountId, accountName, from })
    return null
  }

  /** The right secret was shown: do the times and the account allow it? */
  const judge = (entry: Entry, from: ShownFrom): Caller | null => {
    const at = now()
    if (entry.refusal !== null) return refuse(entry.refusal, entry.id, entry.caller, from)
    if (at >= entry.deadAt) return refuse(entry.deadReason, entry.id, entry.caller, from)
    if (at < entry.notBefore) return refuse('not_yet', entry.id, entry.caller, from)
    if (!from.again) uses.count(entry.counter, at, from)
    return entry.caller
  }

  const isStale = (entry: Entry): boolean => now() >= entry.staleAt

  const verifySlowly = async (text: string, from: ShownFrom): Promise<Caller | null> => {
    const id = publicIdOf(text)
    if (id === null) {
      malformed++
      return null
    }
    let entry = lease.held() ? (byId.get(id) ?? null) : null
    if (entry === null || isStale(entry)) {
      if (lease.held() && (unknownUntil.get(id) ?? 0) > now()) return refuse('unknown', id, null, from)
      entry = await loader.load(id)
    }
    if (entry === null) return refuse('unknown', id, null, from)
    const shown = hash('sha256', text)
    if (entry.shownHash === null) {
      if (!peppers.matches(text, entry.sealed)) return refuse('wrong_secret', id, entry.caller, from)
      entry.shownHash = shown
      if (byId.get(id) === entry) byHash.set(shown, entry)
      if (entry.sealed.pepper !== peppers.newest()) needs.onOldPepper?.(id, entry.sealed.pepper, text)
    } else if (entry.shownHash !== shown) return refuse('wrong_secret', id, entry.caller, from)
    return judge(entry, from)
  }

  return {
    verify(text, from) {
      if (!isWellFormed(text)) {
        malformed++
        return null
      }
      if (!lease.held()) return verifySlowly(text, from)
      const entry = byHash.get(hash('sha256', text))
      if (entry === undefined) return verifySlowly(text, from)
      if (isStale(entry)) {
        if (entry.refusal !== null) return verifySlowly(text, from)
        if (!entry.refreshing) refreshSoon(entry)
      }
      return judge(entry, from)
    },
    malformed: () => malformed,
    close() {
      silence()
      loader.close()
    },
  }
}

/** What a token's grants come to while its account has this role. */
export const effectiveGrants = (evidence: Pick<Evidence, 'grants' | 'role'>): Grants =>
  Grants.of(evidence.grants).and(Grants.ofRole(evidence.role))

function entryOf(evidence: Evidence, counter: UseCounter, at: number): Entry {
  const { id, expires_at, closes_at, not_before } = evidence
  const refusal = evidence.revoked_at !== null ? 'revoked' : evidence.state === 'active' ? null : 'account_disabled'
  const closesFirst = closes_at !== null && closes_at < expires_at
  return {
    id,
    sealed: { pepper: evidence.pepper, hash: evidence.secret_hash },
    shownHash: null,
    caller: callerOf(evidence),
    refusal,
    notBefore: not_before?.getTime() ?? 0,
    deadAt: (closesFirst ? closes_at : expires_at).getTime(),
    deadReason: closesFirst ? 'rotated_out' : 'expired',
    staleAt: at + (refusal === null ? freshMs : refusedFreshMs),
    refreshing: false,
    counter,
  }
}

function callerOf(evidence: Evidence): Caller {
  return Object.freeze({
    via: 'token' as const,
    accountId: evidence.account_id,
    accountName: evidence.user_name,
    role: evidence.role,
    tokenId: evidence.id,
    sessionId: null,
    grants: effectiveGrants(evidence),
  })
}

/** The caller behind a token, if it still is good; asks Postgres. For work that was accepted earlier and begins now. */
export async function callerOfToken(needs: { pool: pg.Pool; now: () => number }, id: string): Promise<Caller | null> {
  const [evidence] = await findEvidence(needs.pool, [id])
  if (!evidence) return null
  const at = needs.now()
  const entry = entryOf(evidence, newCounter(id), at)
  return entry.refusal === null && at < entry.deadAt && at >= entry.notBefore ? entry.caller : null
}
