import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { asAdmin } from '#test/as-admin.ts'
import { type TestProduct, testProduct } from '#test/product.ts'

/** A report over models that are refreshed while it is open; the whole product, as it ships. */
const sales = `
version: 1
name: sales
label: Sales
facts: sales
tables: [{ name: sales, files: sales.csv, header: true, delimiter: ",", columns: { day: DATE, shop: VARCHAR, n: BIGINT } }]
time: { column: day }
dimensions: [{ name: shop, label: Shop, expr: shop }]
metrics: [{ name: total, label: Total, agg: sum, expr: n }]
`
const centers = `
version: 1
name: centers
label: Centers
tables: [{ name: centers, files: centers.csv, header: true, delimiter: ",", columns: { id: VARCHAR, name: VARCHAR } }]
option_sets: [{ name: all, label: Cost center, table: centers, id: id, label_column: name }]
`
const notes = `
version: 1
name: notes
label: Notes
facts: notes
tables: [{ name: notes, report: weekly, block: by_shop }]
dimensions:
  - { name: shop, label: Shop, expr: shop_id, value_label: shop }
  - { name: center, label: Center, expr: center_id, value_label: center }
metrics: [{ name: hours, label: Hours, agg: sum, expr: hours }, { name: rows, label: Rows, agg: count }]
`
let directory: string
let product: TestProduct
let ask: (path: string, body?: object) => Promise<Response>
const write = (name: string, lines: string | readonly string[]) =>
  writeFile(path.join(directory, name), typeof lines === 'string' ? lines : lines.join('\n'))

before(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tessera-report-models-'))
  await write('sales.yml', sales)
  await write('centers.yml', centers)
  await write('notes.yml', notes)
  await write('sales.csv', ['day,shop,n', '2026-01-01,a,1', '2026-01-02,b,2'])
  await write('centers.csv', ['id,name', '1,One', '2,Two'])
  product = await testProduct({ TESSERA_MODELS__DIRECTORY: directory })
  ask = await asAdmin(product)
  for (const model of ['sales', 'centers']) await refreshed(await ask(`/v1/models/${model}/refreshes`, {}))
})
after(async () => {
  await product?.[Symbol.asyncDispose]()
  if (directory) await rm(directory, { recursive: true, force: true })
})

