import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { Grants } from '#src/access/grants.ts'
import { plainReport, reportsHouse, rowFilter, salesFiles } from '#test/reports.ts'

const house = await reportsHouse({ access: rowFilter })
const { ask, join } = house

const inputs = [
  { id: 'center', type: 'single_select', label: 'Center', options: { model: 'sales', option_set: 'centers' } },
  {
    id: 'tags',
    type: 'multi_select',
    label: 'Tags',
    most: 2,
    options: {
      values: [
        { id: 'a', label: 'Alpha', colour: 'red' },
        { id: 'b', label: 'Beta' },
        { id: 'c', label: 'Gamma' },
      ],
    },
  },
  { id: 'note', type: 'text', label: 'Note', max_length: 20, required: true },
  { id: 'effort', type: 'number', label: 'Effort', min: 0, max: 100, decimals: 1 },
  { id: 'seen', type: 'checkbox', label: 'Seen' },
  { id: 'due', type: 'date', label: 'Due', min: '2026-01-01' },
  { id: 'who', type: 'person', label: 'Who' },
  { id: 'boss', type: 'text', label: 'For managers', entry: 'manager' },
  { id: 'mine', type: 'text', label: 'For the owner', entry: 'owner' },
  { id: 'early', type: 'text', label: 'Too late', locked_after: '2020-01-31' },
]
const table = (over: object = {}) => ({
  type: 'table',
  id: 'by_shop',
  title: 'By shop',
  query: { model: 'sales', metrics: ['total'], dimensions: ['shop'] },
  inputs,
  ...over,
})
let reports = 0
async function make(over: object = {}) {
  const id = `i-${++reports}`
  const made = await ask('mona', 'POST', '/v1/reports', plainReport({ id, definition: { blocks: [table(over)] } }))
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return { url: `/v1/reports/${id}`, inputs: `/v1/reports/${id}/inputs`, id }
}
const cell = (column: string, value: unknown, version = 0, shop = 's0') => ({ row: { shop }, column, value, version })
const fill = (url: string, cells: object[], who = 'mona', more: object = {}) =>
  ask(who, 'PATCH', url, { cells, ...more })
const read = async (url: string, who = 'mona') => {
  const { body } = await ask(who, 'POST', `${url}/data`)
  const [block] = body.blocks
  const names = block.inputs.map(({ id }: { id: string }) => id)
  return (column: string, shop = 's0') =>
    block.rows.find((row: { key: { shop: string } }) => row.key.shop === shop).inputs[names.indexOf(column)]
}
const pointers = (reply: { body: { errors: { pointer: string; detail: string }[] } }) =>
  reply.body.errors.map(({ pointer }) => pointer.replace('#/cells/', ''))

before(async () => {
  await join('mona', 'manager')
  await join('mike', 'manager')
  await join('ada', 'member')
  await join('vera', 'viewer')
})

test('cells of every type are filled in at once, and shown with who and when beside their rows', async () => {
  const report = await make()
  const filled = await fill(report.inputs, [
    cell('center', '20'),
    cell('tags', ['b', 'a', 'b']),
    cell('note', 'Über <b>all</b>'),
    cell('effort', 12.5),
    cell('seen', true),
    cell('due', '2026-12-24'),
    cell('who', 'ada'),
    cell('note', 'Second', 0, 's1'),
  ])
  assert.equal(filled.status, 200, JSON.stringify(filled.body))
  const shown = await read(report.url)
  const center = shown('center')
  assert.deepEqual(
    [center.value, center.shown, center.version, center.changed_by, center.choices],
    ['20', 'Äther', 1, 'mona', [{ id: '20', label: 'Äther', retired: false }]],
  )
  assert.equal(center.changed_at, house.clock.now().toISOString())
  const columns = ['tags', 'note', 'effort', 'seen', 'due', 'who']
  assert.deepEqual(
    columns.map((column) => [shown(column).value, shown(column).shown]),
    [
      [['b', 'a'], 'Beta, Alpha'],
      ['Über <b>all</b>', 'Über <b>all</b>'],
      [12.5, '12.5'],
      [true, 'Yes'],
      ['2026-12-24', '2026-12-24'],
      ['ada', 'ada'],
    ],
  )
  assert.equal(shown('tags').choices[1].colour, 'red')
  assert.deepEqual(shown('boss'), { value: null, shown: null, version: 0, changed_at: null, changed_by: null })
  const events = await house.db
    .selectFrom('audit_events')
    .select(['verb', 'detail'])
    .orderBy('id', 'desc')
    .limit(1)
    .execute()
  assert.equal(events[0]!.verb, 'report.filled_in')
  assert.deepEqual(events[0]!.detail, {
    cells: 8,
    columns: { center: 1, tags: 1, note: 2, effort: 1, seen: 1, due: 1, who: 1 },
    note: null,
  })
})

