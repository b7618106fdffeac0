import type { FastifyReply } from 'fastify'
import type { Caller } from '#src/access/caller.ts'
import { limitedAddress } from './address.ts'
import type { Endpoint } from './endpoint.ts'
import { rateExceeded } from './problems.ts'
import type { Call } from './request.ts'

/** One bucket after one request: `remaining` may be negative. */
export interface Spent {
  readonly policy: string
  readonly quota: number
  remaining: number
  /** Seconds until the quota is whole again. */
  reset: number
}

const minuteMs = 60_000
/** Above this many keys old windows are dropped; if that frees too little, all are: a flood must not fill memory. */
const mostKeys = 100_000

interface Window {
  /** Milliseconds of the monotonic clock. */
  endsAt: number
  used: number
}

/**
 * Counts per key in windows of a minute. In memory and synchronous: a look-up and an addition per request, where a
 * promise and a timer per key would cost as much as verifying the token.
 */
export class Quota {
  readonly policy: string
  readonly quota: number
  readonly #now: () => number
  readonly #windows = new Map<string, Window>()

  constructor(policy: string, quota: number, now: () => number) {
    this.policy = policy
    this.quota = quota
    this.#now = now
  }

  spend(key: string): Spent {
    const now = this.#now()
    let window = this.#windows.get(key)
    if (window === undefined || window.endsAt <= now) {
      if (this.#windows.size >= mostKeys) this.#sweep(now)
      window = { endsAt: now + minuteMs, used: 0 }
      this.#windows.set(key, window)
    }
    window.used++
    return {
      policy: this.policy,
      quota: this.quota,
      remaining: this.quota - window.used,
      reset: Math.ceil((window.endsAt - now) / 1000),
    }
  }

  /** Keys held at the moment. */
  get size(): number {
    return this.#windows.size
  }

  #sweep(now: number): void {
    for (const [key, window] of this.#windows) if (window.endsAt <= now) this.#windows.delete(key)
    if (this.#windows.size >= mostKeys) this.#windows.clear()
  }
}

export interface RateLimits {
  /** Requests per minute with one token or one account's sessions; 0: no limit. */
  readonly perToken: number
  /** Requests per minute from one address without a good token or session; 0: no limit. */
  readonly perAddress: number
}

/**
 * Good tokens and sessions are counted on their own, everybody else by address; so a guesser cannot use up what a
 * neighbour behind the same address is owed.
 */
export function makeRateLimits(limits: RateLimits, now: () => number = () => performance.now()) {
  const byToken = limits.perToken > 0 ? new Quota('token', limits.perToken, now) : null
  const byAddress = limits.perAddress > 0 ? new Quota('address', limits.perAddress, now) : null

  const countAddress = (call: Call): void => {
    if (byAddress) spend(call, byAddress, limitedAddress(call.address))
  }

  return {
    /** A request whose credentials were refused. */
    countRefused: countAddress,
    /** Counts the admitted requests of one endpoint. */
    counterOf(contract: Endpoint): (call: Call) => void {
      if (contract.unlimited) return () => {}
      const own = contract.perMinute === undefined ? null : new Quota(contract.id, contract.perMinute, now)
      return (call) => {
        const key = keyOf(call.caller)
        if (key === null) countAddress(call)
        else if (byToken) spend(call, byToken, key)
        if (own) spend(call, own, key ?? limitedAddress(call.address))
      }
    },
  }
}

export type RateLimiting = ReturnType<typeof makeRateLimits>

const keyOf = (caller: Caller): string | null => caller.tokenId ?? caller.accountId

function spend(call: Call, quota: Quota, key: string): void {
  const spent = quota.spend(key)
  if (call.spent === null || spent.remaining < call.spent.remaining) call.spent = spent
  if (spent.remaining >= 0) return
  spent.remaining = 0
  throw rateExceeded({
    detail: `The limit "${spent.policy}" allows ${spent.quota} requests a minute.`,
    hint: `Wait ${spent.reset} s before the next one.`,
    headers: { 'retry-after': String(spent.reset) },
    extensions: { violated_policies: [spent.policy] },
  })
}

/** draft-ietf-httpapi-ratelimit-headers-10: the tightest limit that this request met. */
export function setRateHeaders(reply: FastifyReply, { spent }: Call): void {
  if (spent === null) return
  reply.header('ratelimit-policy', `"${spent.policy}";q=${spent.quota};w=60`)
  reply.header('ratelimit', `"${spent.policy}";r=${spent.remaining};t=${spent.reset}`)
}
