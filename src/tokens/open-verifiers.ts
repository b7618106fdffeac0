import type pg from 'pg'
import type { RefusalLog } from '#src/audit/refusals.ts'
import type { Database } from '#src/database/change.ts'
import { type Lease, openLease } from '#src/database/lease.ts'
import type { Log } from '#src/database/log.ts'
import type { Verifiers } from '#src/http/authenticate.ts'
import { startUseCounts } from './count-uses.ts'
import { openHubKey } from './hub-key.ts'
import type { Peppers } from './peppers.ts'
import { resealThrough } from './reseal-token.ts'
import { publicIdOf } from './token-format.ts'
import { makeHubTokenVerifier, type RefusedHubToken } from './verify-hub-token.ts'
import { makeTokenVerifier, type RefusedToken, type TokenVerifier } from './verify-token.ts'

export interface OpenVerifiersNeeds {
  readonly db: Database
  readonly pool: pg.Pool
  readonly connection: pg.ClientConfig
  readonly peppers: Peppers
  readonly refusals: Pick<RefusalLog, 'refused'>
  readonly log: Log
  /** The key of a JupyterHub whose tokens are believed; null: of none. */
  readonly hubKeyFile: string | null
  readonly siteAddress: string
}

export interface OpenVerifiers {
  readonly verifiers: Pick<Verifiers, 'verifyToken' | 'verifyJwt' | 'onTokenExposed'>
  readonly lease: Lease
  readonly malformed: TokenVerifier['malformed']
  /** Writes what has been counted, and gives the lease back. */
  close(): Promise<void>
}

/** How a server finds out whose token it is shown: under a lease, counting uses; every refusal is put down. */
export async function openVerifiers(needs: OpenVerifiersNeeds): Promise<OpenVerifiers> {
  const { db, pool, connection, peppers, refusals, log, hubKeyFile, siteAddress } = needs
  await using opened = new AsyncDisposableStack()
  const uses = startUseCounts({ db, log })
  opened.defer(() => uses.close())
  const lease = await openLease({
    connection,
    onTrouble: (error) => log.warn({ err: error }, 'the lease for verifying tokens could not be renewed'),
  })
  opened.defer(() => lease.close())

  const refusedAs = { verb: 'token.refused', via: 'token' } as const
  const onRefused = ({ from, ...refused }: RefusedToken | RefusedHubToken) =>
    refusals.refused({ ...refused, ...from, ...refusedAs })
  const verifier = makeTokenVerifier({
    pool,
    lease,
    peppers,
    uses,
    now: Date.now,
    onRefused,
    onOldPepper: resealThrough({ db, peppers, log }),
  })
  opened.defer(() => verifier.close())
  const verifyJwt =
    hubKeyFile === null
      ? null
      : makeHubTokenVerifier({ pool, key: openHubKey(hubKeyFile), siteAddress, now: Date.now, onRefused })

  const closing = opened.move()
  return {
    verifiers: {
      verifyToken: (secret, from) => verifier.verify(secret, from),
      ...(verifyJwt && { verifyJwt }),
      onTokenExposed: (secret, { address, client }) =>
        refusals.refused({
          ...refusedAs,
          address,
          client,
          reason: 'shown_in_an_address',
          tokenId: publicIdOf(secret),
        }),
    },
    lease,
    malformed: () => verifier.malformed(),
    close: () => closing.disposeAsync(),
  }
}
