import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openOutbound } from '#src/outbound/open-outbound.ts'
import { makeResultCache } from '#src/warehouse/result-cache.ts'
import { type Answer, runQuery } from '#src/warehouse/run-query.ts'
import { type TestDatabase, testDatabase } from '#test/postgres.ts'
import { me, openWorld, salesYaml, type World } from '#test/refresh-world.ts'
import { compileText } from '#test/small-model.ts'
import { findOptions } from './find-options.ts'
import type { RefreshNeeds } from './refresh-model.ts'

let database: TestDatabase
let server: Server
let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined
let site = ''
const open = openOutbound({ allowedNetworks: ['127.0.0.0/8'], agent: 'test' })
const shut = openOutbound({ allowedNetworks: [], agent: 'test' })
before(async () => {
  database = await testDatabase()
  server = createServer((request, response) => handle(request, response)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  site = `http://127.0.0.1:${(server.address() as { port: number }).port}`
})
after(async () => {
  server.closeAllConnections()
  server.close()
  await Promise.all([open.close(), shut.close()])
  await database.close()
})

const fromUrl = (more = '') =>
  salesYaml()
    .replace('files: "data:sales*.csv"', `url: "${site}/sales.csv"${more}`)
    .replace('min_rows: 2, max_loss: 0.5', 'min_rows: 1')
const worldOf = async (text: string, over: Partial<RefreshNeeds> = {}) =>
  openWorld(database, await compileText(text), { fetch: open.fetch, ...over })
const count = async (world: World, model = 'sales') => {
  const warehouse = { ...world.warehouse, cache: makeResultCache<Answer>(0) }
  return (await runQuery(warehouse, me, { model, metrics: ['rows'] })).rows[0]?.[0]
}
const csv = (rows: number) =>
  ['day,shop,n', ...Array.from({ length: rows }, (_, n) => `2026-01-01,north,${n}`), ''].join('\n')

test('a file behind an address is fetched, and not again while its tag says that it is the same', async () => {
  let content = csv(2)
  let tag = '"one"'
  const asked: (string | undefined)[] = []
  handle = (request, response) => {
    asked.push(request.headers['if-none-match'])
    if (request.headers['if-none-match'] === tag) response.writeHead(304).end()
    else response.writeHead(200, { etag: tag, 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' }).end(content)
  }
  await using world = await worldOf(fromUrl())
  assert.equal((await world.refresh()).state, 'succeeded')
  assert.equal(await count(world), 2)
  assert.equal(world.live.snapshot('sales')?.sourceTime?.toISOString(), '2026-01-01T00:00:00.000Z')
  const again = await world.refresh()
  assert.equal(again.state, 'succeeded', again.error?.message)
  assert.deepEqual(asked, [undefined, '"one"'])
  assert.equal(await count(world), 2, 'the copy that is kept was read')

  content = csv(3)
  tag = '"two"'
  await world.refresh()
  assert.equal(await count(world), 3)
  const kept = await readdir(path.join(world.needs.warehouseDirectory, 'fetched', 'sales'))
  assert.equal(kept.length, 2, `one copy and its note: ${kept}`)

  // A copy that was lost is fetched anew, whatever is known of it.
  await writeFile(path.join(world.needs.warehouseDirectory, 'fetched', 'sales', 'sales.json'), '{"url":')
  await world.refresh()
  assert.equal(asked.at(-1), undefined)
  assert.equal(await count(world), 3)
})

test('a server that knows dates only is asked by date; compressed files and redirects are followed', async () => {
  const asked: (string | undefined)[] = []
  const modified = 'Fri, 02 Jan 2026 00:00:00 GMT'
  handle = (request, response) => {
    if (request.url === '/sales.csv.gz') response.writeHead(302, { location: '/there.csv.gz' }).end()
    else {
      asked.push(request.headers['if-modified-since'])
      if (request.headers['if-modified-since'] === modified) response.writeHead(304).end()
      else response.writeHead(200, { 'last-modified': modified }).end(gzipSync(csv(5)))
    }
  }
  await using world = await worldOf(fromUrl().replace('/sales.csv"', '/sales.csv.gz"'))
  const run = await world.refresh()
  assert.equal(run.state, 'succeeded', run.error?.message)
  assert.equal((await world.refresh()).state, 'succeeded')
  assert.deepEqual(asked, [undefined, modified])
  assert.equal(await count(world), 5)
})

const failures: Record<string, { answer: (response: ServerResponse) => void; more?: string; says: RegExp }> = {
  'says no': { answer: (response) => response.writeHead(404).end('secret words'), says: /answered with status 404/ },
  'has too much': { answer: (response) => response.end(csv(100_000)), more: ', max_megabytes: 1', says: /more than 1000000 bytes/ },
  'takes too long': { answer: (response) => response.writeHead(200).write('day,'), more: ', timeout: 1s', says: /too long/ },
  'breaks off': { answer: (response) => { response.writeHead(200, { 'content-length': '1000' }).write('day,shop,n\n'); setTimeout(() => response.destroy(), 50) }, says: /broke off|could not be (fetched|reached)/ },
  'redirects to where nobody may go': { answer: (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(), says: /not a public address/ },
  'sends something else': { answer: (response) => response.end('<html>'), says: /cannot be read|has no column/ },
} // biome-ignore format: a table
for (const [name, { answer, more, says }] of Object.entries(failures))
  test(`a source that ${name} fails the run, and what was read stays`, async () => {
    handle = (_, response) => void response.writeHead(200).end(csv(2))
    await using world = await worldOf(fromUrl(more))
    assert.equal((await world.refresh()).state, 'succeeded')
    handle = (_, response) => void answer(response)
    const run = await world.refresh()
    assert.equal(run.state, 'failed')
    assert.equal(run.error?.code, 'refresh-refused')
    assert.match(run.error.message, says)
    assert.ok(!run.error.message.includes('secret words'))
    assert.equal(await count(world), 2)
  })

test('private addresses are refused, and so is what leads nowhere', async () => {
  handle = (_, response) => void response.end(csv(2))
  await using world = await worldOf(fromUrl(), { fetch: shut.fetch })
  assert.match((await world.refresh()).error?.message ?? '', /127.0.0.1 is not a public address/)
  await using away = await worldOf(fromUrl().replace(site, 'http://127.0.0.1:1'))
  assert.match((await away.refresh()).error?.message ?? '', /could not be reached: it refuses connections/)
  await assert.rejects(compileText(fromUrl().replace('http://', 'http://me:word@')), /no user name and no password/)
  await assert.rejects(
    compileText(fromUrl().replace('http://', 'ftp://')),
    /url: write an address that begins with https/,
  )
})

const reader = (more: string) => `
version: 1
name: reader
label: Reader
facts: mine
tables:
  - { name: theirs, model: sales${more} }
  - name: mine
    sql: select shop, count(*) as n from theirs group by shop
dimensions: [{ name: shop, label: Shop, expr: shop }]
metrics: [{ name: rows, label: Rows, agg: sum, expr: n }, { name: shops, label: Shops, agg: count }]
`

test('a model reads what another one holds: its facts, its raw rows, its options', async () => {
  const sales = await compileText(
    `${salesYaml().replace('raw: {', 'option_sets: [{ name: shops, label: Shops, table: shops, id: shop }]\nraw: {').replace('time: {', '  - { name: shops, sql: select distinct shop from sales }\ntime: {')}`,
  )
  const facts = await compileText(reader(', rows: facts'))
  await using world = await openWorld(database, [sales, facts])
  assert.match(
    (await world.refresh(undefined, 'reader')).error?.message ?? '',
    /model sales, which was never refreshed/,
  )
  await world.write(['2026-01-01,north,1', '2026-01-02,south,2', '2026-02-01,north,3'])
  assert.equal((await world.refresh()).state, 'succeeded')
  const run = await world.refresh(undefined, 'reader')
  assert.equal(run.state, 'succeeded', run.error?.message)
  assert.equal(await count(world, 'reader'), 3)
  const source = world.live.snapshot('reader')?.sources.find(({ name }) => name === 'theirs')
  assert.deepEqual(Object.keys(source?.columns ?? {}).sort(), ['day', 'fact_number', 'n', 'shop', 'shop_label'])
  assert.equal(source?.files[0]?.name, 'sales@1')
  assert.deepEqual(
    world.live.snapshot('reader')?.sourceTime?.toISOString(),
    world.live.snapshot('sales')?.sourceTime?.toISOString(),
  )

  const columnsWith = async (more: string, sql: string) => {
    const model = await compileText(reader(more).replace(/select shop, count.*/, sql))
    ;(world.needs.models as unknown[]).splice(1, 1, model)
    const again = await world.refresh(undefined, 'reader')
    assert.equal(again.state, 'succeeded', again.error?.message)
    return world.live.snapshot('reader')?.sources.find(({ name }) => name === 'theirs')?.columns
  }
  assert.deepEqual(await columnsWith('', "select 'x' as shop, n from theirs"), { n: 'BIGINT' })
  assert.deepEqual(await columnsWith(', option_set: shops', 'select id as shop, 1 as n from theirs'), {
    id: 'VARCHAR', label: 'VARCHAR', only_for: 'VARCHAR',
  }) // biome-ignore format: a row
  assert.equal(await count(world, 'reader'), 2)
  ;(world.needs.models as unknown[]).splice(1, 1, await compileText(reader(', option_set: none')))
  assert.match(
    (await world.refresh(undefined, 'reader')).error?.message ?? '',
    /something that the model sales does not have/,
  )
  await assert.rejects(compileText(reader('').replace('model: sales', 'model: reader')), /cannot read itself/)
})

test('what people filled into a report can be chosen from, as whoever keeps it says', async () => {
  const text = `
version: 1
name: answers
label: Answers
tables: [{ name: answers, report: weekly, block: usage }]
option_sets: [{ name: answers, label: Answers, table: answers, id: value, may_be_empty: true }]
`
  let rows = ['{"value":"yes"}', '{"value":"no"}']
  const time = new Date('2026-05-06T07:08:09Z')
  const asked: object[] = []
  await using world = await worldOf(text, {
    reports: {
      async open(ask, scratch) {
        asked.push(ask)
        const file = path.join(scratch, 'inputs.ndjson')
        await writeFile(file, rows.join('\n'))
        return { format: 'json', files: rows.length === 0 ? [] : [file], columns: { value: 'VARCHAR' }, time }
      },
    },
  })
  const run = await world.refresh()
  assert.equal(run.state, 'succeeded', run.error?.message)
  const options = async () =>
    (await findOptions(world.warehouse, me, { model: 'answers', set: 'answers' })).options.map(({ id }) => id)
  assert.deepEqual(await options(), ['no', 'yes'])
  assert.deepEqual(asked, [{ report: 'weekly', block: 'usage' }])
  assert.equal(world.live.snapshot('answers')?.sourceTime?.toISOString(), time.toISOString())
  rows = []
  await world.refresh()
  assert.deepEqual(await options(), [])
  await using without = await worldOf(text)
  assert.match((await without.refresh()).error?.message ?? '', /it is a report/)
})