test('required values are counted as missing, and none can be emptied', async () => {
  const report = await make()
  const missing = async () => (await ask('mona', 'POST', `${report.url}/data`)).body.missing
  assert.equal(await missing(), 3)
  await fill(report.inputs, [cell('note', 'x')])
  assert.equal(await missing(), 2)
  const emptied = await fill(report.inputs, [cell('note', '  ', 1)])
  assert.deepEqual([emptied.status, pointers(emptied)], [422, ['0/value']])
  const other = await fill(report.inputs, [cell('effort', 5)])
  assert.equal(other.status, 200)
  const gone = await fill(report.inputs, [cell('effort', null, 1)])
  assert.deepEqual([gone.body.cells[0].cell.value, gone.body.cells[0].cell.version], [null, 2])
})

test('all that is wrong with cells is told at once, and nothing of them is kept', async () => {
  const report = await make()
  const wrong = await fill(report.inputs, [
    cell('nothing', 'x'),
    cell('center', '99'),
    cell('center', '30', 0, 's2'),
    cell('tags', ['a', 'z']),
    cell('tags', ['a', 'b', 'c'], 0, 's1'),
    cell('note', 'x'.repeat(21)),
    cell('note', 5, 0, 's1'),
    cell('effort', 101),
    cell('effort', 1.25, 0, 's1'),
    cell('seen', 'yes'),
    cell('due', '2025-12-31'),
    cell('due', '2026-02-30', 0, 's1'),
    cell('who', 'nobody'),
    cell('early', 'x'),
    cell('note', 'x', 0, 'nowhere'),
    { row: { clerk: 'ada' }, column: 'note', value: 'x', version: 0 },
    { row: { shop: 's2', clerk: 'ada' }, column: 'note', value: 'x', version: 0 },
    cell('seen', true, 0, 's2'),
    cell('seen', false, 0, 's2'),
    cell('note', 'fine', 0, 's2'),
  ])
  assert.deepEqual([wrong.status, wrong.body.code], [422, 'report-inputs-invalid'])
  assert.deepEqual(pointers(wrong), [
    '0/column',
    '1/value',
    '2/value',
    '3/value',
    '4/value',
    '5/value',
    '6/value',
    '7/value',
    '8/value',
    '9/value',
    '10/value',
    '11/value',
    '12/value',
    '13',
    '14/row',
    '15/row',
    '16/row',
    '18',
  ])
  assert.match(wrong.body.errors[2].detail, /Long cannot be chosen in this row/)
  assert.match(wrong.body.errors[13].detail, /until 2020-01-31/)
  assert.equal((await read(report.url))('note', 's2').version, 0)
})

test('what is no value at all is refused by its shape', async () => {
  const report = await make()
  const status = async (body: object | string) => {
    const reply = await ask('mona', 'PATCH', report.inputs, body)
    return [reply.status, reply.body.code]
  }
  const one = (value: string) => `{"cells":[{"row":{"shop":"s0"},"column":"effort","value":${value},"version":0}]}`
  assert.deepEqual(await status(one('NaN')), [400, 'json-invalid'])
  assert.deepEqual(await status(one('1e999')), [400, 'request-invalid'])
  assert.deepEqual(await status(one('1e20')), [400, 'request-invalid'])
  assert.deepEqual(await status(one('"a\\u0000b"')), [400, 'request-invalid'])
  assert.deepEqual(await status(one('"\\ud800"')), [400, 'request-invalid'])
  assert.deepEqual(await status(one('{"a":1}')), [400, 'request-invalid'])
  assert.deepEqual(await status({ cells: [] }), [400, 'request-invalid'])
  const many = Array.from({ length: 1001 }, () => cell('note', 'x'))
  assert.deepEqual(await status({ cells: many }), [400, 'request-invalid'])
  const nul = { ...cell('note', 'x'), row: { shop: 'a\0' } }
  assert.deepEqual(await status({ cells: [nul] }), [400, 'request-invalid'])
})

