import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { anonymous, type Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import type { Role } from '#src/access/permissions.ts'
import { openSample } from '#test/sample-api.ts'
import { openSmallModel } from '#test/small-model.ts'
import { AnswerReply } from './contract.ts'
import { warehouseRoutes } from './routes.ts'

const yaml = (access: string) => `
version: 1
name: sales
label: Sales
facts: sales
tables: [{ name: sales, files: sales.csv, header: true, delimiter: ",", columns: { day: DATE, shop: VARCHAR, clerk: VARCHAR, n: BIGINT } }]
time: { column: day }
dimensions:
  - { name: shop, label: Shop, expr: shop, value_label: upper(shop) }
  - { name: clerk, label: Clerk, expr: clerk, access: viewer }
metrics:
  - { name: total, label: Total, agg: sum, expr: n, decimals: 0 }
  - { name: rows, label: Rows, agg: count }
  - { name: mean, label: Mean, expr: total / rows }
raw:
  order_by: [n]
  fields: [{ name: n, label: N, type: integer }, { name: shop, label: Shop }, { name: clerk, label: Clerk, deidentify: true }]
access: ${access}
`
const files = {
  'sales.csv': [
    'day,shop,clerk,n',
    ...Array.from(
      { length: 30 },
      (_, i) => `2026-01-${String(1 + (i % 15)).padStart(2, '0')},s${i % 3},c${i % 2},${i}`,
    ),
  ].join('\n'),
}

const person = (role: Role, name: string, grants = Grants.ofRole(role)): Caller => ({
  ...anonymous,
  via: 'token',
  accountId: `id-${name}`,
  accountName: name,
  role,
  tokenId: name,
  grants,
})
const callers: Record<string, Caller> = {
  viewer: person('viewer', 'c0'),
  member: person('member', 'c1'),
  manager: person('manager', 'boss'),
  narrow: person('admin', 'narrow', Grants.of(['subscriptions:run'])),
  other: person('admin', 'other', Grants.of(['warehouse:read:jobs', 'warehouse:raw:jobs'])),
}

async function openApi(access: string) {
  const model = await openSmallModel({ yaml: yaml(access), files })
  const routes = warehouseRoutes({ ...model.needs, rawRowLimit: 12 })
  const { app } = openSample({
    routes,
    verifiers: { sessionCookie: 's', verifyToken: (token) => callers[token] ?? null, verifySession: async () => null },
  })
  await app.ready()
  const ask = (url: string, token?: string, headers: Record<string, string> = {}) =>
    app.inject({ url, headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) } })
  return {
    model,
    ask,
    post: (url: string, payload: object, token?: string) =>
      app.inject({ method: 'POST', url, payload, headers: token ? { authorization: `Bearer ${token}` } : {} }),
    async close() {
      await app.close()
      await model[Symbol.asyncDispose]()
    },
  }
}
type Api = Awaited<ReturnType<typeof openApi>>

let open: Api
let closed: Api
before(async () => {
  open = await openApi('{ query: public, raw: member }')
  closed = await openApi(
    '{ query: viewer, raw: member, row_filter: [{ dimension: clerk, equals: account.name, unless_role: manager }] }',
  )
})
after(async () => {
  // The last stream gives its snapshot back just after its last byte.
  for (let i = 0; i < 100 && open.model.readers() + closed.model.readers() > 0; i++) await sleep(10)
  assert.deepEqual([open.model.readers(), closed.model.readers()], [0, 0], 'a snapshot was not given back')
  await open.close()
  await closed.close()
})

const totals = '/v1/query?model=sales&metrics=total,mean'

test('a public model answers without a token, in the promised shape', async () => {
  const reply = await open.ask(`${totals}&dimensions=shop&totals=true&start=2026-01-01&end=2026-01-31&unit=month`)
  assert.equal(reply.statusCode, 200)
  const answer = AnswerReply.strict().parse(reply.json())
  assert.deepEqual(answer.rows, [
    ['s2', 'S2', 155, 15.5],
    ['s1', 'S1', 145, 14.5],
    ['s0', 'S0', 135, 13.5],
  ])
  assert.deepEqual(answer.totals, { total: 435, mean: 14.5 })
})

