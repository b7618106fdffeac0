import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { actor, localCaller } from '#src/access/caller.ts'
import type { Role } from '#src/access/permissions.ts'
import { createAccount } from '#src/accounts/create-account.ts'
import { type App, openApp } from '#src/app.ts'
import { keptFiles } from '#src/base.ts'
import { backUp } from '#src/database/back-up.ts'
import { requestRefresh } from '#src/models/request-refresh.ts'
import { type TestProduct, testProduct } from './product.ts'

const sales = `
version: 1
name: sales
label: Sales
description: What was sold.
facts: sales
tables: [{ name: sales, files: sales.csv, header: true, delimiter: ",", columns: { day: DATE, shop: VARCHAR, clerk: VARCHAR, n: BIGINT } }]
time: { column: day }
dimensions:
  - { name: shop, label: Shop, description: Where., expr: shop }
  - { name: clerk, label: Clerk, description: Who., expr: clerk }
metrics:
  - { name: total, label: Total, description: All together., agg: sum, expr: n, decimals: 0 }
raw:
  order_by: [n]
  fields: [{ name: n, label: N, description: Number., type: integer }, { name: shop, label: Shop, description: Where. }, { name: clerk, label: Clerk, description: Who. }]
access: { query: viewer, raw: member, row_filter: [{ dimension: clerk, equals: account.name, unless_role: manager }] }
`
/** For managers only, though members may read raw rows elsewhere. */
const closed = sales
  .replace('name: sales\nlabel', 'name: closed\nlabel')
  .replace('query: viewer, raw: member', 'query: manager, raw: manager')
/** Some 4 million rows. */
const crowd = `
version: 1
name: crowd
label: Crowd
description: Very many rows.
facts: crowd
tables:
  - { name: seeds, files: sales.csv, header: true, delimiter: ",", columns: { day: DATE, shop: VARCHAR, clerk: VARCHAR, n: BIGINT } }
  - { name: crowd, sql: "select a.day, a.n as a, b.n as b, hash(a.n * 100000 + b.n) as h from seeds a, seeds b" }
time: { column: day }
dimensions: []
metrics: [{ name: total, label: Total, description: All together., agg: count }]
raw:
  order_by: [a, b]
  fields: [{ name: a, label: A, description: A., type: integer }, { name: b, label: B, description: B., type: integer }, { name: h, label: H, description: H. }]
access: { query: viewer, raw: member }
`
const rows = Array.from(
  { length: 2000 },
  (_, i) => `2026-01-${String(1 + (i % 28)).padStart(2, '0')},s${i % 3},c${i % 2},${i}`,
)

interface Person {
  readonly id: string
  readonly cookie: string
  ask(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Reply>
}
interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads out of it, it then checks
  readonly json: any
}

const password = 'moths in the relays'

async function personOf({ accounts, url }: TestProduct, userName: string, role: Role): Promise<Person> {
  const passwordHash = await accounts.passwords.hash(password)
  const { id } = await accounts.change(actor(localCaller('command', 'test')), (change) =>
    createAccount(accounts, change, { userName, kind: 'person', role, passwordHash }),
  )
  const own = { origin: url, 'content-type': 'application/json' }
  const signedIn = await fetch(`${url}/v1/session`, {
    method: 'POST',
    headers: own,
    body: JSON.stringify({ user_name: userName, password }),
  })
  const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';', 1)[0])
  return { id, cookie: cookie.join('; '), ask: asking(url, { cookie: cookie.join('; '), origin: url }) }
}