test('of several who change a cell at once one wins; the others are told what it holds, by whom and since when', async () => {
  const report = await make()
  const people = ['mona', 'mike', 'ada', 'mona', 'mike']
  const replies = await Promise.all(people.map((who, i) => fill(report.inputs, [cell('note', `text ${i}`)], who)))
  const won = replies.filter(({ status }) => status === 200)
  const lost = replies.filter(({ status }) => status === 409)
  assert.deepEqual([won.length, lost.length], [1, 4], JSON.stringify(replies.map(({ body }) => body)))
  const { current, row, column } = lost[0]!.body.conflicts[0]
  const { cell: kept } = won[0]!.body.cells[0]
  assert.deepEqual([current, row, column], [kept, { shop: 's0' }, 'note'])
  assert.match(lost[0]!.body.detail, new RegExp(`holds “text \\d” now, by ${kept.changed_by} at `))
  // Together with one that lost, none is kept.
  const mixed = await fill(report.inputs, [cell('effort', 1), cell('note', 'stale', 0)])
  assert.equal(mixed.status, 409)
  assert.equal((await read(report.url))('effort').version, 0)
  // The same value again changes nothing, whichever version was seen.
  const same = await fill(report.inputs, [cell('note', kept.value, 0)])
  assert.deepEqual([same.status, same.body.cells[0].cell.version], [200, 1])
  assert.equal((await fill(report.inputs, [cell('note', 'then', 1)])).body.cells[0].cell.version, 2)
})

test('who may fill in what is said by role, owner and permission', async () => {
  const report = await make()
  const status = async (who: string, column: string) => (await fill(report.inputs, [cell(column, 'x')], who)).status
  assert.equal((await fill(report.inputs, [cell('effort', 1)], 'vera')).status, 403)
  assert.deepEqual([await status('ada', 'boss'), await status('mike', 'boss')], [403, 200])
  assert.deepEqual([await status('mike', 'mine'), await status('mona', 'mine')], [403, 200])
  const may = async (who: string) => {
    const { body } = await ask(who, 'POST', `${report.url}/data`)
    return body.blocks[0].inputs
      .filter((one: { may_input: boolean }) => one.may_input)
      .map(({ id }: { id: string }) => id)
  }
  assert.deepEqual(await may('vera'), [])
  assert.deepEqual(await may('ada'), ['center', 'tags', 'note', 'effort', 'seen', 'due', 'who'])
  assert.deepEqual((await may('mona')).slice(-2), ['boss', 'mine'])
  house.show('one', { ...house.people.get('mona')!, grants: Grants.of(['reports:input:other']) })
  const refused = await fill(report.inputs, [cell('note', 'x')], 'one')
  assert.deepEqual([refused.status, refused.body.missing_permissions], [403, [`reports:input:${report.id}`]])
  house.show('only-input', { ...house.people.get('mona')!, grants: Grants.of([`reports:input:${report.id}`]) })
  assert.equal((await fill(report.inputs, [cell('note', 'x')], 'only-input')).status, 200)
  await ask('mona', 'PUT', report.url, plainReport({ shared_with: 'owner', definition: { blocks: [table()] } }), {
    'if-match': '*',
  })
  assert.equal((await fill(report.inputs, [cell('note', 'x')], 'mike')).status, 404)
})

