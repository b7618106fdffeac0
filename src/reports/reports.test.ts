import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { Grants } from '#src/access/grants.ts'
import { plainReport, reportsHouse } from '#test/reports.ts'
import { idFrom } from './create-report.ts'

const house = await reportsHouse()
const { ask, join } = house
const definition = (blocks: readonly object[], parameters: readonly object[] = []) => ({ parameters, blocks })
const table = (over: object = {}, query: object = {}) => ({
  type: 'table',
  id: 'table',
  title: 'Table',
  query: { model: 'sales', metrics: ['total'], dimensions: ['shop'], ...query },
  ...over,
})
let reports = 0
/** Makes a report of mona's, or whoever's; returns its id and tag. */
async function make(over: object = {}, who = 'mona') {
  const made = await ask(who, 'POST', '/v1/reports', plainReport({ id: `r-${++reports}`, ...over }))
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return { id: made.body.id as string, etag: made.etag, url: `/v1/reports/${made.body.id}`, body: made.body }
}

before(async () => {
  await join('mona', 'manager')
  await join('mike', 'manager')
  await join('abel', 'admin')
  await join('mimi', 'member')
  await join('vera', 'viewer')
})

test('a report is made, shown with its tag, and belongs to who made it', async () => {
  const made = await ask('mona', 'POST', '/v1/reports', plainReport())
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.equal(made.headers.location, '/v1/reports/weekly-sales')
  assert.deepEqual([made.body.id, made.body.owner, made.body.version], ['weekly-sales', 'mona', 1])
  assert.deepEqual(made.body.may, { write: true, input: false, manage: true })
  const shown = await ask('mona', 'GET', '/v1/reports/weekly-sales')
  assert.deepEqual([shown.status, shown.etag, shown.body], [200, made.etag, made.body])
  const known = await ask('mona', 'GET', '/v1/reports/weekly-sales', undefined, { 'if-none-match': made.etag })
  assert.equal(known.status, 304)
  assert.equal((await house.verbs()).at(-1), 'report.created')
})

test('an id is made from the title, in letters of an address, and never twice', async () => {
  assert.deepEqual(['Wöchentliche Nutzung – 2026!', '  --  ', '週報', 'ÅÄÖ', 'x'.repeat(200)].map(idFrom), [
    'wochentliche-nutzung-2026',
    'report',
    'report',
    'aao',
    'x'.repeat(60),
  ])
  const ids = []
  for (let i = 0; i < 3; i++)
    ids.push((await ask('mona', 'POST', '/v1/reports', plainReport({ title: '週報' }))).body.id)
  assert.deepEqual(ids, ['report', 'report-2', 'report-3'])
  const taken = await ask('mike', 'POST', '/v1/reports', plainReport({ id: 'report-2' }))
  assert.deepEqual([taken.status, taken.body.code], [409, 'report-taken'])
  const editor = await ask('mike', 'POST', '/v1/reports', plainReport({ id: 'new' }))
  assert.deepEqual([editor.status, editor.body.code], [409, 'report-taken'], 'the portal makes new reports there')
  const called = await ask('mike', 'POST', '/v1/reports', plainReport({ title: 'New!' }))
  assert.match(called.body.id, /^report-\d+$/)
})

test('who sees a report is said by a role; for all others it does not exist', async () => {
  const seen = async (url: string) =>
    Promise.all(['mona', 'mike', 'abel', 'mimi', 'vera'].map(async (who) => (await ask(who, 'GET', url)).status))
  const own = await make({ shared_with: 'owner' })
  const managers = await make({ shared_with: 'manager' })
  const all = await make({ shared_with: 'viewer' })
  assert.deepEqual(await seen(own.url), [200, 404, 404, 404, 404])
  assert.deepEqual(await seen(managers.url), [200, 200, 200, 404, 404])
  assert.deepEqual(await seen(all.url), [200, 200, 200, 200, 200])
  const listed = async (who: string) =>
    (await ask(who, 'GET', '/v1/reports?limit=200')).body.items.map(({ id }: { id: string }) => id)
  assert.ok(!(await listed('vera')).includes(managers.id))
  assert.ok((await listed('mike')).includes(managers.id))
  assert.ok(!(await listed('mike')).includes(own.id))
  for (const [method, url] of [
    ['PUT', own.url],
    ['DELETE', own.url],
    ['GET', `${own.url}/versions`],
    ['GET', `${own.url}/versions/1`],
    ['POST', `${own.url}/versions/1/restore`],
  ] as const) {
    const refused = await ask('mike', method, url, method === 'PUT' ? plainReport() : undefined)
    assert.deepEqual([refused.status, refused.body.code], [404, 'report-not-found'], `${method} ${url}`)
  }
  assert.equal((await ask('mona', 'GET', '/v1/reports/nothing')).status, 404)
})

