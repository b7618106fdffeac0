import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { z } from 'zod'
import { actor, localCaller } from '#src/access/caller.ts'
import { productVersion } from '#src/base.ts'
import { requestRefresh } from '#src/models/request-refresh.ts'
import { tokenMail } from '#src/tokens/jobs.ts'
import { asAdmin } from '#test/as-admin.ts'
import { silent } from '#test/postgres.ts'
import { type TestProduct, testProduct } from '#test/product.ts'
import type { Health } from './contract.ts'
import { figure, inBytes } from './finding.ts'
import { makeHealthReport } from './show-health.ts'

type Shown = z.output<typeof Health>

async function healthOf(product: TestProduct): Promise<Shown> {
  const admin = await asAdmin(product)
  const answer = await admin('/v1/health')
  assert.equal(answer.status, 200)
  return (await answer.json()) as Shown
}
const checkOf = (health: Shown, name: string) => {
  const check = health.checks.find((one) => one.name === name)
  assert.ok(check, name)
  return check
}
const factOf = ({ facts }: Pick<Shown['checks'][number], 'facts'>, name: string) => {
  const fact = facts.find((one) => one.name === name)
  assert.ok(fact, name)
  return fact
}
const numberOf = (check: Pick<Shown['checks'][number], 'facts'>, name: string): number => {
  const { value } = factOf(check, name)
  assert.equal(typeof value, 'number', name)
  return value as number
}

test('a product that has just been set up tells how each part of it fares', async () => {
  await using product = await testProduct({ TESSERA_DATAWAREHOUSE__MEMORY_LIMIT: '256 MB' })
  const { places, settings } = product.base
  await mkdir(places.imports, { recursive: true })
  await writeFile(path.join(places.imports, 'batch'), 'x'.repeat(5000))
  const health = await healthOf(product)
  assert.equal(health.version, productVersion)
  assert.equal(health.node_version, process.version)
  assert.ok(Date.parse(health.started_at) <= Date.parse(health.checked_at))
  assert.deepEqual(
    health.checks.map(({ name }) => name),
    ['database', 'warehouse', 'queue', 'schedules', 'disk', 'mail', 'processes', 'audit'],
  )
  assert.ok(health.checks.every(({ state, says }) => state !== 'failing' && says !== ''))

  const database = checkOf(health, 'database')
  assert.match(String(factOf(database, 'version').value), /^1[89]|^2\d/)
  assert.ok(numberOf(database, 'size') > 1e6)
  assert.ok(numberOf(database, 'connections') >= 2)
  assert.ok((factOf(database, 'connections') as { of: number }).of > 10)
  assert.equal((factOf(database, 'pool') as { of: number }).of, 10)
  assert.equal(factOf(database, 'origin').value, 'given in [database] url')

  const warehouse = checkOf(health, 'warehouse')
  assert.equal(warehouse.state, 'degraded')
  assert.match(warehouse.says, /Never refreshed, so that nobody can read it: .*flights/)
  assert.match(String(factOf(warehouse, 'engine').value), /^DuckDB \d/)
  assert.equal((factOf(warehouse, 'memory') as { of: number }).of, 256e6)
  assert.equal(numberOf(warehouse, 'models'), product.compiled.length)
  assert.deepEqual(
    warehouse.parts.map(({ name }) => name),
    product.compiled.map(({ name }) => name),
  )

  const disk = checkOf(health, 'disk')
  assert.equal(numberOf(disk, 'imports'), 5000)
  assert.ok(numberOf(disk, 'free') > 0)
  assert.equal(factOf(disk.parts[0]!, 'directory').value, settings.general.dataDirectory)

  assert.equal(factOf(checkOf(health, 'mail'), 'via').value, 'outbox')
  assert.equal(numberOf(checkOf(health, 'processes'), 'processes'), 1)
  assert.ok(numberOf(checkOf(health, 'audit'), 'events') >= 2)
  assert.equal(health.state, 'degraded')
})