test('who sees only their own rows fills in, reads and follows only these', async () => {
  const report = await make()
  assert.equal((await fill(report.inputs, [cell('note', 'own')], 'ada')).status, 200)
  const foreign = await fill(report.inputs, [cell('note', 'other', 0, 's1')], 'ada')
  assert.deepEqual([foreign.status, pointers(foreign)], [422, ['0/row']])
  await fill(report.inputs, [cell('note', 'secret', 0, 's1')])
  const notes = async (who: string) =>
    (await ask(who, 'GET', report.inputs)).body.rows.map((row: { key: { shop: string } }) => row.key.shop)
  assert.deepEqual([await notes('ada'), await notes('mona')], [['s0'], ['s0', 's1']])
  const history = async (who: string) => (await ask(who, 'GET', `${report.inputs}/history`)).body.items.length
  assert.deepEqual([await history('ada'), await history('mona')], [1, 2])
})

test('an open report polls for nothing until something is filled in or the options change', async () => {
  const report = await make()
  const poll = (etag: string) => ask('mona', 'POST', `${report.url}/data`, undefined, { 'if-none-match': etag })
  const { etag } = await poll('')
  assert.equal((await poll(etag)).status, 304)
  await fill(report.inputs, [cell('note', 'x')])
  const next = await poll(etag)
  assert.equal(next.status, 200)
  assert.equal((await poll(next.etag)).status, 304)
})

test('every change is kept, per cell and per report, with what stood there before', async () => {
  const report = await make()
  await fill(report.inputs, [cell('center', '10'), cell('note', 'x')], 'mona', { note: 'First guess' })
  await fill(report.inputs, [cell('center', '20', 1)], 'mike')
  await fill(report.inputs, [cell('center', null, 2)], 'mike')
  const row = encodeURIComponent(JSON.stringify({ shop: 's0' }))
  const one = await ask('vera', 'GET', `${report.inputs}/history?column=center&row=${row}`)
  assert.equal(one.body.items.length, 0, 'whose rows are filtered sees no foreign ones')
  const seen = await ask('mona', 'GET', `${report.inputs}/history?column=center&row=${row}`)
  assert.deepEqual(
    seen.body.items.map(
      (item: { before: string; value: string; shown: string; version: number; changed_by: string; note: string }) => [
        item.before,
        item.value,
        item.shown,
        item.version,
        item.changed_by,
        item.note,
      ],
    ),
    [
      ['20', null, null, 3, 'mike', null],
      ['10', '20', 'Äther', 2, 'mike', null],
      [null, '10', 'Teaching', 1, 'mona', 'First guess'],
    ],
  )
  const pages: string[] = []
  let url: string | undefined = `${report.inputs}/history?limit=3`
  while (url) {
    const page = await ask('mona', 'GET', url)
    pages.push(page.body.items.map((item: { column: string }) => item.column).join())
    url = /<([^>]+)>; rel="next"/.exec(String(page.headers.link ?? ''))?.[1]
  }
  assert.deepEqual(
    pages.map((page) => page.split(',').length),
    [3, 1],
  )
  assert.equal((await ask('mona', 'GET', `${report.inputs}/history?row=nonsense`)).status, 400)
})

test('options are listed as they are now, those of one row, by search; people only to those who pick one', async () => {
  const report = await make()
  const labels = async (column: string, query = '', who = 'mona') => {
    const reply = await ask(who, 'GET', `${report.url}/columns/${column}/options${query}`)
    return reply.body.items?.map(({ label }: { label: string }) => label) ?? reply.status
  }
  const row = (shop: string) => `row=${encodeURIComponent(JSON.stringify({ shop }))}`
  assert.deepEqual(await labels('center'), ['Long', 'Teaching', 'Äther'])
  assert.deepEqual(await labels('center', `?${row('s1')}`), ['Long', 'Teaching'])
  assert.deepEqual(await labels('center', `?${row('s2')}`), ['Teaching'])
  assert.deepEqual(await labels('center', '?search=teach'), ['Teaching'])
  assert.deepEqual(await labels('tags', '?search=A&limit=2'), ['Alpha', 'Beta'])
  assert.deepEqual(await labels('who', '?search=M'), ['mike', 'mona'])
  assert.equal(await labels('who', '', 'vera'), 403)
  assert.deepEqual(await labels('center', '', 'vera'), ['Long', 'Teaching', 'Äther'])
  assert.equal(await labels('nothing'), 404)
  assert.equal(await labels('note'), 422)
  const { body } = await ask('mona', 'POST', `${report.url}/data`)
  const [center, tags] = body.blocks[0].inputs
  assert.deepEqual([center.options.by_row, center.options.total, center.options.version], [true, 3, 'sales@1'])
  assert.deepEqual([tags.options.by_row, tags.options.version, tags.options.items.length], [false, null, 3])
})

