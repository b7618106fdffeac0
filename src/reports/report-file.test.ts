import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { localCaller } from '#src/access/caller.ts'
import { plainReport, reportsHouse } from '#test/reports.ts'
import { evaluateReport } from './evaluate-report.ts'

const house = await reportsHouse()
const { ask, join } = house
const file = (query: string, headers: Record<string, string> = {}) =>
  ask('vera', 'GET', `/v1/reports/all/file?${query}`, undefined, headers)
const query = { model: 'sales', metrics: ['total'] }
const blocks = [
  { type: 'text', id: 'words', markdown: '# Sales of {{shop}}' },
  {
    type: 'number',
    id: 'total',
    title: 'Total',
    compare: 'previous_period',
    query: { ...query, period: { start: '2026-02-01', end: '2026-02-28' } },
  },
  {
    type: 'table',
    id: 'by_shop',
    title: 'By shop',
    query: {
      ...query,
      dimensions: ['shop'],
      totals: true,
      filters: [{ dimension: 'shop', values: { parameter: 'shop' } }],
    },
    inputs: [
      { id: 'note', type: 'text', label: 'Note' },
      { id: 'tag', type: 'single_select', label: 'Tag', options: { values: [{ id: 'a', label: 'Alpha' }] } },
    ],
  },
  {
    type: 'pivot',
    id: 'pivot',
    title: 'Pivot',
    rows: ['shop'],
    columns: 'period',
    query: { ...query, metrics: ['total', 'mean'], unit: 'month', totals: true },
  },
  { type: 'chart', id: 'chart', title: 'Chart', chart: 'bar', query: { ...query, dimensions: ['shop'] } },
  { type: 'chart', id: 'line', title: 'Line', chart: 'line', query: { ...query, series: true } },
]
const parameters = [{ name: 'shop', type: 'choice', label: 'Shop', model: 'sales', dimension: 'shop', multiple: true }]

before(async () => {
  await join('mona', 'manager')
  await join('vera', 'viewer')
  const made = await ask(
    'mona',
    'POST',
    '/v1/reports',
    plainReport({ id: 'all', title: 'All of it', definition: { parameters, blocks } }),
  )
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const cells = [
    { row: { shop: 's0' }, column: 'note', value: '=HYPERLINK("http://evil.example")', version: 0 },
    { row: { shop: 's1' }, column: 'note', value: '<script>alert(1)</script>', version: 0 },
    { row: { shop: 's1' }, column: 'tag', value: 'a', version: 0 },
  ]
  const filled = await ask('mona', 'PATCH', '/v1/reports/all/inputs', { cells })
  assert.equal(filled.status, 200, JSON.stringify(filled.body))
})

test('a report leaves as a file of every kind, under its name, never as something that runs', async () => {
  const beginnings: Record<string, string> = { pdf: '%PDF-', xlsx: 'PK\x03\x04' }
  const types: Record<string, RegExp> = {
    pdf: /^application\/pdf$/,
    xlsx: /spreadsheetml/,
    csv: /^text\/csv/,
    html: /^text\/html/,
  }
  for (const format of ['pdf', 'xlsx', 'csv', 'html']) {
    const made = await file(`format=${format}`)
    assert.equal(made.status, 200, format)
    assert.match(String(made.headers['content-type']), types[format]!)
    assert.equal(made.headers['content-disposition'], `attachment; filename="all.${format}"`)
    assert.match(String(made.headers['content-security-policy']), /sandbox/)
    const start = beginnings[format]
    if (start) assert.equal(made.bytes.subarray(0, start.length).toString('latin1'), start)
  }
  const html = (await file('format=html')).body as string
  assert.ok(!/<script|src="cid:/.test(html))
  assert.ok(html.includes('&#60;script&#62;'))
  assert.ok(html.includes('src="data:image/png;base64,'))
})

test('CSV for people has totals and no formula; for machines names and texts as they are', async () => {
  const people = (await file('format=csv&block=by_shop')).body as string
  assert.match(people, /"'=HYPERLINK\(/)
  assert.match(people, /Total,435/)
  const machines = (await file('format=csv&block=by_shop&spreadsheet=false&parameter=shop:s0,s1')).body as string
  assert.equal(
    machines,
    'shop,total,note,tag\r\nS1,145,<script>alert(1)</script>,Alpha\r\nS0,135,"=HYPERLINK(""http://evil.example"")",\r\n',
  )
})

test('a picture is made of one chart', async () => {
  const png = await file('format=png&block=chart')
  assert.deepEqual([png.headers['content-type'], png.bytes.subarray(1, 4).toString()], ['image/png', 'PNG'])
  const svg = await file('format=svg&block=line')
  assert.match(svg.bytes.toString(), /<svg/)
  for (const query of ['format=png', 'format=png&block=words', 'format=png&block=nothing']) {
    const refused = await file(query)
    assert.deepEqual([refused.status, refused.body.code], [422, 'report-block-unclear'], query)
  }
})

test('whoever has the file already gets 304; parameters are those of the report', async () => {
  const { etag } = await file('format=csv')
  assert.equal((await file('format=csv', { 'if-none-match': etag })).status, 304)
  assert.equal((await file('format=csv&parameter=shop:s1', { 'if-none-match': etag })).status, 200)
  assert.equal((await file('format=pdf&parameter=shp:s1')).body.code, 'report-parameters-invalid')
  assert.equal((await file('format=pdf&parameter=shop')).status, 400)
  assert.equal((await file('format=docx')).status, 400)
})

test('for rooms above, a report is one document: its parameters, notes, failures and tag', async () => {
  const evaluated = await evaluateReport(house.needs, localCaller('system', 'test'), {
    report: 'all',
    parameters: { shop: ['s1'] },
  })
  const { document, rows, failures, cuts, etag } = evaluated
  assert.deepEqual(
    [document.title, document.facts, document.link],
    ['All of it', [{ label: 'Shop', value: 'S1' }], 'http://localhost:8080/reports/all'],
  )
  assert.deepEqual(
    document.blocks.map(({ kind }) => kind),
    ['text', 'number', 'table', 'table', 'chart', 'chart'],
  )
  assert.deepEqual([rows, failures, cuts, etag.length], [4, [], [], 22])
  const pivot = document.blocks[3]!
  assert.ok(pivot.kind === 'table')
  assert.deepEqual(pivot.spans, [
    { label: '', columns: 1 },
    { label: 'Jan 2026', columns: 2 },
    { label: 'Feb 2026', columns: 2 },
    { label: 'Total', columns: 2 },
  ])
  assert.deepEqual(pivot.totals, ['Total', 105, 7, 330, 22, 435, 14.5])
  const again = await evaluateReport(house.needs, localCaller('system', 'test'), {
    report: 'all',
    parameters: { shop: 's1' },
  })
  assert.equal(again.etag, etag)
  await assert.rejects(evaluateReport(house.needs, localCaller('system', 'test'), { report: 'all', version: 7 }), {
    code: 'report-version-not-found',
  })
})
