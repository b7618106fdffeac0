import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { Grants } from '#src/access/grants.ts'
import { plainReport, reportsHouse, rowFilter } from '#test/reports.ts'
import { periodName, periodsIn, rangeBefore } from './periods.ts'

const house = await reportsHouse({ access: rowFilter })
const { ask, join } = house
let reports = 0
async function make(blocks: readonly object[], parameters: readonly object[] = []) {
  const body = plainReport({ id: `d-${++reports}`, definition: { parameters, blocks } })
  const made = await ask('mona', 'POST', '/v1/reports', body)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return `/v1/reports/${made.body.id}/data`
}
const data = async (url: string, parameters: object = {}, who = 'mona', headers: Record<string, string> = {}) =>
  ask(who, 'POST', url, { parameters }, headers)
const query = (over: object = {}) => ({ model: 'sales', metrics: ['total'], ...over })
const january = { start: '2026-01-01', end: '2026-01-31' }
const february = { start: '2026-02-01', end: '2026-02-28' }

before(async () => {
  await join('mona', 'manager')
  await join('ada', 'member')
  await join('vera', 'viewer')
})

test('a table has labels, the key of each row, totals, and the way to Explore and to the rows behind it', async () => {
  const url = await make([
    {
      type: 'table',
      id: 'table',
      title: 'By shop',
      query: query({ metrics: ['total', 'mean'], dimensions: ['shop'], totals: true, period: february }),
      columns: [{ name: 'total', label: 'Sum', formats: [{ when: '>', value: 100, colour: 'green' }] }],
    },
  ])
  const reply = await data(url)
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
  const [table] = reply.body.blocks
  assert.deepEqual(
    table.rows.map((row: { key: object; cells: unknown[] }) => [row.key, ...row.cells]),
    [
      [{ shop: 's2' }, 'S2', 115, 23],
      [{ shop: 's1' }, 'S1', 110, 22],
      [{ shop: 's0' }, 'S0', 105, 21],
    ],
  )
  assert.deepEqual(table.totals, ['Total', 330, 22])
  assert.deepEqual(
    table.columns.map((column: { label: string; unit: string; decimals: number; formats: object[] }) => [
      column.label,
      column.unit,
      column.decimals,
      column.formats.length,
    ]),
    [
      ['Shop', '', null, 0],
      ['Sum', 'EUR', 0, 1],
      ['Mean', '', 2, 0],
    ],
  )
  assert.equal(
    table.drill.explore,
    '/explore/sales?metrics=total%2Cmean&dimensions=shop&start=2026-02-01&end=2026-02-28',
  )
  assert.equal(table.drill.rows, '/explore/sales/rows?start=2026-02-01&end=2026-02-28')
  assert.deepEqual(reply.body.snapshots, { sales: 'sales@1' })
  assert.equal(reply.body.data_as_of, '2026-03-01T04:00:00.000Z')
  const viewer = await data(url, {}, 'vera')
  assert.equal(viewer.body.blocks[0].drill.rows, null)
  assert.equal(house.small.readers(), 0)
})

test('a number is compared with the period before, and says with which days', async () => {
  const number = (over: object, period: object) => ({
    type: 'number',
    id: 'number',
    title: 'N',
    ...over,
    query: query({ period }),
  })
  const value = async (block: object) => (await data(await make([block]))).body.blocks[0]
  const compared = await value(number({ compare: 'previous_period' }, february))
  assert.deepEqual(
    [compared.value, compared.comparison],
    [330, { label: '2026-01-01 – 2026-01-31', period: january, value: 105, change_percent: (225 / 105) * 100 }],
  )
  assert.deepEqual((await value(number({}, february))).comparison, null)
  const nothing = await value(number({ compare: 'previous_year' }, january))
  assert.deepEqual(
    [nothing.value, nothing.comparison.value, nothing.comparison.change_percent, nothing.comparison.label],
    [105, 0, null, '2025-01-01 – 2025-01-31'],
  )
  assert.equal((await value(number({ decimals: 3 }, february))).metric.decimals, 3)
})