const asking =
  (site: string, shown: Record<string, string>): Person['ask'] =>
  async (method, url, body, headers = {}) => {
    const reply = await fetch(site + url, {
      method,
      headers: { ...shown, ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const bytes = Buffer.from(await reply.arrayBuffer())
    const json = /^application\/(problem\+)?json/.test(reply.headers.get('content-type') ?? '')
      ? JSON.parse(String(bytes))
      : null
    return { status: reply.status, headers: reply.headers, bytes, json }
  }

const system = actor(localCaller('system', 'test'))

async function opened(settings: Record<string, string> = {}): Promise<TestProduct & { directory: string }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-exports-'))
  await writeFile(path.join(directory, 'sales.yml'), sales)
  await writeFile(path.join(directory, 'crowd.yml'), crowd)
  await writeFile(path.join(directory, 'closed.yml'), closed)
  await writeFile(path.join(directory, 'sales.csv'), ['day,shop,clerk,n', ...rows].join('\n'))
  const product = await testProduct({
    TESSERA_MODELS__DIRECTORY: directory,
    TESSERA_RATE_LIMIT__PER_ADDRESS: '0',
    TESSERA_RATE_LIMIT__PER_TOKEN: '0',
    TESSERA_DATAWAREHOUSE__MEMORY_LIMIT: '256 MB',
    ...settings,
  })
  return { ...product, directory }
}

async function refresh(product: TestProduct, models: readonly string[]): Promise<void> {
  const { runs, base, compiled } = product
  const modelNames = compiled.map(({ name }) => name)
  for (const model of models) await base.change(system, (change) => requestRefresh({ runs, modelNames }, change, model))
  const open = () =>
    base.db
      .selectFrom('runs')
      .select('id')
      .where('kind', '=', 'refresh-model')
      .where('finished_at', 'is', null)
      .execute()
  while ((await open()).length > 0) await sleep(50)
  await product.models.catchUp()
}

const raw = { raw: { model: 'sales' }, format: 'csv' }

describe('an export', () => {
  let product: Awaited<ReturnType<typeof opened>>
  let boss: Person
  let clerk: Person
  before(async () => {
    product = await opened({ TESSERA_FILES__LARGEST_ARTIFACT: '150 MB' })
    await refresh(product, ['sales', 'crowd'])
    boss = await personOf(product, 'boss', 'manager')
    clerk = await personOf(product, 'c1', 'member')
  })
  after(async () => {
    await product[Symbol.asyncDispose]()
    await rm(product.directory, { recursive: true })
  })

  /** Asks for it and waits for its end. */
  async function exported(by: Person, ask: object): Promise<{ run: Reply['json']; file: Reply['json'] }> {
    const started = await by.ask('POST', '/v1/exports', ask, { prefer: 'wait=30' })
    assert.equal(started.status, 202, String(started.bytes))
    const [file = null] = (await by.ask('GET', `${started.json.links.artifacts}`)).json.artifacts
    return { run: started.json, file }
  }

  test('of raw rows is byte for byte what the API streams, with size, checksum and expiry', async () => {
    const { run, file } = await exported(boss, raw)
    assert.equal(run.state, 'succeeded', JSON.stringify(run.error))
    assert.deepEqual([run.kind, run.subject, run.counts.rows], ['export-raw', { type: 'model', id: 'sales' }, 2000])
    const streamed = await boss.ask('GET', '/v1/models/sales/raw?format=csv&limit=10000')
    const download = await boss.ask('GET', file.url)
    assert.ok(download.bytes.equals(streamed.bytes))
    assert.equal(file.sha256, createHash('sha256').update(streamed.bytes).digest('hex'))
    assert.deepEqual([file.bytes, run.counts.bytes], [streamed.bytes.length, streamed.bytes.length])
    assert.match(file.name, /^sales-raw-\d{8}-\d{4}\.csv$/)
    assert.equal(download.headers.get('content-type'), 'text/csv; charset=utf-8')
    const days = (Date.parse(file.expires_at) - Date.now()) / 86_400_000
    assert.ok(days > 6.9 && days < 7.1)
  })

  test('of a query is its answer, as Parquet and as NDJSON', async () => {
    const query = { model: 'sales', metrics: ['total'], dimensions: ['shop'], order: [{ by: 'shop' }] }
    const answer = (await boss.ask('POST', '/v1/query', query)).json
    const asRows = answer.rows.map((row: unknown[]) => row.map(String))
    const lines = await exported(boss, { query, format: 'ndjson', name: 'Totals by shop' })
    assert.equal(lines.file.name, 'Totals by shop.ndjson')
    const read = String((await boss.ask('GET', lines.file.url)).bytes)
      .trim()
      .split('\n')
      .map((line) => Object.values(JSON.parse(line)).map(String))
    assert.deepEqual(read, asRows)
    const { file, run } = await exported(boss, { query, format: 'parquet' })
    assert.equal(run.counts.rows, 3)
    const local = path.join(product.directory, 'answer.parquet')
    await writeFile(local, (await boss.ask('GET', file.url)).bytes)
    const duck = await (await DuckDBInstance.create(':memory:')).connect()
    const found = await duck.runAndReadAll(`select * from '${local}'`)
    assert.deepEqual(
      found.getRows().map((row) => row.map(String)),
      asRows,
    )
    duck.disconnectSync()
  })

  test('holds the rows that who asked may see, and is nobody else’s', async () => {
    const { run, file } = await exported(clerk, raw)
    const lines = String((await clerk.ask('GET', file.url)).bytes)
      .trim()
      .split('\n')
    assert.equal(lines.length, 1001)
    assert.ok(lines.slice(1).every((line) => line.endsWith('c1')))
    // The manager, who sees all rows anyway, could have started such a run; it is the clerk’s all the same.
    assert.equal((await boss.ask('GET', `/v1/runs/${run.id}`)).status, 404)
    assert.equal((await boss.ask('GET', file.url)).status, 404)
    const own = (await clerk.ask('GET', '/v1/exports')).json.exports
    assert.deepEqual(
      own.map((one: { run: { id: string }; raw: object; file: object }) => [one.run.id, one.raw, one.file]),
      [[run.id, { model: 'sales', filters: [] }, file]],
    )
    const theirs = (await boss.ask('GET', '/v1/exports?limit=2')).json.exports
    assert.ok(theirs.length === 2 && theirs.every((one: { run: { id: string } }) => one.run.id !== run.id))
  })

  test('is kept from who may not ask its model any more', async () => {
    await refresh(product, ['closed'])
    const root = await personOf(product, 'root', 'admin')
    const lowered = await personOf(product, 'lowered', 'manager')
    const { run, file } = await exported(lowered, { raw: { model: 'closed' }, format: 'csv' })
    const reach = async () => [
      (await lowered.ask('GET', file.url)).status,
      (await lowered.ask('GET', run.links.artifacts)).json.artifacts.length,
      (await lowered.ask('GET', '/v1/exports')).json.exports[0].file !== null,
    ]
    assert.deepEqual(await reach(), [200, 1, true])
    assert.equal((await root.ask('PATCH', `/v1/accounts/${lowered.id}`, { role: 'member' })).status, 200)
    assert.deepEqual(await reach(), [404, 0, false])
  })

  test('with a token needs the permission on that model', async () => {
    const issue = async (permissions: string[]) => {
      const { json } = await clerk.ask('POST', '/v1/tokens', { name: 'export', permissions })
      return asking(product.url, { authorization: `Bearer ${json.secret}` })
    }
    const reader = await issue(['warehouse:read:sales'])
    const refused = await reader('POST', '/v1/exports', raw)
    assert.deepEqual([refused.status, refused.json.missing_permissions], [403, ['warehouse:raw:sales']])
    const query = { query: { model: 'sales', metrics: ['total'] }, format: 'csv' }
    const started = await reader('POST', '/v1/exports', query, { prefer: 'wait=30' })
    assert.deepEqual([started.status, started.json.state], [202, 'succeeded'])
    // A token that may watch nothing still follows and fetches what it started itself.
    assert.equal((await reader('GET', started.json.links.artifacts)).json.artifacts.length, 1)
    assert.equal((await reader('GET', '/v1/exports')).json.exports.length, 1)
    const other = await issue(['warehouse:read:crowd'])
    assert.equal((await other('POST', '/v1/exports', query)).status, 403)
  })

  test('that cannot be answered is refused before there is a run', async () => {
    const count = async () => (await boss.ask('GET', '/v1/runs/counts')).json.total
    const before = await count()
    for (const [ask, status, pointer] of [
      [{ format: 'csv' }, 400, '#'],
      [{ ...raw, query: { model: 'sales', metrics: ['total'] } }, 400, '#'],
      [{ ...raw, format: 'xls' }, 400, '#/format'],
      [{ raw: { model: 'sales', fields: ['nope'] }, format: 'csv' }, 400, '#/raw/fields/0'],
      [{ query: { model: 'sales', metrics: ['nope'] }, format: 'csv' }, 400, '#/query/metrics/0'],
      [{ ...raw, callback: { url: 'http://169.254.169.254/', secret: 'x'.repeat(16) } }, 422, undefined],
      [{ raw: { model: 'nope' }, format: 'csv' }, 404, undefined],
    ] as const) {
      const refused = await boss.ask('POST', '/v1/exports', ask)
      assert.equal(refused.status, status, String(refused.bytes))
      assert.equal(refused.json.errors?.[0]?.pointer, pointer, String(refused.bytes))
    }
    assert.equal(await count(), before)
  })

  test('that is cancelled stops the engine and leaves nothing', async () => {
    const { json } = await boss.ask('POST', '/v1/exports', { raw: { model: 'crowd' }, format: 'ndjson' })
    for (let state = ''; state !== 'running'; await sleep(20)) {
      state = (await boss.ask('GET', json.links.self)).json.state
      assert.ok(['queued', 'running'].includes(state), state)
    }
    await boss.ask('DELETE', json.links.self)
    const ended = (await boss.ask('GET', json.links.self, undefined, { prefer: 'wait=20' })).json
    assert.deepEqual([ended.state, ended.artifacts.total], ['cancelled', 0])
    assert.deepEqual(await readdir(path.join(product.base.places.contents, 'drafts')), [])
    // Its place in the engine is free again, and so is its snapshot.
    assert.equal((await exported(boss, raw)).run.state, 'succeeded')
  })

  test('of 4 million rows takes constant memory', async (t) => {
    const before = process.memoryUsage().rss
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before)
    }, 20)
    const { run, file } = await exported(boss, { raw: { model: 'crowd' }, format: 'csv' })
    clearInterval(watch)
    assert.equal(run.state, 'succeeded', JSON.stringify(run.error))
    assert.equal(run.counts.rows, 4_000_000)
    assert.ok(file.bytes > 80e6, `${file.bytes} bytes`)
    t.diagnostic(`${Math.round(file.bytes / 1e6)} MB in ${run.duration_ms} ms, ${Math.round(most / 1e6)} MB of memory`)
    // The engine's own share is 256 MB.
    assert.ok(most < 400e6, `it took ${Math.round(most / 1e6)} MB for ${Math.round(file.bytes / 1e6)} MB`)
  })

  test('that grows too large fails with the reason', async () => {
    const { run } = await exported(boss, { raw: { model: 'crowd' }, format: 'ndjson' })
    assert.deepEqual([run.state, run.error.code], ['failed', 'artifact-too-large'])
    assert.match(run.error.message, /largest_artifact/)
    assert.deepEqual(await readdir(path.join(product.base.places.contents, 'drafts')), [])
  })

  test('is done again as a new run with a file of its own', async () => {
    const { run, file } = await exported(boss, raw)
    const again = await boss.ask('POST', run.links.rerun, {}, { prefer: 'wait=30' })
    assert.deepEqual([again.status, again.json.state, again.json.rerun_of], [202, 'succeeded', run.id])
    const [second] = (await boss.ask('GET', again.json.links.artifacts)).json.artifacts
    assert.deepEqual([second.sha256, second.id === file.id], [file.sha256, false])
  })
})