test('a chosen option that is no longer offered stays, marked as retired, until somebody chooses another', async () => {
  const report = await make()
  await fill(report.inputs, [cell('tags', ['a', 'b'])])
  const fewer = inputs.map((column) =>
    column.id === 'tags'
      ? {
          ...column,
          options: {
            values: [
              { id: 'b', label: 'Better' },
              { id: 'd', label: 'Delta' },
            ],
          },
        }
      : column,
  )
  const put = await ask(
    'mona',
    'PUT',
    report.url,
    plainReport({ definition: { blocks: [table({ inputs: fewer })] } }),
    { 'if-match': '*' },
  )
  assert.equal(put.status, 200, JSON.stringify(put.body))
  const { body } = await ask('mona', 'POST', `${report.url}/data`)
  assert.deepEqual(body.blocks[0].inputs[1].options.items, [
    { id: 'b', label: 'Better', retired: false },
    { id: 'd', label: 'Delta', retired: false },
    { id: 'a', label: 'Alpha', retired: true },
  ])
  assert.deepEqual((await read(report.url))('tags').choices, [
    { id: 'a', label: 'Alpha', retired: true },
    { id: 'b', label: 'Better', retired: false },
  ])
  // Kept beside a new one here, but not to be chosen anew elsewhere.
  assert.equal((await fill(report.inputs, [cell('tags', ['a', 'd'], 1)])).status, 200)
  assert.equal((await fill(report.inputs, [cell('tags', ['a'], 0, 's1')])).status, 422)
  assert.equal((await fill(report.inputs, [cell('tags', ['d'], 2)])).status, 200)
  assert.equal((await fill(report.inputs, [cell('tags', ['a'], 3)])).status, 422)
})

test('values survive their column being taken out, and are never read as another type', async () => {
  const report = await make()
  await fill(report.inputs, [cell('note', 'kept'), cell('effort', 5)])
  const put = (columns: object[]) =>
    ask('mona', 'PUT', report.url, plainReport({ definition: { blocks: [table({ inputs: columns })] } }), {
      'if-match': '*',
    })
  assert.equal((await put(inputs.filter(({ id }) => id !== 'note'))).status, 200)
  const other = await put(
    inputs.map((column) => (column.id === 'note' ? { id: 'note', type: 'number', label: 'Note' } : column)),
  )
  assert.deepEqual([other.status, other.body.errors[0].pointer], [422, '#/definition/blocks/0/inputs/2/type'])
  assert.equal((await ask('mona', 'POST', `${report.url}/versions/1/restore`)).status, 200)
  assert.equal((await read(report.url))('note').value, 'kept')
})

