import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { datasetsHouse, plainMetadata } from '#test/datasets.ts'

const house = await datasetsHouse()
const { ask, join } = house
let collections = 0

/** A collection of alice's, published unless said otherwise. */
async function collection({ published = true, parent = 'root', who = 'alice' } = {}): Promise<string> {
  const alias = `c-${++collections}`
  const made = await ask(who, 'POST', '/v1/collections', { parent, alias, name: `Collection ${collections}` })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  if (published) assert.equal((await ask(who, 'POST', `/v1/collections/${alias}/publish`)).status, 200)
  return alias
}

/** A draft of alice's; its address. */
async function draft(alias: string, over: object = {}, who = 'alice'): Promise<string> {
  const made = await ask(who, 'POST', `/v1/collections/${alias}/datasets`, { metadata: plainMetadata(), ...over })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return `/v1/datasets/${made.body.id}`
}

before(async () => {
  await join('alice')
  await join('bob')
  await join('vera', 'viewer')
  await join('abel', 'admin')
})

test('a dataset is made, read, published, edited and published again', async () => {
  const alias = await collection()
  const made = await ask('alice', 'GET', await draft(alias))
  const { id, pid } = made.body
  assert.match(pid, /^perma:tessera\/[0-9A-Z]{6}$/)
  const url = `/v1/datasets/${id}`
  const shown = await ask('alice', 'GET', url)
  assert.deepEqual([shown.status, shown.body.version.number, shown.body.version.state], [200, 'DRAFT', 'draft'])
  assert.deepEqual((await ask('alice', 'GET', `/v1/datasets/${encodeURIComponent(pid.toLowerCase())}`)).body.id, id)
  assert.equal((await ask('', 'GET', url)).status, 404)

  const first = await ask('alice', 'POST', `${url}/publish`, { type: 'minor' })
  assert.deepEqual([first.status, first.body.code], [409, 'dataset-first-version-major'])
  const published = await ask('alice', 'POST', `${url}/publish`, { type: 'major' })
  assert.equal(published.status, 200, JSON.stringify(published.body))
  assert.deepEqual([published.body.version.number, published.body.latest_published], ['1.0', '1.0'])
  const seen = await ask('', 'GET', url)
  assert.deepEqual([seen.status, seen.body.version.number, seen.body.my_rights], [200, '1.0', []])

  const metadata = plainMetadata({ title: 'Tide pools', subtitle: 'North side' })
  const edited = await ask('alice', 'PUT', `${url}/draft`, { metadata })
  assert.deepEqual([edited.status, edited.body.version.number, edited.body.version.title], [200, 'DRAFT', 'Tide pools'])
  assert.equal((await ask('', 'GET', url)).body.version.title, 'Tide pools of Inchkeith')
  const again = await ask('alice', 'POST', `${url}/publish`, { type: 'minor' })
  assert.equal(again.body.version.number, '1.1')
  assert.equal((await ask('', 'GET', url)).body.version.title, 'Tide pools')
  assert.equal((await ask('', 'GET', `${url}?version=1.0`)).body.version.title, 'Tide pools of Inchkeith')
  const verbs = await house.verbs()
  assert.deepEqual(verbs.slice(-4), [
    'dataset.created',
    'dataset.published',
    'dataset.draft_changed',
    'dataset.published',
  ])
})
