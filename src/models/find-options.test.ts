import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { localCaller } from '#src/access/caller.ts'
import { testDatabase } from '#test/postgres.ts'
import { testProduct } from '#test/product.ts'
import { openWorld } from '#test/refresh-world.ts'
import { compileText, openSmallModel, type SmallModel } from '#test/small-model.ts'
import { BuildRefused } from './build-refused.ts'
import { findOptions } from './find-options.ts'
import { longestOption, mostOptions } from './store-options.ts'

const yaml = (set = '', table = '') => `
version: 1
name: choices
label: Choices
tables:
  - { name: centers, files: centers.csv, header: true, delimiter: ",", columns: { id: VARCHAR, name: VARCHAR, queue: VARCHAR }${table} }
option_sets:
  - { name: all, label: Cost center, table: centers, id: id, label_column: name${set} }
  - { name: by_queue, label: Cost center, table: centers, id: id, label_column: name, filter_by: queue, order: source }
`
const lines = ['10,Teaching,', '2,core Funding,', '30,Äther,gpu', '4,,long']
const csv = (rows: readonly string[]) => ({ 'centers.csv': ['id,name,queue', ...rows].join('\n') })

const me = localCaller('command', 'tester')
let small: SmallModel
before(async () => {
  small = await openSmallModel({ yaml: yaml(), files: csv(lines) })
})
after(() => small[Symbol.asyncDispose]())
const ask = async (set: string, over = {}) => {
  const { options, total } = await findOptions(small.needs, me, { model: 'choices', set, ...over })
  return [total, ...options.map(({ id, label, only_for }) => `${id}=${label}${only_for ? `@${only_for}` : ''}`)]
}

test('options have ids and labels apart, in the order that the model says; who has no label shows the id', async () => {
  assert.deepEqual(await ask('all'), [4, '4=4', '2=core Funding', '10=Teaching', '30=Äther'])
  assert.deepEqual(await ask('by_queue'), [4, '10=Teaching', '2=core Funding', '30=Äther@gpu', '4=4@long'])
  assert.equal(small.readers(), 0)
})

test('options are searched, paged, picked by id, and narrowed to what a row may have', async () => {
  assert.deepEqual(await ask('all', { search: 'FUND core' }), [1, '2=core Funding'])
  assert.deepEqual(await ask('all', { search: '%' }), [0])
  assert.deepEqual(await ask('all', { limit: 2, offset: 1 }), [4, '2=core Funding', '10=Teaching'])
  assert.deepEqual(await ask('by_queue', { ids: ['30', 'gone', "'; drop"] }), [1, '30=Äther@gpu'])
  assert.deepEqual(await ask('by_queue', { for: 'gpu' }), [3, '10=Teaching', '2=core Funding', '30=Äther@gpu'])
  assert.deepEqual(await ask('by_queue', { for: 'nowhere' }), [2, '10=Teaching', '2=core Funding'])
})