test('rows that the model has lost keep what was filled in, and are shown when asked for', async () => {
  const report = await make()
  await fill(report.inputs, [cell('note', 'here'), cell('note', 'gone', 0, 's1'), cell('center', '30', 0, 's1')])
  // As if the model had lost the shop since.
  const key = JSON.stringify({ shop: 'lost' })
  const { rowIdOf } = await import('./row-key.ts')
  await house.db
    .updateTable('report_inputs')
    .set({ row_key: key, row_id: rowIdOf({ shop: 'lost' }), row_labels: JSON.stringify({ shop: 'LOST' }) })
    .where('report_id', '=', report.id)
    .where('row_id', '=', rowIdOf({ shop: 's1' }))
    .execute()
  const rows = async (query: string, who = 'mona') => {
    const { body } = await ask(who, 'GET', `${report.inputs}${query}`)
    return body.rows.map((row: { labels: string[]; orphaned: boolean }) => [...row.labels, row.orphaned])
  }
  assert.deepEqual(await rows(''), [['S0', false]])
  assert.deepEqual(await rows('?orphaned=true'), [
    ['LOST', true],
    ['S0', false],
  ])
  assert.deepEqual(
    await rows('?orphaned=true', 'ada'),
    [['S0', false]],
    'who sees only some rows cannot tell lost ones from others’',
  )
  // They can be tidied up, but nothing new can be put there.
  assert.equal((await fill(report.inputs, [cell('center', null, 1, 'lost')])).status, 200)
  assert.equal((await fill(report.inputs, [cell('effort', 1, 0, 'lost')])).status, 422)
  const csv = await ask('mona', 'GET', `${report.inputs}?orphaned=true&format=csv`)
  assert.match(String(csv.headers['content-type']), /^text\/csv/)
  const lines = csv.body.trimEnd().split('\n')
  assert.match(lines[0], /^shop_id,shop,center_id,center,center_changed_at,center_changed_by,tags_id,tags,/)
  assert.match(lines[1], /^lost,LOST,,,/)
  assert.match(lines[1], /,gone,.*,mona,.*,true$/)
})

test('the CSV holds no text that a spreadsheet takes for a formula, unless it is for programs', async () => {
  const report = await make()
  assert.equal((await fill(report.inputs, [cell('note', '=HYPERLINK("x")'), cell('effort', 1.5)])).status, 200)
  const csv = async (more = '') => (await ask('mona', 'GET', `${report.inputs}?format=csv${more}`)).body as string
  assert.match(await csv(), /,"'=HYPERLINK\(""x""\)",.*,1\.5,/)
  assert.match(await csv('&spreadsheet=false'), /,"=HYPERLINK\(""x""\)",/)
})

test('in a series values belong to row and period', async () => {
  const query = { model: 'sales', metrics: ['total'], dimensions: ['shop'], series: true, unit: 'month' }
  const auto = await ask(
    'mona',
    'POST',
    '/v1/reports',
    plainReport({ definition: { blocks: [table({ query: { ...query, unit: 'auto' } })] } }),
  )
  assert.deepEqual([auto.status, auto.body.errors[0].pointer], [422, '#/definition/blocks/0/query/unit'])
  const report = await make({ query })
  const at = (period: string, shop = 's0') => ({ row: { shop, period }, column: 'note', value: period, version: 0 })
  assert.equal((await fill(report.inputs, [at('2026-01-01'), at('2026-02-01')])).status, 200)
  assert.deepEqual(
    pointers(await fill(report.inputs, [at('2026-01-02'), at('January'), at('2026-01-01', 'nowhere')])),
    ['0/row/period', '1/row/period', '2/row'],
  )
  const { body } = await ask('mona', 'POST', `${report.url}/data`)
  const row = body.blocks[0].rows.find(
    (one: { key: object }) => JSON.stringify(one.key) === '{"period":"2026-02-01","shop":"s0"}',
  )
  assert.deepEqual([row.cells.slice(0, 2), row.inputs[2].value], [['Feb 2026', 'S0'], '2026-02-01'])
})

test('a thousand cells are one change', async () => {
  const shops = Array.from({ length: 1000 }, (_, i) => `2026-01-01,shop ${i},clerk ${i},1`)
  const many = await reportsHouse({ files: salesFiles({ sales: shops }) })
  await many.join('mona', 'manager')
  const definition = { blocks: [table()] }
  await many.ask('mona', 'POST', '/v1/reports', plainReport({ id: 'many', definition }))
  const cells = shops.map((_, i) => cell('note', `note ${i}`, 0, `shop ${i}`))
  const filled = await many.ask('mona', 'PATCH', '/v1/reports/many/inputs', { cells })
  assert.deepEqual([filled.status, filled.body.cells.length], [200, 1000])
  assert.equal((await many.verbs()).filter((verb) => verb === 'report.filled_in').length, 1)
  const { body } = await many.ask('mona', 'POST', '/v1/reports/many/data')
  assert.deepEqual([body.missing, body.blocks[0].rows.length], [0, 1000])
})