test('the same question by POST has the same answer', async () => {
  const byGet = await open.ask(
    `${totals}&dimensions=shop&series=true&unit=day&filter=shop!:s0&order=period,-total&limit=1`,
  )
  const byPost = await open.post('/v1/query', {
    model: 'sales', metrics: ['total', 'mean'], dimensions: ['shop'], series: true, unit: 'day', limit: 1,
    filters: [{ dimension: 'shop', values: ['s0'], exclude: true }], order: [{ by: 'period' }, { by: 'total', descending: true }],
  }) // biome-ignore format: one question
  assert.equal(byGet.statusCode, 200)
  assert.deepEqual(byPost.json(), byGet.json())
})

test('an address can name ids with commas and backslashes in them', async () => {
  const rowsOf = async (filter: string) =>
    (await open.ask(`${totals}&dimensions=shop&filter=${encodeURIComponent(filter)}`, 'viewer')).json().rows.length
  assert.equal(await rowsOf('shop:s0,s1'), 2)
  assert.equal(await rowsOf('shop:s0\\,s1'), 0, 'one id with a comma in it')
  assert.equal(await rowsOf('shop:s0\\\\,s1'), 1, 'an id that ends with a backslash, and another')
})

test('whoever has the answer already gets 304, even on a new order of filters', async () => {
  const first = await open.ask(`${totals}&filter=shop:s0,s1&filter=clerk:c1`, 'viewer')
  const etag = String(first.headers.etag)
  const second = await open.ask(`${totals}&filter=clerk:c1&filter=shop:s1,s0`, 'viewer', { 'if-none-match': etag })
  assert.deepEqual([second.statusCode, second.body], [304, ''])
  const other = await open.ask(`${totals}&filter=shop:s0`, 'viewer', { 'if-none-match': etag })
  assert.equal(other.statusCode, 200)
  const csv = await open.ask(`${totals}&filter=shop:s0,s1&filter=clerk:c1&format=csv`, 'viewer', {
    'if-none-match': etag,
  })
  assert.equal(csv.statusCode, 200)
})

test('rows leave in the form that Accept or format ask for', async () => {
  const types = async (url: string, headers = {}) => {
    const reply = await open.ask(url, undefined, headers)
    return [reply.statusCode, reply.headers['content-type']]
  }
  assert.deepEqual(await types(totals), [200, 'application/json; charset=utf-8'])
  assert.deepEqual(await types(totals, { accept: 'text/csv;q=0.5, application/x-ndjson' }), [
    200,
    'application/x-ndjson',
  ])
  assert.deepEqual(await types(`${totals}&format=parquet`), [200, 'application/vnd.apache.parquet'])
  assert.deepEqual(await types(`${totals}&format=arrow`), [200, 'application/vnd.apache.arrow.stream'])
  assert.equal((await types(totals, { accept: 'image/png' }))[0], 406)
  const csv = await open.ask(`${totals}&dimensions=shop&limit=1`, undefined, { accept: 'text/csv' })
  assert.equal(csv.body, 'shop_id,shop,total,mean\ns2,S2,155,15.5\n')
})

test('everything wrong with a question is told at once, and nothing of it reaches SQL', async () => {
  const reply = await open.ask(
    `/v1/query?model=sales&metrics=total,nothing&dimensions=${encodeURIComponent('x"; drop table facts')}&order=y`,
  )
  assert.equal(reply.statusCode, 400)
  const problem = reply.json() as { errors: { pointer: string }[] }
  assert.deepEqual(
    problem.errors.map((error) => error.pointer),
    ['#/metrics/1', '#/dimensions/0', '#/order/0'],
  )
  assert.equal((await open.ask(`${totals}&filter=${encodeURIComponent("shop:s0') or ('1'='1")}`)).json().rows[0][0], 0)
  assert.equal((await open.ask(`${totals}&start=2026-01-02&end=2026-01-01`)).statusCode, 400)
  assert.equal((await open.ask(`${totals}&start=2026-01-02`)).statusCode, 400)
  assert.equal((await open.ask('/v1/query?model=nothing&metrics=x')).statusCode, 404)
})

test('more filters than a question may have are its sender’s mistake', async () => {
  const reply = await open.ask(`/v1/query?model=sales&metrics=total&${'filter=clerk:ada&'.repeat(61)}`)
  assert.deepEqual([reply.statusCode, reply.json().code], [400, 'query-invalid'])
})