async function refreshed(started: Response): Promise<{ id: string; state: string; error: { message: string } | null }> {
  assert.equal(started.status, 202, await started.clone().text())
  const { id } = (await started.json()) as { id: string }
  const token = await issue(['runs:read', 'runs:admin'])
  for (;;) {
    const watched = await fetch(`${product.url}/v1/runs/${id}`, { headers: { ...bearer(token), prefer: 'wait=20' } })
    const run = (await watched.json()) as Awaited<ReturnType<typeof refreshed>>
    if (run.state !== 'queued' && run.state !== 'running') return run
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
async function issue(permissions: readonly string[]): Promise<string> {
  const issued = await ask('/v1/tokens', { name: 'test', permissions })
  assert.equal(issued.status, 201, await issued.clone().text())
  return ((await issued.json()) as { secret: string }).secret
}

const send = (method: string, address: string, token: string, body?: object, headers: Record<string, string> = {}) =>
  fetch(product.url + address, {
    method,
    headers: { ...bearer(token), ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })

interface Data {
  data_as_of: string
  blocks: {
    inputs: { options: { version: string; items: { id: string; label: string; retired: boolean }[] } }[]
    rows: { key: { shop: string }; cells: unknown[]; inputs: { value: string; choices: object[] }[] }[]
  }[]
}

test('an open report sees new options after a refresh by token, without being opened anew; what is gone stays as retired', async () => {
  const made = await ask('/v1/reports', {
    id: 'weekly',
    title: 'Weekly',
    shared_with: 'viewer',
    definition: {
      blocks: [
        {
          type: 'table',
          id: 'by_shop',
          title: 'By shop',
          query: { model: 'sales', metrics: ['total'], dimensions: ['shop'] },
          inputs: [
            { id: 'center', type: 'single_select', label: 'Center', options: { model: 'centers', option_set: 'all' } },
            { id: 'hours', type: 'number', label: 'Hours' },
            { id: 'free', type: 'single_select', label: 'Free', options: { values: [{ id: 'x', label: 'X' }] } },
          ],
        },
      ],
    },
  })
  assert.equal(made.status, 201, await made.clone().text())
  const reader = await issue(['reports:read:weekly', 'reports:input:weekly'])
  const open = async (etag = '') => {
    const reply = await send('POST', '/v1/reports/weekly/data', reader, undefined, { 'if-none-match': etag })
    return {
      status: reply.status,
      etag: reply.headers.get('etag') ?? '',
      data: reply.status === 200 ? ((await reply.json()) as Data) : null,
    }
  }
  const cells = [
    { row: { shop: 'a' }, column: 'center', value: '1', version: 0 },
    { row: { shop: 'b' }, column: 'center', value: '2', version: 0 },
    { row: { shop: 'a' }, column: 'hours', value: 2.5, version: 0 },
  ]
  assert.equal((await send('PATCH', '/v1/reports/weekly/inputs', reader, { cells })).status, 200)
  const before = await open()
  assert.equal((await open(before.etag)).status, 304)

  await write('centers.csv', ['id,name', '2,Two, renamed'.replace(', ', ' '), '3,Three'])
  await write('sales.csv', ['day,shop,n', '2026-01-01,a,1', '2026-01-02,b,2', '2026-01-03,b,5'])
  const link = '/v1/reports/weekly/columns/center/options'
  const refused = await send('POST', `${link}?semantic-refresh=true`, reader)
  const narrow = await issue(['models:refresh:sales'])
  const foreign = await send('POST', `${link}?semantic-refresh=true`, narrow)
  const problem = (await foreign.json()) as { code: string; missing_permissions: string[] }
  assert.deepEqual(
    [refused.status, foreign.status, problem.code, problem.missing_permissions],
    [403, 403, 'permission-missing', ['models:refresh:centers']],
  )
  const refresher = await issue(['models:refresh:centers'])
  assert.equal((await send('POST', link, refresher)).status, 400, 'the flag must be passed')
  assert.equal((await send('POST', `${link.replace('center', 'free')}?semantic-refresh=true`, refresher)).status, 404)
  assert.equal((await send('POST', link.replace('weekly', 'none'), refresher)).status, 400)
  const run = await refreshed(await send('POST', `${link}?semantic-refresh=true`, refresher))
  assert.equal(run.state, 'succeeded', run.error?.message)

  const after = await open(before.etag)
  assert.equal(after.status, 200)
  const [block] = after.data!.blocks
  assert.deepEqual(block!.inputs[0]!.options, {
    version: 'centers@2',
    by_row: false,
    total: 2,
    items: [
      { id: '3', label: 'Three', retired: false },
      { id: '2', label: 'Two renamed', retired: false },
      { id: '1', label: 'One', retired: true },
    ],
    problem: null,
  })
  const row = (shop: string) => block!.rows.find(({ key }) => key.shop === shop)!
  assert.deepEqual(row('a').inputs[0]!.choices, [{ id: '1', label: 'One', retired: true }])
  assert.deepEqual(row('b').inputs[0]!.choices, [{ id: '2', label: 'Two renamed', retired: false }])
  assert.deepEqual(row('b').cells, ['b', 2], 'the other model was not refreshed')
  const chosen = await send('PATCH', '/v1/reports/weekly/inputs', reader, {
    cells: [{ row: { shop: 'a' }, column: 'center', value: '3', version: 1 }],
  })
  assert.equal(chosen.status, 200)

  await refreshed(await ask('/v1/models/sales/refreshes', {}))
  const later = await open(after.etag)
  assert.deepEqual(later.data!.blocks[0]!.rows[0]!.cells, ['b', 7])
  assert.ok(later.data!.data_as_of > after.data!.data_as_of)
})

test('what was filled in is a table that models read', async () => {
  const run = await refreshed(await ask('/v1/models/notes/refreshes', {}))
  assert.equal(run.state, 'succeeded', run.error?.message)
  const answer = await ask('/v1/query?model=notes&metrics=hours,rows&dimensions=shop,center&order=shop')
  const { rows } = (await answer.json()) as { rows: unknown[][] }
  assert.deepEqual(rows, [
    ['a', 'a', '3', 'Three', 2.5, 1],
    ['b', 'b', '2', 'Two', 0, 1],
  ])
})
