import type { Database } from '#src/database/change.ts'
import type { Log } from '#src/database/log.ts'
import type { Peppers } from './peppers.ts'
import { reseal } from './store.ts'

/** Brings a secret that was just shown under the newest pepper, behind the request; the next use tries again when it fails. */
export const resealThrough =
  ({ db, peppers, log }: { db: Database; peppers: Peppers; log: Log }) =>
  (tokenId: string, from: number, secret: string): void => {
    reseal(db, tokenId, from, peppers.seal(secret)).catch((error: unknown) =>
      log.warn({ err: error, token: tokenId }, 'a token could not be brought under the new pepper'),
    )
  }