test('what nobody could care for any more, administrators see', async () => {
  await join('gone', 'manager')
  const left = await make({ shared_with: 'owner' }, 'gone')
  assert.equal((await ask('abel', 'GET', left.url)).status, 404)
  await house.db
    .updateTable('accounts')
    .set({ state: 'disabled', disabled_at: new Date() })
    .where('user_name', '=', 'gone')
    .execute()
  assert.equal((await ask('abel', 'GET', left.url)).status, 200)
  assert.equal((await ask('mike', 'GET', left.url)).status, 404)
  const listed = await ask('abel', 'GET', `/v1/reports?search=${left.id}`)
  assert.equal(listed.body.total, 1)
})

test('a token narrowed to one report reads and lists that one only', async () => {
  const one = await make()
  const other = await make()
  house.show('narrow', { ...house.people.get('mona')!, grants: Grants.of([`reports:read:${one.id}`]) })
  assert.equal((await ask('narrow', 'GET', one.url)).status, 200)
  const refused = await ask('narrow', 'GET', other.url)
  assert.deepEqual([refused.status, refused.body.missing_permissions], [403, [`reports:read:${other.id}`]])
  const listed = await ask('narrow', 'GET', '/v1/reports')
  assert.deepEqual([listed.body.total, listed.body.items[0].id], [1, one.id])
  assert.equal((await ask('narrow', 'PUT', one.url, plainReport(), { 'if-match': one.etag })).status, 403)
  house.show('writer', {
    ...house.people.get('mona')!,
    grants: Grants.of(['reports:write:just-this', 'warehouse:read']),
  })
  assert.equal((await ask('writer', 'POST', '/v1/reports', plainReport({ id: 'just-that' }))).status, 403)
  assert.equal((await ask('writer', 'POST', '/v1/reports', plainReport({ id: 'just-this' }))).status, 201)
})

test('reports are listed by title, paged without gaps, searched, and counted', async () => {
  const title = (name: string) => make({ title: `Zoo ${name}` })
  for (const name of ['b', 'A', 'c', 'Ä', 'b']) await title(name)
  const seen: string[] = []
  let url: string | undefined = '/v1/reports?search=zoo&limit=2'
  while (url) {
    const page = await ask('vera', 'GET', url)
    assert.equal(page.body.total, 5)
    seen.push(...page.body.items.map((item: { title: string }) => item.title))
    url = /<([^>]+)>; rel="next"/.exec(String(page.headers.link ?? ''))?.[1]
  }
  assert.deepEqual([...seen].sort(), ['Zoo A', 'Zoo b', 'Zoo b', 'Zoo c', 'Zoo Ä'].sort())
  assert.equal((await ask('vera', 'GET', '/v1/reports?search=zoo&mine=true')).body.total, 0)
  assert.equal((await ask('vera', 'GET', '/v1/reports?search=100%25_')).body.total, 0)
})

test('a change needs the state that was read; who was slower loses nothing and is told', async () => {
  const report = await make()
  const put = (title: string, etag?: string, who = 'mike') =>
    ask(who, 'PUT', report.url, { ...plainReport({ title }), shared_with: undefined }, etag ? { 'if-match': etag } : {})
  assert.equal((await put('Blind')).status, 428)
  const [first, second] = await Promise.all([put('First', report.etag), put('Second', report.etag)])
  assert.deepEqual([first.status, second.status].sort(), [200, 412])
  const won = first.status === 200 ? first : second
  const lost = first.status === 200 ? second : first
  assert.equal(lost.etag, won.etag)
  assert.equal(won.body.version, 2)
  const same = await put(won.body.title, won.etag)
  assert.deepEqual([same.status, same.body.version], [200, 2], 'nothing changed, so there is no new version')
  assert.equal((await ask('vera', 'PUT', report.url, plainReport(), { 'if-match': won.etag })).status, 403)
})