test('jobs are counted by kind; those that nobody could do are told', async () => {
  await using product = await testProduct()
  const { db } = product.base
  const mail = { key: 'k', to: 'ada@example.org', subject: 's', text: 't' }
  await product.queue.send(db, tokenMail, mail, { startAfter: new Date(Date.now() + 3_600_000) })
  // One address is what the mailer needs; this is none, so the job is given up for good.
  await product.queue.send(db, tokenMail, { ...mail, to: 'nobody' })
  let check = checkOf(await healthOf(product), 'queue')
  for (let tries = 0; tries < 20 && numberOf(check, 'failed') === 0; tries++) {
    await sleep(300)
    check = checkOf(await healthOf(product), 'queue')
  }
  const mails = check.parts.find(({ name }) => name === tokenMail.name)
  assert.ok(mails)
  assert.equal(check.state, 'degraded')
  assert.deepEqual(
    ['later', 'failed', 'workers'].map((name) => numberOf(mails, name)),
    [1, 1, 1],
  )
  assert.match(check.says, /^token-mail: 1 job was given up within a day/)
  assert.match(checkOf(await healthOf(product), 'mail').says, /1 mail was given up/)
})

test('a refresh that fails is told with its reason, and what it needs', async () => {
  await using product = await testProduct()
  const { db } = product.base
  const name = product.compiled[0]!.name
  const { run } = await product.base.change(actor(localCaller('system', 'test')), (change) =>
    requestRefresh({ runs: product.runs, modelNames: [name] }, change, name),
  )
  await sql`update runs set state = 'failed', attempt = attempt + 1, lease_until = null, finished_at = now(),
    error = ${JSON.stringify({ code: 'refresh-refused', message: 'Too few rows.', retryable: false })}::jsonb
    where id = ${run.id}`.execute(db)
  const { says, parts } = checkOf(await healthOf(product), 'warehouse')
  assert.ok(says.includes(`The last refresh failed: ${name}.`), says)
  assert.match(parts.find((part) => part.name === name)?.says ?? '', /The last refresh failed: Too few rows\./)
})

test('a mail server that nobody can reach is told without its password', async (t) => {
  const server = createServer((socket) => socket.end('554 no\r\n')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  await using product = await testProduct({ TESSERA_MAILER__SMTP_URL: `smtp://portal:hush@127.0.0.1:${port}` })
  const health = await healthOf(product)
  const mail = checkOf(health, 'mail')
  assert.equal(mail.state, 'degraded')
  assert.match(mail.says, new RegExp(`Mails wait for the mail server 127.0.0.1:${port}. .*smtp_url`))
  assert.doesNotMatch(JSON.stringify(health) + product.logged(), /hush/)
})

describe('the report', () => {
  const clock = { now: () => new Date() }
  const about = (name: string) => ({ name, label: name, remedy: `Look after ${name}.` })
  const fine = { state: 'ok' as const, says: 'Fine.', facts: [figure('count', 'n', 'N', 1)] }

  test('a check that breaks or hangs says so, holds up no other, and is not asked again meanwhile', async () => {
    let hanging = 0
    const report = makeHealthReport({
      version: '1',
      startedAt: new Date(),
      clock,
      log: silent,
      patienceMs: 50,
      keepMs: 0,
      checks: [
        { ...about('well'), look: async () => fine },
        {
          ...about('broken'),
          look: async () => {
            throw new Error('password authentication failed for hush')
          },
        },
        {
          ...about('hanging'),
          look: () => {
            hanging++
            return new Promise(() => undefined)
          },
        },
      ],
    })
    const { state, checks } = await report()
    assert.equal(state, 'failing')
    assert.deepEqual(
      checks.map((check) => [check.state, check.says]),
      [
        ['ok', 'Fine.'],
        ['failing', 'It cannot be asked; the server’s log says why. Look after broken.'],
        ['failing', 'It did not answer within 0.05 s. Look after hanging.'],
      ],
    )
    await sleep(2)
    await report()
    assert.equal(hanging, 1)
  })

  test('is made once however many ask at the same time', async () => {
    let looks = 0
    const look = async () => {
      looks++
      return fine
    }
    const needs = { version: '1', startedAt: new Date(), clock, log: silent }
    const report = makeHealthReport({ ...needs, checks: [{ ...about('one'), look }] })
    await Promise.all(Array.from({ length: 20 }, report))
    assert.equal(looks, 1)
  })
})

test('sizes are written as people read them', () => {
  assert.deepEqual([0, 1023, 1536, 5 * 2 ** 30, 200 * 2 ** 30].map(inBytes), [
    '0 bytes',
    '1023 bytes',
    '1.5 KiB',
    '5.0 GiB',
    '200 GiB',
  ])
})