test('a pivot has rows and columns in their own order, with totals that are computed, not added', async () => {
  const pivot = (over: object, more: object = {}) => ({
    type: 'pivot',
    id: 'pivot',
    title: 'P',
    rows: ['shop'],
    columns: 'clerk',
    ...over,
    query: query(more),
  })
  const url = await make([
    pivot({}, { metrics: ['total', 'mean'], totals: true }),
    pivot({ id: 'months', columns: 'period' }, { unit: 'month' }),
  ])
  const [byClerk, byMonth] = (await data(url)).body.blocks
  assert.deepEqual(
    byClerk.column_keys.map(({ label }: { label: string }) => label),
    ['ada', 'bob', 'cleo'],
  )
  assert.deepEqual(byClerk.rows[1], {
    key: { shop: 's1' },
    labels: ['S1'],
    cells: [
      [null, null],
      [145, 14.5],
      [null, null],
    ],
    totals: [145, 14.5],
  })
  assert.deepEqual(byClerk.totals, {
    cells: [
      [135, 13.5],
      [145, 14.5],
      [155, 15.5],
    ],
    totals: [435, 14.5],
  })
  assert.deepEqual(byMonth.column_keys, [
    { id: '2026-01-01', label: 'Jan 2026' },
    { id: '2026-02-01', label: 'Feb 2026' },
  ])
  assert.deepEqual(byMonth.rows[0].cells, [[30], [105]])
})

test('a chart has every period of its range, and no number where there is none', async () => {
  const chart = (over: object, more: object) => ({
    type: 'chart',
    id: `c${Object.keys(more).length}`,
    title: 'C',
    chart: 'bar',
    ...over,
    query: query(more),
  })
  const url = await make([
    chart(
      { chart: 'line' },
      { metrics: ['total', 'mean'], series: true, unit: 'day', period: { start: '2026-01-14', end: '2026-01-17' } },
    ),
    chart({}, { dimensions: ['shop'], limit: 1, others: true }),
    chart({ chart: 'stacked_bar' }, { dimensions: ['shop', 'clerk'] }),
  ])
  const [line, bar, stacked] = (await data(url)).body.blocks
  assert.deepEqual(
    line.categories.map(({ label }: { label: string }) => label),
    ['2026-01-14', '2026-01-15', '2026-01-16', '2026-01-17'],
  )
  assert.deepEqual(line.series, [
    { name: 'Total', values: [13, 14, 0, 0] },
    { name: 'Mean', values: [13, 14, null, null] },
  ])
  assert.deepEqual(
    [bar.categories, bar.series[0].values, bar.value_unit],
    [
      [
        { id: 's2', label: 'S2' },
        { id: null, label: 'Others' },
      ],
      [155, 280],
      'EUR',
    ],
  )
  assert.deepEqual(stacked.series, [
    { name: 'cleo', values: [155, 0, 0] },
    { name: 'bob', values: [0, 145, 0] },
    { name: 'ada', values: [0, 0, 135] },
  ])
})

const declared = [
  { name: 'shop', type: 'choice', label: 'Shop', model: 'sales', dimension: 'shop', multiple: true },
  { name: 'clerk', type: 'choice', label: 'Clerk', model: 'sales', dimension: 'clerk', default: ['ada'] },
  { name: 'when', type: 'period', label: 'When', default: january },
  { name: 'who', type: 'text', label: 'Who' },
  { name: 'day', type: 'date', label: 'Day' },
  { name: 'most', type: 'number', label: 'Most', min: 0, max: 10 },
]
const filters = [
  { dimension: 'shop', values: { parameter: 'shop' } },
  { dimension: 'clerk', values: { parameter: 'clerk' } },
  { dimension: 'shop', labels: { parameter: 'who' } },
]

test('parameters reach filters, periods and texts; without a value what refers to them is left out', async () => {
  const url = await make(
    [
      { type: 'text', id: 'text', markdown: 'Shops **{{shop}}** of {{ clerk }} in {{when}}, {{who}}' },
      { type: 'number', id: 'number', title: 'N', query: query({ filters, period: { parameter: 'when' } }) },
    ],
    declared,
  )
  const asked = async (parameters: object) => {
    const { body } = await data(url, parameters)
    return [body.blocks[1].value, body.parameters.map(({ shown }: { shown: string }) => shown).join(' | ')]
  }
  assert.deepEqual(await asked({}), [30, 'All | ada | 2026-01-01 – 2026-01-31 | All | All | All'])
  assert.deepEqual(await asked({ clerk: null, when: null }), [435, 'All | All | All | All | All | All'])
  assert.deepEqual(await asked({ clerk: null, shop: ['s1', 's2'], when: february }), [
    225,
    'S1, S2 | All | 2026-02-01 – 2026-02-28 | All | All | All',
  ])
  assert.deepEqual(await asked({ clerk: null, shop: 's1', when: null, who: 'S2' }), [
    0,
    'S1 | All | All | S2 | All | All',
  ])
  assert.deepEqual(await asked({ clerk: 'gone', when: 'previous_month' }), [
    0,
    'All | gone | Previous month | All | All | All',
  ])
  const { body } = await data(url, { who: '[a](http://evil.example) <b>\n# **x**' })
  assert.equal(
    body.blocks[0].markdown,
    'Shops **All** of ada in 2026\\-01\\-01 – 2026\\-01\\-31, \\[a\\]\\(http\\:\\/\\/evil\\.example\\) \\<b\\> \\# \\*\\*x\\*\\*',
  )
})