test('every version is kept and can be restored as a new one; with whom it is shared stays', async () => {
  const report = await make({ title: 'One', note: 'The beginning' })
  const body = (over: object) => plainReport({ shared_with: undefined, ...over })
  const second = await ask(
    'mona',
    'PUT',
    report.url,
    body({
      title: 'Two',
      shared_with: 'manager',
      definition: definition([{ type: 'text', id: 'words', markdown: 'Hi' }]),
    }),
    { 'if-match': report.etag },
  )
  assert.equal(second.status, 200, JSON.stringify(second.body))
  const stale = await ask('mona', 'POST', `${report.url}/versions/1/restore`, undefined, { 'if-match': report.etag })
  assert.equal(stale.status, 412)
  const restored = await ask('mona', 'POST', `${report.url}/versions/1/restore`, undefined, { 'if-match': second.etag })
  assert.deepEqual(
    [restored.body.version, restored.body.title, restored.body.shared_with, restored.body.definition],
    [3, 'One', 'manager', report.body.definition],
  )
  const versions = await ask('mike', 'GET', `${report.url}/versions?limit=2`)
  assert.deepEqual(
    versions.body.items.map((one: { version: number; note: string }) => [one.version, one.note]),
    [
      [3, 'As in version 1'],
      [2, null],
    ],
  )
  const rest = await ask('mike', 'GET', /<([^>]+)>/.exec(String(versions.headers.link))![1]!)
  assert.deepEqual(
    rest.body.items.map((one: { note: string; changed_by: string }) => [one.note, one.changed_by]),
    [['The beginning', 'mona']],
  )
  const two = await ask('mike', 'GET', `${report.url}/versions/2`)
  assert.deepEqual([two.body.title, two.body.definition.blocks[0].markdown], ['Two', 'Hi'])
  assert.equal((await ask('mike', 'GET', `${report.url}/versions/9`)).body.code, 'report-version-not-found')
  assert.equal((await ask('mike', 'GET', `${report.url}/versions/0`)).status, 404)
})

test('only its owner and administrators delete a report or share it, and not while something needs it', async () => {
  const report = await make()
  const refused = await ask('mike', 'DELETE', report.url)
  assert.deepEqual([refused.status, refused.body.code], [403, 'not-your-report'])
  const wider = plainReport({ shared_with: 'owner' })
  assert.equal((await ask('mike', 'PUT', report.url, wider, { 'if-match': report.etag })).status, 403)
  house.uses.push({ kind: 'subscription', id: 'weekly', label: 'Weekly to the team' })
  const used = await ask('mona', 'DELETE', report.url)
  assert.deepEqual([used.status, used.body.used_by[0].id], [409, 'weekly'])
  house.uses.pop()
  assert.equal((await ask('mona', 'DELETE', report.url, undefined, { 'if-match': '"old"' })).status, 412)
  assert.equal((await ask('abel', 'DELETE', report.url)).status, 204)
  assert.equal((await ask('mona', 'GET', report.url)).status, 404)
  assert.equal((await house.verbs()).at(-1), 'report.deleted')
})

test('all that does not fit the models is told at once, each with where it stands', async () => {
  const inputs = [
    { id: 'total', type: 'text', label: 'Clash' },
    { id: 'center', type: 'single_select', label: 'Center', options: { model: 'sales', option_set: 'centres' } },
    {
      id: 'center',
      type: 'single_select',
      label: 'Twin',
      options: {
        values: [
          { id: 'a', label: 'A' },
          { id: 'a', label: 'B' },
        ],
      },
    },
    {
      id: 'by',
      type: 'single_select',
      label: 'By',
      options: { model: 'sales', option_set: 'centers', filter_by: 'clerk' },
    },
    { id: 'many', type: 'number', label: 'Many', min: 2, max: 1 },
  ]
  const wrong = definition(
    [
      table(
        { inputs, columns: [{ name: 'totl', formats: [{ when: 'between', value: 1, colour: 'red' }] }] },
        { metrics: ['total', 'totle'], order: [{ by: 'nothing' }] },
      ),
      table({ id: 'table' }, { model: 'secrets' }),
      table(
        { id: 'refs' },
        {
          period: { parameter: 'when' },
          filters: [
            { dimension: 'shp', values: { parameter: 'number' } },
            { dimension: 'shop', min: { parameter: 'shop' } },
          ],
        },
      ),
      {
        type: 'pivot',
        id: 'pivot',
        title: 'P',
        rows: ['nowhere'],
        columns: 'elsewhere',
        query: { model: 'sales', metrics: ['total'] },
      },
      {
        type: 'chart',
        id: 'chart',
        title: 'C',
        chart: 'pie',
        query: { model: 'sales', metrics: ['total'], series: true },
      },
      {
        type: 'number',
        id: 'number',
        title: 'N',
        compare: 'previous_period',
        query: { model: 'sales', metrics: ['rows'] },
      },
      { type: 'text', id: 'text', markdown: 'For {{ nobody }} and {{number}}' },
      table({ id: 'flat', inputs: [{ id: 'note', type: 'text', label: 'Note' }] }, { dimensions: [] }),
    ],
    [
      { name: 'number', type: 'number', label: 'N', default: 5, max: 3 },
      { name: 'shop', type: 'choice', label: 'Shop', model: 'sales', dimension: 'shp', default: ['a', 'b'] },
      { name: 'shop', type: 'text', label: 'Again' },
    ],
  )
  const refused = await ask('mona', 'POST', '/v1/reports', plainReport({ definition: wrong }))
  assert.deepEqual([refused.status, refused.body.code], [422, 'report-invalid'])
  const pointers = refused.body.errors.map((error: { pointer: string }) => error.pointer.replace('#/definition/', ''))
  assert.deepEqual(pointers.sort(), [
    'blocks/0/columns/0/formats/0/value2',
    'blocks/0/columns/0/name',
    'blocks/0/inputs/0/id',
    'blocks/0/inputs/1/options/option_set',
    'blocks/0/inputs/2/id',
    'blocks/0/inputs/2/options/values/1/id',
    'blocks/0/inputs/3/options/filter_by',
    'blocks/0/inputs/4/max',
    'blocks/0/query/metrics/1',
    'blocks/0/query/order/0',
    'blocks/1/id',
    'blocks/1/query/model',
    'blocks/2/query/filters/0/dimension',
    'blocks/2/query/filters/1/min/parameter',
    'blocks/2/query/period/parameter',
    'blocks/3/columns',
    'blocks/3/rows/0',
    'blocks/4/query',
    'blocks/5/compare',
    'blocks/6/markdown',
    'blocks/7/inputs',
    'parameters/0/default',
    'parameters/1/default',
    'parameters/1/dimension',
    'parameters/2/name',
  ])
  assert.match(JSON.stringify(refused.body.errors), /Did you mean total\?/)
})

