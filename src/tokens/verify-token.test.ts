import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { sql } from 'kysely'
import { disableAccount, enableAccount } from '#src/accounts/disable-account.ts'
import { updateAccount } from '#src/accounts/update-account.ts'
import { openLease } from '#src/database/lease.ts'
import { connect } from '#src/database/open-database.ts'
import { Problem } from '#src/problem/problem.ts'
import { operator } from '#test/accounts.ts'
import { databaseProxy } from '#test/database-proxy.ts'
import { silent } from '#test/postgres.ts'
import { here, tokensHouse } from '#test/tokens.ts'
import { startUseCounts } from './count-uses.ts'
import { narrowToken } from './narrow-token.ts'
import { resealThrough } from './reseal-token.ts'
import { revokeToken } from './revoke-token.ts'
import { rotatePeppers } from './rotate-peppers.ts'
import { rotateToken } from './rotate-token.ts'
import { makeSecret } from './token-format.ts'
import { callerOfToken, makeTokenVerifier } from './verify-token.ts'

const house = await tokensHouse()
const { database, someone } = house

/** Another process's verifier. */
const verifierOver = (over: Partial<Parameters<typeof makeTokenVerifier>[0]>) =>
  makeTokenVerifier({
    pool: database.pool,
    lease: house.lease,
    peppers: house.peppers,
    uses: house.uses,
    now: () => house.clock.now().getTime(),
    onRefused: () => undefined,
    ...over,
  })

const revoke = (id: string) => house.change(operator, (change) => revokeToken(house.needs, change, { id }))
const until = async (holds: () => boolean | Promise<boolean>) => {
  for (let i = 0; i < 500; i++) {
    if (await holds()) return
    await sleep(10)
  }
  assert.fail('this has not come about within five seconds')
}
const lastReason = () => house.refusals.at(-1)?.reason

test('a token speaks for its account with its own permissions, at the first use and at once after that', async () => {
  const ada = await someone()
  const { token, secret } = await house.issue(ada, ['warehouse:read', 'models:refresh:jobs'])
  const first = await house.show(secret)
  assert.equal(first?.tokenId, token.id)
  assert.equal(first?.accountName, ada.accountName)
  assert.deepEqual(first?.grants.toTexts().sort(), ['models:refresh:jobs', 'warehouse:read'])
  await until(() => house.lease.held())
  const second = house.verifier.verify(secret, here)
  assert.ok(second !== null && !(second instanceof Promise))
})

test('a revoked token stops working the moment the call has returned', async () => {
  const ada = await someone()
  for (let round = 0; round < 10; round++) {
    const { token, secret } = await house.issue(ada, ['warehouse:read'])
    assert.ok(await house.show(secret))
    await revoke(token.id)
    assert.equal(await house.show(secret), null)
    assert.equal(lastReason(), 'revoked')
  }
})

test('what a narrowed token lost is gone the moment the call has returned', async () => {
  const ada = await someone()
  const { token, secret } = await house.issue(ada, ['warehouse:read', 'models:refresh'])
  await house.show(secret)
  await house.change(ada, (change) =>
    narrowToken(house.needs, change, { id: token.id, permissions: ['models:refresh:jobs'] }),
  )
  assert.deepEqual((await house.show(secret))?.grants.toTexts(), ['models:refresh:jobs'])
})

test('a disabled account’s tokens stop at once, and work again when it is enabled', async () => {
  const ada = await someone()
  const { secret } = await house.issue(ada, ['warehouse:read'])
  await house.show(secret)
  await house.change(operator, (change) => disableAccount(house.accounts, change, ada.accountId!))
  assert.equal(await house.show(secret), null)
  assert.equal(lastReason(), 'account_disabled')
  await house.change(operator, (change) => enableAccount(house.accounts, change, ada.accountId!))
  assert.ok(await house.show(secret))
})

test('an account whose role falls loses at once what the lower role does not hold', async () => {
  const ada = await someone('manager')
  const { secret } = await house.issue(ada, ['warehouse:read', 'models:refresh'])
  await house.show(secret)
  await house.change(operator, (change) => updateAccount(house.accounts, change, ada.accountId!, { role: 'viewer' }))
  assert.deepEqual((await house.show(secret))?.grants.toTexts(), ['warehouse:read'])
})