test('an unknown or ill-typed parameter is refused, all at once, with those that are declared', async () => {
  const required = { name: 'must', type: 'text', label: 'Must', required: true }
  const url = await make([{ type: 'text', id: 'text', markdown: 'x' }], [...declared, required])
  const reply = await data(url, { shp: 's0', clerk: ['a', 'b'], when: 'whenever', who: 5, day: '2026-02-30', most: 11 })
  assert.deepEqual([reply.status, reply.body.code], [422, 'report-parameters-invalid'])
  const errors = Object.fromEntries(
    reply.body.errors.map(({ pointer, detail }: { pointer: string; detail: string }) => [pointer.slice(13), detail]),
  )
  assert.deepEqual(Object.keys(errors).sort(), ['clerk', 'day', 'most', 'must', 'shp', 'when', 'who'])
  assert.match(errors.shp, /Did you mean shop\?/)
  assert.deepEqual(reply.body.parameters[0], { name: 'shop', label: 'Shop', type: 'choice', required: false })
  const backwards = await data(url, { must: 'x', when: { start: '2026-02-01', end: '2026-01-01' } })
  assert.match(backwards.body.detail, /when ends before it starts/)
  assert.equal((await data(url, { must: { nested: true } })).status, 400)
})

test('rows are those of whoever reads, and a token for reports reads them under the same filter', async () => {
  const url = await make([
    { type: 'table', id: 'table', title: 'T', query: query({ dimensions: ['shop'], totals: true }) },
  ])
  const totals = async (who: string) => (await data(url, {}, who)).body.blocks[0].totals
  assert.deepEqual(
    [await totals('mona'), await totals('ada')],
    [
      ['Total', 435],
      ['Total', 135],
    ],
  )
  house.show('only-reports', { ...house.people.get('ada')!, grants: Grants.of(['reports:read']) })
  assert.deepEqual(await totals('only-reports'), ['Total', 135])
  house.show('writer', { ...house.people.get('mona')!, grants: Grants.of(['reports:read', 'reports:write']) })
  const preview = await ask('writer', 'POST', '/v1/report-previews', {
    definition: { blocks: [{ type: 'number', id: 'n', title: 'N', query: query() }] },
  })
  assert.deepEqual([preview.status, preview.body.code], [422, 'report-invalid'], 'who writes needs to read the model')
})

test('what has not changed is answered with 304 without asking; other data, parameters or readers have other tags', async () => {
  const url = await make(
    [{ type: 'table', id: 'table', title: 'T', query: query({ dimensions: ['shop'], filters }) }],
    declared,
  )
  const first = await data(url)
  const again = await data(url, {}, 'mona', { 'if-none-match': first.etag })
  assert.deepEqual([again.status, again.body], [304, null])
  const tags = [first.etag, (await data(url, { shop: 's1' })).etag, (await data(url, {}, 'ada')).etag]
  const put = await ask(
    'mona',
    'PUT',
    url.replace('/data', ''),
    plainReport({
      title: 'Other',
      definition: { parameters: declared, blocks: [{ type: 'text', id: 't', markdown: 'x' }] },
    }),
    { 'if-match': '*' },
  )
  assert.equal(put.status, 200)
  tags.push((await data(url)).etag)
  assert.equal(new Set(tags).size, 4)
})

test('a block that asks what the model has lost says so, and the rest is there', async () => {
  const url = await make([
    { type: 'table', id: 'lost', title: 'Lost', query: query({ dimensions: ['clerk'] }) },
    { type: 'number', id: 'kept', title: 'Kept', query: query() },
  ])
  const [id] = /d-\d+/.exec(url)!
  await house.db
    .updateTable('reports')
    .set({
      definition: JSON.stringify({
        parameters: [],
        blocks: [
          {
            type: 'table',
            id: 'lost',
            title: 'Lost',
            query: query({
              dimensions: ['gone'],
              filters: [],
              unit: 'auto',
              series: false,
              order: [],
              others: false,
              totals: false,
            }),
            columns: [],
            inputs: [],
          },
          {
            type: 'table',
            id: 'no_model',
            title: 'No model',
            query: query({
              model: 'gone',
              dimensions: [],
              filters: [],
              unit: 'auto',
              series: false,
              order: [],
              others: false,
              totals: false,
            }),
            columns: [],
            inputs: [],
          },
          { type: 'number', id: 'kept', title: 'Kept', query: query({ filters: [], unit: 'auto' }) },
        ],
      }),
    })
    .where('id', '=', id)
    .execute()
  const { status, body, etag } = await data(url)
  assert.equal(status, 200, JSON.stringify(body))
  const [lost, noModel, kept] = body.blocks
  assert.deepEqual([lost.type, lost.of, lost.problem.code], ['failed', 'table', 'query-invalid'])
  assert.match(lost.problem.detail, /no dimension gone/)
  assert.equal(noModel.problem.code, 'unknown-model')
  assert.equal(kept.value, 435)
  assert.equal((await data(url, {}, 'mona', { 'if-none-match': etag })).status, 304)
  assert.equal(house.small.readers(), 0)
})