test('a block over a model that its author may not read is refused, as one that is not there', async () => {
  house.show('no-data', {
    ...house.people.get('mona')!,
    grants: Grants.of(['reports:write', 'reports:read', 'warehouse:read:other']),
  })
  const refused = await ask('no-data', 'POST', '/v1/reports', plainReport({ id: 'no-data' }))
  assert.deepEqual([refused.status, refused.body.errors[0].pointer], [422, '#/definition/blocks/0/query/model'])
})

test('what has the wrong shape is refused with its place: unknown members, too many blocks, odd ids, too much of it', async () => {
  const send = async (body: object) => {
    const reply = await ask('mona', 'POST', '/v1/reports', body)
    return [reply.status, reply.body.code, reply.body.errors?.[0]?.pointer]
  }
  const blocks = Array.from({ length: 1000 }, (_, i) => ({ type: 'text', id: `b${i}`, markdown: 'x' }))
  assert.deepEqual(await send(plainReport({ definition: definition(blocks) })), [
    400,
    'request-invalid',
    '#/definition/blocks',
  ])
  const unknown = definition([table({ colour: 'red' })])
  assert.deepEqual(await send(plainReport({ definition: unknown })), [
    400,
    'request-invalid',
    '#/definition/blocks/0/colour',
  ])
  assert.deepEqual(await send(plainReport({ definition: definition([{ type: 'map', id: 'm' }]) })), [
    400,
    'request-invalid',
    '#/definition/blocks/0/type',
  ])
  assert.deepEqual(await send(plainReport({ definition: definition([]) })), [
    400,
    'request-invalid',
    '#/definition/blocks',
  ])
  assert.deepEqual(await send(plainReport({ id: 'Größe' })), [400, 'request-invalid', '#/id'])
  assert.deepEqual(await send(plainReport({ title: 'a\u202eb' })), [400, 'request-invalid', '#/title'])
  assert.deepEqual(await send(plainReport({ title: ' ' })), [400, 'request-invalid', '#/title'])
  const nul = definition([{ type: 'text', id: 'text', markdown: 'a\u0000b' }])
  assert.deepEqual(await send(plainReport({ definition: nul })), [
    400,
    'request-invalid',
    '#/definition/blocks/0/markdown',
  ])
  const half = definition([{ type: 'text', id: 'text', markdown: 'a\ud800b' }])
  assert.deepEqual(await send(plainReport({ definition: half })), [
    400,
    'request-invalid',
    '#/definition/blocks/0/markdown',
  ])
  const huge = definition(blocks.slice(0, 99).map((block) => ({ ...block, markdown: 'x'.repeat(3000) })))
  assert.deepEqual((await send(plainReport({ definition: huge }))).slice(0, 2), [413, 'body-too-large'])
  const numbers = `{"title":"x","definition":{"blocks":[],"parameters":[{"name":"n","type":"number","label":"N","default":1e999}]}}`
  const infinite = await ask('mona', 'POST', '/v1/reports', numbers)
  assert.ok(
    infinite.body.errors.some(({ pointer }: { pointer: string }) => pointer === '#/definition/parameters/0/default'),
  )
  const nan = await ask('mona', 'POST', '/v1/reports', numbers.replace('1e999', 'NaN'))
  assert.deepEqual([nan.status, nan.body.code], [400, 'json-invalid'])
  const day = definition([table({}, { period: { start: '2026-02-30', end: '2026-03-01' } })])
  assert.equal((await send(plainReport({ definition: day })))[0], 400)
})
