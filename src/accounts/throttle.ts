import { createHash } from 'node:crypto'
import { limitedAddress } from '#src/http/address.ts'
import type { AccountsNeeds } from './needs.ts'
import { signInThrottled } from './problems.ts'
import { countAttempt, forgiveAttempts } from './store.ts'

/*
 * Guessing must be slow, and nobody may be locked out by it. Attempts are counted apart for where they come from:
 *
 *  - from a browser in which the account has signed in before: by that browser alone
 *  - from an address at which the account has signed in before: by account and address
 *  - from anywhere else, a stranger: by account and address, by address, and by account over all strangers
 *
 * Past its free attempts each of these makes the next attempt wait, twice as long each time. So whoever attacks an account
 * slows down himself and, past a thousand guesses an hour from many addresses, other strangers: never its owner at a
 * usual place. Unknown user names are counted like known ones, by the name as typed, so that nothing shows which exist.
 */

export interface Attempt {
  readonly userName: string
  /** The address, or in IPv6 its /64 network. */
  readonly address: string
  /** The hash of a browser's device cookie, when the account knows it. */
  readonly knownDevice: Buffer | null
  readonly addressKnown: boolean
}

const dayMs = 24 * 3600_000
const freePerAddressAndHour = 100
const freeFromStrangersAndHour = 1000

/** How long attempts are remembered when no more come. */
export const attemptsSince = (now: Date): Date => new Date(now.getTime() - dayMs)

/** Counts the attempt before it is made, or refuses it (429). Returns what a success forgives. */
export async function admitAttempt(
  { db, clock, policy }: Pick<AccountsNeeds, 'db' | 'clock' | 'policy'>,
  attempt: Attempt,
): Promise<{ succeeded(): Promise<void> }> {
  const now = clock.now()
  const hour = Math.floor(now.getTime() / 3600_000).toString()
  const name = attempt.userName.toLowerCase()
  const own = attempt.knownDevice
    ? keyOf('device', name, attempt.knownDevice.toString('hex'))
    : keyOf('address', name, attempt.address)
  const isStranger = !attempt.knownDevice && !attempt.addressKnown
  const shared = isStranger
    ? [
        { key: keyOf('any name', attempt.address, hour), free: freePerAddressAndHour },
        { key: keyOf('any address', name, hour), free: freeFromStrangersAndHour },
      ]
    : []
  const longestSeconds = policy.lockoutMinutes * 60
  for (const { key, free } of [...shared, { key: own, free: policy.lockoutFailures }]) {
    const until = await countAttempt(db, { key, free, longestSeconds, now, forgottenSince: attemptsSince(now) })
    if (until) throw throttled(until, now)
  }
  return {
    succeeded: () =>
      forgiveAttempts(
        db,
        own,
        shared.map(({ key }) => key),
      ),
  }
}

/** The same for the owner of a session who has to prove himself again: counted by session, so that a thief slows only himself. */
export async function admitProof(
  { db, clock, policy }: Pick<AccountsNeeds, 'db' | 'clock' | 'policy'>,
  sessionId: string,
): Promise<{ succeeded(): Promise<void> }> {
  const now = clock.now()
  const key = keyOf('proof', sessionId, '')
  const ask = { key, free: policy.lockoutFailures, longestSeconds: policy.lockoutMinutes * 60, now }
  const until = await countAttempt(db, { ...ask, forgottenSince: attemptsSince(now) })
  if (until) throw throttled(until, now)
  return { succeeded: () => forgiveAttempts(db, key, []) }
}

/** What stands for a place in the table of known ones. */
export const sourceOfAddress = (address: string): Buffer => keyOf('source', limitedAddress(address), '')

function throttled(until: Date, now: Date) {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000))
  return signInThrottled({
    detail: `After so many attempts the next one has to wait ${seconds} s.`,
    hint: 'Whoever forgot the password asks an administrator for a link to set a new one.',
    headers: { 'retry-after': String(seconds) },
  })
}

const keyOf = (kind: string, a: string, b: string): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([kind, a, b]))
    .digest()