describe('with background work left to others, an export', () => {
  let product: Awaited<ReturnType<typeof opened>>
  let admin: Person['ask']
  before(async () => {
    product = await opened({ TESSERA_GENERAL__WORKER: 'off' })
    await whileWorking(1, () => refresh(product, ['sales']))
    const { cookie } = await personOf(product, 'root', 'admin')
    admin = asking(product.url, { cookie, origin: product.url })
  })
  after(async () => {
    await product[Symbol.asyncDispose]()
    await rm(product.directory, { recursive: true })
  })

  /** What `tessera work` is, so many times. */
  async function whileWorking<T>(workers: number, body: () => Promise<T>): Promise<T> {
    const apps: App[] = []
    try {
      for (let i = 0; i < workers; i++) apps.push(await openApp(product.base, { works: true }))
      return await body()
    } finally {
      for (const app of apps) await app.close()
    }
  }

  const ended = async (run: { id: string }): Promise<Reply['json']> =>
    (await admin('GET', `/v1/runs/${run.id}`, undefined, { prefer: 'wait=30' })).json

  test('waits until somebody works, and is done once however many do', async () => {
    const member = await personOf(product, 'waits', 'member')
    const started: { id: string }[] = []
    for (let i = 0; i < 8; i++) started.push((await member.ask('POST', '/v1/exports', raw)).json)
    await sleep(2500)
    const states = async () => (await member.ask('GET', '/v1/runs/counts')).json.states
    assert.equal((await states()).queued, 8)
    await whileWorking(2, async () => {
      for (const run of started) {
        const { state, attempt } = await ended(run)
        assert.deepEqual([state, attempt], ['succeeded', 1])
      }
    })
  })

  test('is of the rows that its account may see when it begins', async () => {
    const lowered = await personOf(product, 'lowered', 'manager')
    const { json } = await lowered.ask('POST', '/v1/exports', raw)
    await product.base.db.updateTable('accounts').set({ role: 'member' }).where('id', '=', lowered.id).execute()
    const { state, counts } = await whileWorking(1, () => ended(json))
    // A manager sees every clerk’s; a member who is no clerk has none.
    assert.deepEqual([state, counts.rows], ['succeeded', 0])
  })

  test('whose account has lost the role by then fails, and says what is missing', async () => {
    const demoted = await personOf(product, 'demoted', 'member')
    const { json } = await demoted.ask('POST', '/v1/exports', raw)
    await product.base.db.updateTable('accounts').set({ role: 'viewer' }).where('id', '=', demoted.id).execute()
    const { state, error } = await whileWorking(1, () => ended(json))
    assert.deepEqual([state, error.code, error.retryable], ['failed', 'permission-missing', false])
    assert.match(error.message, /warehouse:raw:sales/)
  })

  test('whose account was disabled by then fails, and says so', async () => {
    const gone = await personOf(product, 'gone', 'member')
    const { json } = await gone.ask('POST', '/v1/exports', raw)
    await product.base.db
      .updateTable('accounts')
      .set({ state: 'disabled', disabled_at: new Date() })
      .where('id', '=', gone.id)
      .execute()
    const { state, error } = await whileWorking(1, () => ended(json))
    assert.deepEqual([state, error.code], ['failed', 'asker-gone'])
  })

  test('whose token was revoked by then does not begin', async () => {
    const holder = await personOf(product, 'holder', 'member')
    const token = (await holder.ask('POST', '/v1/tokens', { name: 'x', permissions: ['warehouse:raw'] })).json
    const withToken = asking(product.url, { authorization: `Bearer ${token.secret}` })
    const { json } = await withToken('POST', '/v1/exports', raw)
    assert.equal((await holder.ask('DELETE', `/v1/tokens/${token.id}`)).status, 204)
    const { state, error } = await whileWorking(1, () => ended(json))
    assert.deepEqual([state, error.code], ['cancelled', 'token-no-longer-stands'])
  })

  test('is one of twenty at most that wait for one account', async () => {
    const eager = await personOf(product, 'eager', 'member')
    for (let i = 0; i < 20; i++) assert.equal((await eager.ask('POST', '/v1/exports', raw)).status, 202)
    const over = await eager.ask('POST', '/v1/exports', raw)
    assert.deepEqual([over.status, over.json.code, over.headers.get('retry-after')], [429, 'too-many-exports', '30'])
    const [first] = (await eager.ask('GET', '/v1/exports')).json.exports
    await eager.ask('POST', first.run.links.cancel)
    assert.equal((await eager.ask('POST', '/v1/exports', raw)).status, 202)
    // To do one again is to ask for one more.
    const again = await eager.ask('POST', first.run.links.rerun, {})
    assert.deepEqual([again.status, again.json.code], [429, 'too-many-exports'])
  })
})

