import { hash as argon2, verify as argon2Verify } from '@node-rs/argon2'
import { signInBusy } from './problems.ts'

/** OWASP's choice for argon2id (the library's default algorithm): 19 MiB, two passes; 15–40 ms of one core. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const costText = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`

/** Who is served first when many wait: people at their usual place before strangers. */
export type Standing = 'known' | 'stranger'

export interface PasswordHasher {
  hash(password: string): Promise<string>
  /** With no hash to compare it does the same work and says no, so that time tells nothing about who exists. */
  verify(hash: string | null, password: string, standing: Standing): Promise<boolean>
  /** Whether the hash was made at another cost than today's. */
  needsRehash(hash: string): boolean
}

/**
 * Hashes with argon2id, a few at a time: a flood of sign-ins must leave cores and threads for everyone else. Those who
 * would wait too long are turned away (503) rather than collected.
 */
export function makePasswordHasher({ atOnce = 2, mostWaiting = 40 } = {}): PasswordHasher {
  const turn = makeTurns(atOnce, mostWaiting)
  // Made at once, so that not even the first unknown name takes longer.
  const decoy = argon2('nobody has this password', cost)
  return {
    hash: (password) => turn('known', () => argon2(password.normalize('NFKC'), cost)),
    verify: async (hash, password, standing) => {
      const against = hash ?? (await decoy)
      const right = await turn(standing, () => argon2Verify(against, password.normalize('NFKC')))
      return right && hash !== null
    },
    needsRehash: (hash) => !hash.startsWith(costText),
  }
}

/** Lets `atOnce` pieces of work run; the known go before the strangers, and each queue has its bound. */
function makeTurns(atOnce: number, mostWaiting: number) {
  const waiting: Record<Standing, (() => void)[]> = { known: [], stranger: [] }
  let running = 0
  return async <T>(standing: Standing, work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      const queue = waiting[standing]
      if (queue.length >= mostWaiting) {
        throw signInBusy({ hint: 'Try again in a few seconds.', headers: { 'retry-after': '2' } })
      }
      // Whoever ends hands its place on, so `running` stays as it is.
      await new Promise<void>((resolve) => queue.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.known.shift() ?? waiting.stranger.shift()
      if (next) next()
      else running -= 1
    }
  }
}