test('a model that is not public asks for a token, its permission and its role', async () => {
  assert.equal((await closed.ask(totals)).statusCode, 401)
  for (const token of ['narrow', 'other']) {
    const reply = await closed.ask(totals, token)
    assert.equal(reply.statusCode, 403)
    assert.match(reply.body, /warehouse:read:sales/)
  }
  assert.equal((await closed.ask(totals, 'viewer')).statusCode, 200)
  assert.equal((await open.ask(totals, 'narrow')).statusCode, 200, 'what is public needs no permission')
  assert.equal((await open.ask('/v1/models/sales/raw')).statusCode, 401)
  assert.equal((await open.ask('/v1/models/sales/raw', 'viewer')).statusCode, 403)
  assert.equal((await open.ask('/v1/models/sales/raw', 'member')).statusCode, 200)
})

test('a row filter holds in aggregates, values, raw rows and totals, and has its own answers in the cache', async () => {
  const total = async (token: string) => (await closed.ask(totals, token)).json().rows[0][0]
  assert.deepEqual([await total('manager'), await total('viewer'), await total('member')], [435, 210, 225])
  const clerks = (await closed.ask('/v1/models/sales/dimensions/clerk/values', 'viewer')).json()
  assert.deepEqual(clerks, { total: 1, values: [{ id: 'c0', label: 'c0' }] })
  const rows = (await closed.ask('/v1/models/sales/raw?format=csv&fields=n&limit=3', 'member')).body
  assert.equal(rows, 'n\n15\n1\n17\n')
  const sneaky = (await closed.ask(`${totals}&filter=clerk:c0`, 'member')).json()
  assert.deepEqual(sneaky.rows, [[0, 0]])
})

test('a dimension that is not for everybody does not exist for others', async () => {
  assert.equal((await open.ask(`${totals}&dimensions=clerk`)).statusCode, 400)
  assert.equal((await open.ask(`${totals}&filter=clerk:c0`)).statusCode, 400)
  assert.equal((await open.ask('/v1/models/sales/dimensions/clerk/values')).statusCode, 400)
  assert.equal((await open.ask(`${totals}&dimensions=clerk`, 'viewer')).statusCode, 200)
})

test('values are searched and paged in their own order', async () => {
  const values = '/v1/models/sales/dimensions/shop/values'
  const first = await open.ask(`${values}?limit=2`)
  assert.deepEqual(first.json(), {
    total: 3,
    values: [
      { id: 's0', label: 'S0' },
      { id: 's1', label: 'S1' },
    ],
  })
  const next = /<([^>]+)>; rel="next"/.exec(String(first.headers.link))?.[1]
  const second = await open.ask(next!)
  assert.deepEqual(second.json(), { total: 3, values: [{ id: 's2', label: 'S2' }] })
  assert.equal(second.headers.link, undefined)
  assert.deepEqual((await open.ask(`${values}?search=S%201`)).json(), { total: 1, values: [{ id: 's1', label: 'S1' }] })
})

test('pages of raw rows neither skip nor repeat, and none is longer than the instance allows', async () => {
  let url: string | undefined = '/v1/models/sales/raw?fields=shop,n&limit=1000'
  const pages: { n: number; shop: string }[][] = []
  while (url) {
    const reply = await open.ask(url, 'member')
    assert.equal(reply.statusCode, 200, reply.body)
    pages.push(reply.json())
    url = /<([^>]+)>; rel="next"/.exec(String(reply.headers.link ?? ''))?.[1]
  }
  assert.deepEqual(
    pages.map((page) => page.length),
    [12, 12, 6],
  )
  const rows = pages.flat()
  // Days rising, and within a day as the model says.
  assert.deepEqual(
    rows.map((row) => row.n),
    Array.from({ length: 15 }, (_, i) => [i, i + 15]).flat(),
  )
  assert.deepEqual(Object.keys(rows[0]!), ['n', 'shop'])
  const stale = Buffer.from(JSON.stringify(['sales@0', 3])).toString('base64url')
  assert.equal((await open.ask(`/v1/models/sales/raw?cursor=${stale}`, 'member')).statusCode, 400)
})

test('deidentified fields show a hash', async () => {
  const [row] = (await open.ask('/v1/models/sales/raw?limit=1', 'member')).json() as { clerk: string }[]
  assert.match(row!.clerk, /^[0-9a-f]{40}$/)
})

test('raw rows by POST take a question in the body', async () => {
  const body = {
    fields: ['n'],
    filters: [{ dimension: 'shop', labels: ['S1'] }],
    period: { start: '2026-01-01', end: '2026-01-02' },
  }
  const reply = await open.post('/v1/models/sales/raw?format=ndjson', body, 'member')
  assert.deepEqual(
    reply.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [{ n: 1 }, { n: 16 }],
  )
})