describe('with workers in processes of their own, an export', () => {
  let product: Awaited<ReturnType<typeof opened>>
  let boss: Person
  const workers: ChildProcess[] = []
  before(async () => {
    product = await opened({ TESSERA_GENERAL__WORKER: 'off' })
    const app = await openApp(product.base, { works: true })
    await refresh(product, ['sales', 'crowd'])
    await app.close()
    boss = await personOf(product, 'boss', 'manager')
  })
  after(async () => {
    for (const worker of workers) {
      worker.kill('SIGKILL')
      if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit')
    }
    await product[Symbol.asyncDispose]()
    await rm(product.directory, { recursive: true })
  })

  /** `tessera work`, ready. */
  async function work(): Promise<ChildProcess> {
    const { base, databaseUrl, directory } = product
    const worker = spawn(process.execPath, ['src/main.ts', 'work'], {
      cwd: path.resolve(import.meta.dirname, '..'),
      env: {
        ...process.env,
        TESSERA_DATABASE__URL: databaseUrl,
        TESSERA_GENERAL__DATA_DIRECTORY: base.settings.general.dataDirectory,
        TESSERA_MODELS__DIRECTORY: directory,
        TESSERA_LOGGER__LEVEL: 'warn',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    workers.push(worker)
    for await (const said of worker.stdout) if (String(said).includes('Working.')) break
    return worker
  }

  const end = async (run: { id: string }): Promise<Reply['json']> => {
    for (let waits = 0; waits < 3; waits++) {
      const { json } = await boss.ask('GET', `/v1/runs/${run.id}`, undefined, { prefer: 'wait=30' })
      if (json.finished_at) return json
    }
    return assert.fail('it did not end')
  }

  test('goes on elsewhere within a minute when its worker is killed, and what that left is cleared away', async () => {
    const doomed = await work()
    const { json } = await boss.ask('POST', '/v1/exports', { raw: { model: 'crowd' }, format: 'ndjson' })
    const drafts = path.join(product.base.places.contents, 'drafts')
    const written = async () => (await readdir(drafts).catch(() => [])).length
    while ((await written()) === 0) await sleep(10)
    doomed.kill('SIGKILL')
    await once(doomed, 'exit')
    const began = performance.now()
    assert.equal(await written(), 1)
    await work()
    assert.equal(await written(), 0)
    const run = await end(json)
    assert.ok(performance.now() - began < 60_000)
    assert.deepEqual([run.state, run.attempt, run.artifacts.total], ['succeeded', 2, 1])
    const [file] = (await boss.ask('GET', run.links.artifacts)).json.artifacts
    const bytes = (await boss.ask('GET', file.url)).bytes
    assert.equal(createHash('sha256').update(bytes).digest('hex'), file.sha256)
    assert.equal(run.counts.rows, 4_000_000)
  })

  test('is done once, however many there are and whatever is done at the same time', async () => {
    await work()
    const started: { id: string }[] = []
    for (let i = 0; i < 12; i++) started.push((await boss.ask('POST', '/v1/exports', raw)).json)
    const ended = await Promise.all(started.map(end))
    assert.deepEqual(
      ended.map(({ state, attempt, artifacts }) => [state, attempt, artifacts.total]),
      ended.map(() => ['succeeded', 1, 1]),
    )
    // Twelve times the same content is kept once.
    const contents = await readdir(product.base.places.contents, { recursive: true, withFileTypes: true })
    assert.equal(contents.filter((entry) => entry.isFile()).length, 2)
  })

  test('stands in a backup', async () => {
    const { base } = product
    const target = path.join(product.directory, 'backup')
    const keeps = keptFiles(base.settings)
    const { dataDirectory } = base.settings.general
    const made = await backUp(
      { db: base.db, dataDirectory, keeps, version: '0', clock: { now: () => new Date() } },
      target,
    )
    const kept = made.files.filter((file) => file.path.startsWith('contents/'))
    assert.equal(kept.length, 2)
    assert.ok(kept.every(({ path: file, sha256 }) => file.endsWith(sha256)))
    assert.ok(made.files.some(({ path: file }) => file === 'secrets/sealing-key'))
  })
})