test('a token stops at its expiry, and does not begin before its time', async () => {
  const ada = await someone()
  const from = new Date(house.clock.now().getTime() + 3_600_000).toISOString()
  const { secret } = await house.issue(ada, ['warehouse:read'], { expires_in_days: 1, not_before: from })
  assert.equal(await house.show(secret), null)
  assert.equal(lastReason(), 'not_yet')
  house.clock.pass(3600)
  assert.ok(await house.show(secret))
  house.clock.pass(23 * 3600 - 1)
  assert.ok(await house.show(secret))
  house.clock.pass(1)
  assert.equal(await house.show(secret), null)
  assert.equal(lastReason(), 'expired')
})

test('a rotated token works until its overlap ends, and its use afterwards is told apart', async () => {
  const ada = await someone()
  const { token, secret } = await house.issue(ada, ['warehouse:read'])
  await house.show(secret)
  const next = await house.change(ada, (change) =>
    rotateToken(house.needs, change, { id: token.id, overlapSeconds: 60 }),
  )
  assert.ok(await house.show(secret))
  assert.ok(await house.show(next.secret))
  house.clock.pass(60)
  assert.equal(await house.show(secret), null)
  assert.equal(lastReason(), 'rotated_out')
  assert.ok(await house.show(next.secret))
})

test('garbage is only counted; unknown and wrong secrets are told to the audit trail alone', async () => {
  const ada = await someone()
  const { token, secret } = await house.issue(ada, ['warehouse:read'])
  const before = house.verifier.malformed()
  const heard = house.refusals.length
  for (const text of [
    '',
    'x',
    'tsr_',
    secret.slice(0, -1),
    `${secret} `,
    secret.replace('tsr_', 'tsx_'),
    '\u0000'.repeat(56),
  ])
    assert.equal(await house.show(text), null)
  assert.equal(house.verifier.malformed() - before, 7)
  assert.equal(house.refusals.length, heard)
  const stranger = makeSecret('token').secret
  assert.equal(await house.show(stranger), null)
  assert.equal(lastReason(), 'unknown')
  const forged = forge(token.id)
  for (let i = 0; i < 3; i++) {
    assert.equal(await house.show(forged), null)
    assert.equal(lastReason(), 'wrong_secret')
  }
  assert.ok(await house.show(secret))
})

test('a flood of guesses costs Postgres a few statements, and holds up nobody', async () => {
  const ada = await someone()
  const { secret } = await house.issue(ada, ['warehouse:read'])
  let statements = 0
  const pool = new Proxy(database.pool, {
    get: (target, key) => {
      if (key === 'query') statements++
      return Reflect.get(target, key).bind?.(target) ?? Reflect.get(target, key)
    },
  })
  const verifier = verifierOver({ pool })
  const guesses = Array.from({ length: 3000 }, () => makeSecret('token').secret)
  const answers = await Promise.all([...guesses, secret].map((text) => verifier.verify(text, here)))
  assert.equal(answers.filter((caller) => caller !== null).length, 1)
  assert.ok(statements <= 3, `${statements} statements`)
  verifier.close()
})

test('without the database a token is neither accepted nor called bad: 503 with Retry-After', async () => {
  const ada = await someone()
  const { secret } = await house.issue(ada, ['warehouse:read'])
  const proxy = await databaseProxy(database.connection)
  const far = connect(proxy.connection, { log: silent, poolSize: 2 })
  const lease = await openLease({ connection: proxy.connection })
  const verifier = verifierOver({ pool: far.pool, lease })
  assert.ok(await verifier.verify(secret, here))
  await until(() => lease.held())
  proxy.block()
  assert.ok(!(verifier.verify(secret, here) instanceof Promise), 'the lease is good for a second')
  await sleep(1000)
  await assert.rejects(
    async () => verifier.verify(secret, here),
    (error: unknown) =>
      error instanceof Problem && error.kind === 'unavailable' && error.details.headers?.['retry-after'] === '1',
  )
  proxy.unblock()
  await until(() => lease.held())
  assert.ok(await verifier.verify(secret, here))
  verifier.close()
  await lease.close()
  await far.close()
  await proxy.close()
})

/** A verifier whose Postgres answers late: asked at once, heard after `release`. */
function lateVerifier() {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const pool = new Proxy(database.pool, {
    get: (target, key) =>
      key === 'query'
        ? async (statement: never) => {
            const answer = await target.query(statement)
            await held
            return answer
          }
        : Reflect.get(target, key),
  })
  return { verifier: verifierOver({ pool }), release }
}