test('an option for several rows is one option', async () => {
  const files = csv(['1,Climate,parallel', '1,Climate,long', '2,Both ways,', '2,Both ways,gpu'])
  const only = yaml().replace(/ {2}- \{ name: all.*\n/, '')
  await using several = await openSmallModel({ yaml: only, files })
  const found = await findOptions(several.needs, me, { model: 'choices', set: 'by_queue' })
  assert.deepEqual(found.options, [
    { id: '1', label: 'Climate', only_for: ['parallel', 'long'] },
    { id: '2', label: 'Both ways', only_for: null },
  ])
  assert.equal(found.total, 2)
  const one = await findOptions(several.needs, me, { model: 'choices', set: 'by_queue', for: 'gpu' })
  assert.deepEqual(
    one.options.map((option) => option.id),
    ['2'],
  )
})

test('a set that the model does not have is a problem that names those it has', async () => {
  await assert.rejects(findOptions(small.needs, me, { model: 'choices', set: 'by_quene' }), {
    code: 'unknown-option-set',
    message: /by_queue/,
  })
  await assert.rejects(findOptions(small.needs, me, { model: 'none', set: 'all' }), { code: 'unknown-model' })
  assert.equal(small.readers(), 0)
})

const refused: Record<string, { rows: readonly string[]; set?: string; says: RegExp }> = {
  'no rows': { rows: [], says: /all is empty; write may_be_empty/ },
  'a null id': { rows: [...lines, ',Nobody,'], says: /all has rows without an id: id of centers is null or blank/ },
  'a blank id': { rows: [...lines, '" ",Nobody,'], says: /rows without an id/ },
  'an id twice': { rows: [...lines, '10,Teaching,gpu'], says: /all has the id 10 twice/ },
  'a label too long': { rows: [`1,${'x'.repeat(longestOption + 1)},`], says: /longer than 500 characters/ },
  'a column that is not there': { rows: lines, set: ', filter_by: region', says: /reads region, which centers does not have/ },
  'too many': { rows: Array.from({ length: mostOptions + 1 }, (_, i) => `${i},n,`), says: /100001 options; there may be 100000/ },
} // biome-ignore format: a table
for (const [name, { rows, set, says }] of Object.entries(refused))
  test(`a refresh is refused when an option set has ${name}`, async () => {
    await assert.rejects(
      openSmallModel({ yaml: yaml(set), files: csv(rows) }),
      (error) => error instanceof BuildRefused && says.test(error.message),
    )
  })

test('with a filter, an id may stand for several rows, but only once for each and with one label', async () => {
  const only = yaml().replace(/ {2}- \{ name: all.*\n/, '')
  const open = (rows: readonly string[]) => openSmallModel({ yaml: only, files: csv(rows) })
  await assert.rejects(open(['1,A,gpu', '1,A,gpu']), /has the id 1 twice with the same queue/)
  await assert.rejects(open(['1,A,gpu', '1,B,long']), /several labels for the id 1/)
})

test('an empty set is right where the model says so', async () => {
  const empty = yaml(', may_be_empty: true').replace(/ {2}- \{ name: by_queue.*\n/, '')
  await using none = await openSmallModel({ yaml: empty, files: csv([]) })
  assert.deepEqual((await findOptions(none.needs, me, { model: 'choices', set: 'all' })).options, [])
})

test('a hundred megabytes of options fail the run, which says why, and the options before stay', async () => {
  await using database = await testDatabase()
  const text = yaml()
    .replaceAll('centers.csv', 'data:centers.csv')
    .replace(/ {2}- \{ name: by_queue.*\n/, '')
  await using world = await openWorld(database, await compileText(text))
  const file = path.join(world.directory, 'data', 'centers.csv')
  await writeFile(file, csv(lines)['centers.csv'])
  assert.equal((await world.refresh()).state, 'succeeded')
  const name = 'a label of some length; as many as these would be in no menu that anybody uses'
  await writeFile(file, csv(Array.from({ length: 1_200_000 }, (_, i) => `${i},${name},`))['centers.csv'])
  assert.ok((await stat(file)).size > 100e6)
  const run = await world.refresh()
  assert.equal(run.error?.code, 'refresh-refused')
  assert.match(run.error.message, /all has 1200000 options; there may be 100000/)
  assert.equal((await findOptions(world.warehouse, me, { model: 'choices', set: 'all' })).total, 4)
})

test('a model needs metrics or option sets; facts only where something is counted', async () => {
  await assert.rejects(compileText(yaml().replace(/option_sets:.*/s, '')), /metrics: there are none; add metrics/)
  await assert.rejects(
    compileText(`${yaml()}metrics: [{ name: n, label: N, agg: count }]`),
    /facts: is missing; add it/,
  )
  await assert.rejects(compileText(yaml().replaceAll('table: centers', 'table: center')), /there is no table center/)
})

test('over HTTP: the tag stays until a refresh brings other data, and open reports then see the new option', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-options-'))
  const write = (rows: readonly string[]) => writeFile(path.join(directory, 'centers.csv'), csv(rows)['centers.csv'])
  await writeFile(path.join(directory, 'choices.yml'), `${yaml()}access: { query: public }\n`)
  try {
    await write(lines)
    await using product = await testProduct({ TESSERA_MODELS__DIRECTORY: directory })
    const { url, admin } = product
    const signedIn = await fetch(`${url}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ user_name: admin.userName, password: admin.password }),
    })
    const cookie = signedIn.headers
      .getSetCookie()
      .map((one) => one.split(';', 1)[0])
      .join('; ')
    const refresh = async () => {
      const headers = { cookie, origin: url }
      const asked = await fetch(`${url}/v1/models/choices/refreshes`, { method: 'POST', headers })
      const { id } = (await asked.json()) as { id: string }
      await fetch(`${url}/v1/runs/${id}`, { headers: { cookie, prefer: 'wait=30' } })
    }
    const options = (query = '', headers = {}) =>
      fetch(`${url}/v1/models/choices/option-sets/by_queue${query}`, { headers })
    assert.equal((await options()).status, 503)
    await refresh()

    const first = await options('?limit=3')
    assert.equal(first.headers.get('x-snapshot'), 'choices@1')
    const page = (await first.json()) as { version: number; total: number; options: { id: string }[] }
    assert.deepEqual([page.version, page.total, page.options.length], [1, 4, 3])
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1]
    const rest = (await (await fetch(`${url}${next}`)).json()) as typeof page
    assert.deepEqual(
      rest.options.map((option) => option.id),
      ['4'],
    )
    const etag = first.headers.get('etag') ?? ''
    assert.equal((await options('?limit=3', { 'if-none-match': etag })).status, 304)

    await write([...lines, '50,Added by hand,'])
    assert.equal((await options('?limit=3', { 'if-none-match': etag })).status, 304, 'nothing was refreshed yet')
    await refresh()
    const then = await options('?search=added', { 'if-none-match': etag })
    assert.equal(then.status, 200)
    assert.deepEqual(((await then.json()) as typeof page).options, [
      { id: '50', label: 'Added by hand', only_for: null },
    ])

    // Data that must not replace good ones do not.
    await write([...lines, '10,Twice,'])
    await refresh()
    assert.equal(((await (await options()).json()) as typeof page).total, 5)

    const listed = (await (await fetch(`${url}/v1/models`)).json()) as { models: { may: object }[] }
    assert.deepEqual(listed.models[0]?.may, { query: false, raw: false, options: true, refresh: false })
    const shown = (await (await fetch(`${url}/v1/models/choices`)).json()) as { option_sets: object[] }
    assert.deepEqual(shown.option_sets[1], {
      name: 'by_queue',
      label: 'Cost center',
      description: '',
      filter_by: 'queue',
    })
    assert.equal((await options('?cursor=x')).status, 400)
    assert.equal((await fetch(`${url}/v1/models/choices/option-sets/none`)).status, 404)
  } finally {
    await rm(directory, { recursive: true })
  }
})
