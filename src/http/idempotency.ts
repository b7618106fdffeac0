import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Caller } from '#src/access/caller.ts'
import type { Database, Tx } from '#src/database/change.ts'
import type { Endpoint } from './endpoint.ts'
import { isMutating } from './endpoint.ts'
import type { Changed } from './one-change.ts'
import { BrokenPromise, type Ready } from './present.ts'
import { idempotencyKeyInvalid, idempotencyKeyReused, idempotencyKeyRunning } from './problems.ts'
import type { Call } from './request.ts'

/** How long a first answer is kept. Published in the docs of every endpoint that takes a key. */
export const keepIdempotencyHours = 24

/** Refuses a contract that promises what cannot be kept. */
export function checkIdempotency(contract: Endpoint): void {
  const { access, media, opensChange } = contract
  const kept = isMutating(contract) && !opensChange && access !== 'public' && access !== 'optional' && !media
  if (contract.idempotent && !kept)
    throw new BrokenPromise(contract, 'takes an Idempotency-Key, but is no change by a known caller with a JSON reply')
}

type Perform = () => Promise<Changed>

/**
 * draft-ietf-httpapi-idempotency-key-header: a request sent again under the same key changes nothing again and gets the
 * first answer, except for its secrets, which leave once. The record commits with the change; a request that failed
 * leaves none and may be sent again.
 */
export function idempotencyKeeper(contract: Endpoint) {
  const promised =
    isMutating(contract) && contract.access !== 'public' && contract.access !== 'optional' && !contract.media
  if (contract.idempotent && !promised)
    throw new BrokenPromise(
      contract,
      'takes an Idempotency-Key, but is not a change by a known caller with a JSON reply',
    )
  const secrets = new Set(contract.secrets)

  return async (call: Call, body: unknown, tx: Tx, perform: Perform): Promise<Changed> => {
    const header = contract.idempotent ? call.headers['idempotency-key'] : undefined
    if (header === undefined) return perform()
    const record = { scope: scopeOf(call.caller), key: parseKey(String(header)), hash: hashOf(call, body) }
    await lock(tx, record.scope, record.key)
    const kept = await find(tx, record.scope, record.key)
    if (kept) {
      if (!kept.request_hash.equals(record.hash))
        throw idempotencyKeyReused({ hint: 'Use a new key for another request.' })
      return { ready: replayed(kept), unchanged: true }
    }
    const changed = await perform()
    await keep(tx, record, withoutSecrets(changed.ready, secrets))
    return changed
  }
}

/** `"8e03978e-…"` as the draft writes it, or bare as most clients do. */
function parseKey(header: string): string {
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw idempotencyKeyInvalid({ hint: 'Use 1 to 200 visible ASCII characters; a UUID is a good key.' })
  return key
}

const scopeOf = ({ tokenId, accountId }: Caller): string =>
  tokenId === null ? `account:${accountId}` : `token:${tokenId}`

const hashOf = (call: Call, body: unknown): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([call.raw.method, call.url, body ?? null]))
    .digest()

/** Held until the transaction ends; whoever finds it taken is told so instead of waiting. */
async function lock(tx: Tx, scope: string, key: string): Promise<void> {
  const number = createHash('sha256').update(`${scope}\n${key}`).digest().readBigInt64BE()
  const { rows } = await sql<{ free: boolean }>`select pg_try_advisory_xact_lock(${String(number)}) as free`.execute(tx)
  if (!rows[0]?.free) throw idempotencyKeyRunning({ hint: 'Ask again in a moment.', headers: { 'retry-after': '1' } })
}

const find = (tx: Tx, scope: string, key: string) =>
  tx
    .selectFrom('idempotency_records')
    .select(['request_hash', 'status', 'headers', 'body', 'omitted'])
    .where('scope', '=', scope)
    .where('key', '=', key)
    .where('created_at', '>', sql<Date>`now() - make_interval(hours => ${keepIdempotencyHours})`)
    .executeTakeFirst()

type Kept = NonNullable<Awaited<ReturnType<typeof find>>>

async function keep(tx: Tx, record: { scope: string; key: string; hash: Buffer }, shown: Shown): Promise<void> {
  const values = {
    request_hash: record.hash,
    status: shown.status,
    headers: JSON.stringify(shown.headers),
    body: shown.body,
    omitted: shown.omitted,
  }
  await tx
    .insertInto('idempotency_records')
    .values({ scope: record.scope, key: record.key, ...values })
    // Only one past its time can stand there.
    .onConflict((already) => already.columns(['scope', 'key']).doUpdateSet({ ...values, created_at: sql`now()` }))
    .execute()
}

interface Shown {
  status: number
  headers: Ready['headers']
  body: string | null
  omitted: string[]
}

function withoutSecrets({ status, headers, payload }: Ready, secrets: ReadonlySet<string>): Shown {
  if (payload === null || secrets.size === 0) return { status, headers, body: payload as string | null, omitted: [] }
  const omitted = new Set<string>()
  const body = JSON.stringify(JSON.parse(payload as string), (name, value: unknown) => {
    if (!secrets.has(name)) return value
    omitted.add(name)
    return undefined
  })
  return { status, headers, body, omitted: [...omitted] }
}

function replayed(kept: Kept): Ready {
  const headers = { ...(kept.headers as Record<string, string>), 'idempotency-replayed': 'true' }
  if (kept.omitted.length === 0 || kept.body === null) return { status: kept.status, headers, payload: kept.body }
  const body = { ...(JSON.parse(kept.body) as object), not_repeated: kept.omitted }
  return { status: kept.status, headers, payload: JSON.stringify(body) }
}

/** Forgets first answers that are past their time; to be run now and then. Returns how many. */
export async function pruneIdempotencyRecords(db: Database): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('idempotency_records')
    .where('created_at', '<=', sql<Date>`now() - make_interval(hours => ${keepIdempotencyHours})`)
    .executeTakeFirst()
  return Number(numDeletedRows)
}