test('an answer of Postgres that is older than a change is not remembered', async () => {
  const ada = await someone()
  const { token, secret } = await house.issue(ada, ['warehouse:read'])
  const { verifier, release } = lateVerifier()
  const early = verifier.verify(secret, here)
  await sleep(30)
  await revoke(token.id)
  release()
  // Asked before the revocation: either answer is right. After it only one is.
  await early
  assert.equal(await verifier.verify(secret, here), null)
  verifier.close()
})

test('nobody waits for an answer of Postgres that was asked for before them', async () => {
  const ada = await someone()
  const { token, secret } = await house.issue(ada, ['warehouse:read'])
  const { verifier, release } = lateVerifier()
  const early = verifier.verify(secret, here)
  await sleep(30)
  await revoke(token.id)
  const late = verifier.verify(secret, here)
  release()
  assert.ok(await early)
  assert.equal(await late, null)
  verifier.close()
})

test('uses are counted in memory and are in the database within a second, with time, address and client', async () => {
  const ada = await someone()
  const { token, secret } = await house.issue(ada, ['warehouse:read'])
  for (let i = 0; i < 500; i++) await house.show(secret)
  const read = async () => {
    const { rows } = await sql<{ uses: number; at: Date; address: string; client: string }>`
      select d.uses, l.at, l.address, l.client from token_days d join token_last_uses l using (token_id)
      where token_id = ${token.id}`.execute(database.db)
    return rows
  }
  await until(async () => (await read())[0]?.uses === 500)
  const [row] = await read()
  assert.equal(row?.at.getTime(), house.clock.now().getTime())
  assert.deepEqual([row?.address, row?.client], [here.address, here.client])
  await house.show(secret)
  await house.uses.flush()
  assert.equal((await read())[0]?.uses, 501)
})

test('uses counted while the database is away are written when it is back', async () => {
  const proxy = await databaseProxy(database.connection)
  const far = connect(proxy.connection, { log: silent, poolSize: 1 })
  const uses = startUseCounts({ db: far.db, log: silent, everyMs: 60_000 })
  const counter = uses.counterOf('awaytoken123')
  uses.count(counter, Date.now(), here)
  await uses.flush()
  uses.count(counter, Date.now(), here)
  proxy.cut()
  proxy.block()
  const flushed = uses.flush()
  proxy.cut()
  await flushed
  proxy.unblock()
  await uses.close()
  const { rows } = await sql<{ uses: number }>`select uses from token_days where token_id = 'awaytoken123'`.execute(
    database.db,
  )
  assert.equal(rows[0]?.uses, 2)
  await far.close()
  await proxy.close()
})

test('a new pepper is brought in while tokens go on working, and the old one goes when nobody needs it', async () => {
  const ada = await someone()
  const { token, secret } = await house.issue(ada, ['warehouse:read'])
  await house.change(operator, (change) => rotatePeppers(house.needs, change))
  const old: [string, number, string][] = []
  const reseal = resealThrough({ db: database.db, peppers: house.peppers, log: silent })
  const verifier = verifierOver({
    onOldPepper: (id, from, text) => {
      old.push([id, from, text])
      reseal(id, from, text)
    },
  })
  assert.ok(await verifier.verify(secret, here))
  assert.deepEqual(old, [[token.id, 1, secret]])
  const next = await house.issue(ada, ['warehouse:read'])
  assert.ok(await verifier.verify(next.secret, here))
  assert.equal(old.length, 1)
  verifier.close()
  const pepperOf = async () =>
    (await sql<{ pepper: number }>`select pepper from tokens where id = ${token.id}`.execute(database.db)).rows[0]
      ?.pepper
  await until(async () => (await pepperOf()) === 2)
  const again = verifierOver({ onOldPepper: () => assert.fail('it was brought under the new pepper') })
  assert.ok(await again.verify(secret, here))
  again.close()
})

test('work that begins later asks whether its token still stands', async () => {
  const ada = await someone()
  const { token } = await house.issue(ada, ['warehouse:read'])
  const needs = { pool: database.pool, now: () => house.clock.now().getTime() }
  assert.equal((await callerOfToken(needs, token.id))?.tokenId, token.id)
  await revoke(token.id)
  assert.equal(await callerOfToken(needs, token.id), null)
})

/** Another secret with the same public id and a right checksum. */
function forge(id: string): string {
  const body = `tsr_${id}${makeSecret('token').secret.slice(16, 50)}`
  return body + checksumOf(body)
}

function checksumOf(body: string): string {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  let rest = crc32(body)
  let digits = ''
  for (let i = 0; i < 6; i++) {
    digits = alphabet[rest % 62] + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