test('a definition is tried before it is saved', async () => {
  const definition = { blocks: [{ type: 'number', id: 'n', title: 'N', query: query() }] }
  const preview = await ask('mona', 'POST', '/v1/report-previews', { definition })
  assert.deepEqual([preview.status, preview.body.blocks[0].value, preview.body.report], [200, 435, null])
  assert.equal((await ask('vera', 'POST', '/v1/report-previews', { definition })).status, 403)
})

test('the range before is as many whole months, or as many days; a year earlier are the same days', () => {
  const before = (start: string, end: string, which: 'previous_period' | 'previous_year' = 'previous_period') => {
    const range = rangeBefore({ start, end }, which)
    return `${range.start}/${range.end}`
  }
  assert.equal(before('2026-03-01', '2026-03-31'), '2026-02-01/2026-02-28')
  assert.equal(before('2026-01-01', '2026-03-31'), '2025-10-01/2025-12-31')
  assert.equal(before('2026-03-05', '2026-03-11'), '2026-02-26/2026-03-04')
  assert.equal(before('2024-02-29', '2024-02-29', 'previous_year'), '2023-02-28/2023-02-28')
  assert.equal(before('2025-02-01', '2025-02-28', 'previous_year'), '2024-02-01/2024-02-29')
  assert.deepEqual(periodsIn({ start: '2025-11-03', end: '2026-01-02' }, 'month', 10), [
    '2025-11-01',
    '2025-12-01',
    '2026-01-01',
  ])
  assert.deepEqual(periodsIn({ start: '0001-01-01', end: '9999-12-31' }, 'day', 2), ['0001-01-01', '0001-01-02'])
  assert.deepEqual(
    ['day', 'month', 'quarter', 'year'].map((unit) => periodName('2026-04-01', unit as 'day')),
    ['2026-04-01', 'Apr 2026', '2026 Q2', '2026'],
  )
})

test('a report of a hundred blocks answers all of them, from the warehouse and again from memory', async () => {
  const number = (i: number) => ({
    type: 'number',
    id: `n${i}`,
    title: `N${i}`,
    compare: 'previous_period',
    query: query({ period: { start: '2026-01-01', end: `2026-01-${String(1 + (i % 31)).padStart(2, '0')}` } }),
  })
  const url = await make(Array.from({ length: 100 }, (_, i) => number(i)))
  for (let times = 0; times < 2; times++) {
    const { body } = await data(url)
    assert.deepEqual(
      body.blocks.filter(({ type }: { type: string }) => type !== 'number'),
      [],
    )
    assert.deepEqual([body.blocks[0].value, body.blocks[14].value, body.blocks[30].value], [0, 105, 105])
  }
})

test('days at the ends of the calendar are answered, or say what is wrong, like any other', async () => {
  const number = (start: string, end: string, compare: string) => ({
    type: 'number',
    id: `n${start.slice(0, 4)}${compare.slice(9)}`,
    title: 'N',
    compare,
    query: query({ period: { start, end } }),
  })
  const chart = {
    type: 'chart',
    id: 'chart',
    title: 'C',
    chart: 'bar',
    query: query({ series: true, unit: 'day', period: { start: '0001-01-01', end: '9999-12-31' } }),
  }
  const url = await make([
    number('0001-01-01', '0001-01-01', 'previous_period'),
    number('0001-01-01', '0001-12-31', 'previous_year'),
    number('9999-01-01', '9999-12-31', 'previous_period'),
    chart,
  ])
  const { status, body } = await data(url)
  assert.equal(status, 200, JSON.stringify(body))
  assert.deepEqual(
    body.blocks.map((block: { type: string; cut?: object }) => [block.type, block.cut]),
    [
      ['number', undefined],
      ['number', undefined],
      ['number', undefined],
      ['chart', null],
    ],
  )
  assert.equal(body.blocks[3].categories.length, 30)
})
