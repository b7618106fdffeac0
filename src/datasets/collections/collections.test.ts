import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { actor } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import { changeDraft } from '#src/datasets/change-draft.ts'
import { holdDataset } from '#src/datasets/hold-dataset.ts'
import { moveDataset } from '#src/datasets/move-dataset.ts'
import { beside as besideChange } from '#test/beside.ts'
import { datasetsHouse, plainMetadata } from '#test/datasets.ts'
import { createCollection, moveCollection } from './change-collection.ts'

const house = await datasetsHouse()
const { ask, join, collection, draft } = house
const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code]

before(async () => {
  await join('alice')
  await join('bob')
  await join('abel', 'admin')
})

test('a collection is made in another, and found by its alias in any case and by its number', async () => {
  const made = await ask('alice', 'POST', '/v1/collections', {
    alias: 'Sandpiper-Lab',
    name: ' Sandpiper Lab ',
    affiliation: 'Example U',
    type: 'LABORATORY',
    contacts: [{ email: 'pi@example.org' }],
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.equal(made.headers.location, '/v1/collections/Sandpiper-Lab')
  assert.deepEqual([made.body.name, made.body.parent_id, made.body.published_at], ['Sandpiper Lab', 1, null])
  assert.deepEqual(
    made.body.path.map(({ alias }: { alias: string }) => alias),
    ['root', 'Sandpiper-Lab'],
  )
  assert.ok(made.body.my_rights.includes('ManageDataversePermissions'), 'who makes it manages it')
  assert.equal((await ask('alice', 'GET', '/v1/collections/sandpiper-lab')).body.id, made.body.id)
  assert.equal((await ask('alice', 'GET', `/v1/collections/${made.body.id}`)).body.alias, 'Sandpiper-Lab')
  assert.deepEqual(codeOf(await ask('bob', 'POST', '/v1/collections', { alias: 'sandpiper-LAB', name: 'x' })), [
    409,
    'collection-alias-taken',
  ])
  for (const alias of ['', '123', 'a b', 'a/b', 'ä', 'x'.repeat(61), '../x'])
    assert.equal((await ask('alice', 'POST', '/v1/collections', { alias, name: 'x' })).status, 400, alias)
  assert.deepEqual(codeOf(await ask('alice', 'POST', '/v1/collections', { parent: 'nope', alias: 'x', name: 'x' })), [
    404,
    'collection-not-found',
  ])
  assert.equal((await ask('', 'POST', '/v1/collections', { alias: 'x', name: 'x' })).status, 401)
})

test('what a collection asks for is checked, holds below, and is changed member by member', async () => {
  const alias = await collection()
  const below = await collection({ parent: alias })
  const url = `/v1/collections/${alias}`
  const wrong = await ask('alice', 'PATCH', url, {
    metadata_blocks: ['geospatial', 'birds'],
    facets: ['subject', 'birds'],
    input_levels: [{ field: 'birds' }],
  })
  assert.deepEqual(
    wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ['#/metadata_blocks', '#/metadata_blocks/1', '#/facets/1', '#/input_levels/0/field'],
  )
  const changed = await ask('alice', 'PATCH', url, { metadata_blocks: ['citation'], facets: ['subject'] })
  assert.equal(changed.status, 200, JSON.stringify(changed.body))
  const seen = (await ask('', 'GET', `/v1/collections/${below}`)).body
  assert.deepEqual(
    [seen.metadata_blocks, seen.in_force.metadata_blocks, seen.in_force.facets],
    [null, ['citation'], ['subject']],
  )
  assert.deepEqual((await ask('', 'GET', '/v1/collections/root')).body.in_force.metadata_blocks, [
    'citation',
    'geospatial',
    'socialscience',
  ])
  assert.equal((await ask('alice', 'PATCH', url, { facets: ['subject'] })).status, 200)
  assert.equal((await house.verbs()).at(-1), 'collection.changed')
  assert.equal(
    (await house.verbs()).filter((verb) => verb === 'collection.changed').length,
    1,
    'the same again is no change',
  )
  assert.deepEqual(codeOf(await ask('bob', 'PATCH', url, { name: 'Mine' })), [403, 'repository-right-missing'])
  assert.deepEqual(codeOf(await ask('alice', 'PATCH', url, { alias: below })), [409, 'collection-alias-taken'])
  assert.equal((await ask('alice', 'PATCH', url, { alias: `${alias}-new` })).body.alias, `${alias}-new`)
  assert.equal((await ask('', 'GET', `/v1/collections/${below}`)).body.path[1].alias, `${alias}-new`)
})

test('a collection is published once, and after the one that it lies in', async () => {
  const above = await collection({ published: false })
  const below = await collection({ published: false, parent: above })
  const publish = (alias: string, who = 'alice') => ask(who, 'POST', `/v1/collections/${alias}/publish`)
  const early = await publish(below)
  assert.deepEqual([...codeOf(early), early.body.parent], [409, 'collection-parent-unpublished', above])
  assert.equal((await publish(above, 'bob')).status, 404)
  assert.equal((await publish(above)).status, 200)
  assert.equal((await publish(below)).status, 200)
  assert.deepEqual(codeOf(await publish(below)), [409, 'collection-already-published'])
  assert.deepEqual(codeOf(await publish('root', 'abel')), [409, 'collection-already-published'])
})

test('only an empty collection is deleted, and never the root', async () => {
  const alias = await collection()
  const { url } = await draft(alias)
  const refused = await ask('alice', 'DELETE', `/v1/collections/${alias}`)
  assert.deepEqual([...codeOf(refused), refused.body.datasets], [409, 'collection-not-empty', 1])
  await ask('alice', 'DELETE', url)
  assert.deepEqual(codeOf(await ask('bob', 'DELETE', `/v1/collections/${alias}`)), [403, 'repository-right-missing'])
  assert.equal((await ask('alice', 'DELETE', `/v1/collections/${alias}`)).status, 204)
  assert.equal((await ask('alice', 'GET', `/v1/collections/${alias}`)).status, 404)
  assert.deepEqual(codeOf(await ask('abel', 'DELETE', '/v1/collections/root')), [409, 'collection-is-root'])
})

test('a collection cannot be deleted while something is put into it', async () => {
  for (let round = 0; round < 5; round++) {
    const alias = await collection()
    const [made, deleted] = await Promise.all([
      ask('alice', 'POST', '/v1/collections', { parent: alias, alias: `${alias}-in`, name: 'x' }),
      ask('alice', 'DELETE', `/v1/collections/${alias}`),
    ])
    assert.ok(
      (made.status === 201 && deleted.status === 409) || (made.status === 404 && deleted.status === 204),
      `${made.status} ${deleted.status} ${JSON.stringify(made.body)}`,
    )
  }
})

test('a collection moves with all below it, but not into itself, nor a published one out of sight', async () => {
  const [a, b] = [await collection(), await collection()]
  const inner = await collection({ parent: a })
  const { url } = await draft(inner)
  const move = (alias: string, to: string, who = 'alice') => ask(who, 'POST', `/v1/collections/${alias}/move`, { to })
  assert.deepEqual(codeOf(await move(a, inner)), [409, 'repository-move-impossible'])
  assert.deepEqual(codeOf(await move(a, a)), [409, 'repository-move-impossible'])
  assert.deepEqual(codeOf(await move(a, await collection({ published: false }))), [409, 'repository-move-impossible'])
  assert.deepEqual(codeOf(await move('root', a, 'abel')), [409, 'collection-is-root'])
  assert.deepEqual(codeOf(await move(a, b, 'bob')), [403, 'repository-right-missing'])
  assert.equal((await move(a, b)).status, 200)
  const path = (await ask('alice', 'GET', url)).body.path.map(({ alias }: { alias: string }) => alias)
  assert.deepEqual(path, ['root', b, a, inner])
  assert.deepEqual(await astray(), [])
})

/** Collections and documents whose path is not the one of where they lie. */
const astray = async (): Promise<unknown[]> =>
  (
    await sql`
      select c.alias from collections c left join collections p on p.id = c.parent_id
      where c.path is distinct from coalesce(p.path, '{}') || c.id
      union all
      select i.type || ' ' || i.subject_id from search_items i join collections c on c.id = i.collection_id
      where i.path is distinct from c.path`.execute(house.db)
  ).rows

/** While a change of Alice’s has not ended. */
const beside = <T>(
  first: (change: Change) => Promise<unknown>,
  second: () => Promise<T>,
  last?: (change: Change) => Promise<unknown>,
): Promise<T> =>
  besideChange(
    { db: house.db, changer: house.accounts.change, actor: actor(house.people.get('alice')!) },
    first,
    second,
    last,
  )

test('what is moved out of sight meanwhile is not published there', async () => {
  const [seen, unseen] = [await collection(), await collection({ published: false })]
  const { id, url } = await draft(seen)
  const published = await beside(
    (change) => moveDataset(house.needs, change, id, unseen),
    () => ask('alice', 'POST', `${url}/publish`, { type: 'major' }),
  )
  assert.deepEqual(codeOf(published), [409, 'dataset-collection-unpublished'])
  const inner = await collection({ parent: seen, published: false })
  const opened = await beside(
    (change) => moveCollection(house.needs, change, inner, unseen),
    () => ask('alice', 'POST', `/v1/collections/${inner}/publish`),
  )
  assert.deepEqual(codeOf(opened), [409, 'collection-parent-unpublished'])
})

test('what is moved meanwhile to where somebody holds nothing, they change no more', async () => {
  const [a, b] = [await collection(), await collection()]
  const given = await ask('alice', 'POST', `/v1/collections/${a}/assignments`, { role: 'curator', assignee: 'bob' })
  assert.equal(given.status, 201, JSON.stringify(given.body))
  const { id, url } = await draft(a)
  const published = await beside(
    (change) => moveDataset(house.needs, change, id, b),
    () => ask('bob', 'POST', `${url}/publish`, { type: 'major' }),
  )
  assert.deepEqual(codeOf(published), [404, 'dataset-not-found'])
})

test('what is made below a collection while that moves lies where it went, and is found there', async () => {
  const [a, x] = [await collection(), await collection()]
  const b = await collection({ parent: a })
  const late = { alias: `${b}-late`, name: 'Late' }
  const move = (to: string) => () => ask('alice', 'POST', `/v1/collections/${a}/move`, { to })
  const moved = await beside((change) => createCollection(house.needs, change, b, late), move(x))
  assert.equal(moved.status, 200)
  assert.deepEqual(await astray(), [])
  const { id, url } = await draft(b)
  await ask('alice', 'POST', `${url}/publish`, { type: 'major' })
  const metadata = plainMetadata({ title: 'A draft of its own' })
  const back = await beside((change) => changeDraft(house.needs, change, id, { metadata }), move('root'))
  assert.equal(back.status, 200)
  assert.deepEqual(await astray(), [])
})

test('harvesters hear of what was moved, alone or with its collection, and a move waits for who changes it', async () => {
  const [a, b] = [await collection(), await collection()]
  const inner = await collection({ parent: a })
  const { id, url, pid } = await draft(a)
  await ask('alice', 'POST', `${url}/publish`, { type: 'major' })
  await draft(a)
  const told = async () => {
    const ask = { from: house.clock.now(), until: null, set: null, after: null, limit: 10 }
    return (await house.harvest.list(ask)).map((one) => [one.pid, one.sets])
  }
  house.clock.pass(60)
  assert.equal((await ask('alice', 'POST', `${url}/move`, { to: inner })).status, 200)
  assert.deepEqual(await told(), [[pid, [a, inner]]])
  house.clock.pass(60)
  assert.deepEqual(await told(), [])
  const moved = await beside(
    (change) => holdDataset(change, id, 'EditDataset'),
    () => ask('alice', 'POST', `/v1/collections/${a}/move`, { to: b }),
    (change) => changeDraft(house.needs, change, id, { metadata: plainMetadata({ title: 'Moved' }) }),
  )
  assert.equal(moved.status, 200, JSON.stringify(moved.body))
  assert.deepEqual(await told(), [[pid, [b, a, inner]]])
  assert.deepEqual(await astray(), [])
})

test('two moves at once make no ring', async () => {
  for (let round = 0; round < 5; round++) {
    const [a, b] = [await collection(), await collection()]
    const both = await Promise.all([
      ask('alice', 'POST', `/v1/collections/${a}/move`, { to: b }),
      ask('alice', 'POST', `/v1/collections/${b}/move`, { to: a }),
    ])
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409])
  }
})

test('a dataset moves to where its curator may add datasets', async () => {
  const [a, b] = [await collection(), await collection()]
  const { url } = await draft(a)
  const move = (to: string, who = 'alice') => ask(who, 'POST', `${url}/move`, { to })
  assert.equal((await move(b, 'bob')).status, 404)
  const moved = await move(b)
  assert.deepEqual([moved.status, moved.body.path.at(-1).alias], [200, b])
  assert.equal((await move(b)).status, 200, 'again is no change')
  await ask('alice', 'POST', `${url}/publish`, { type: 'major' })
  assert.deepEqual(codeOf(await move(await collection({ published: false }))), [409, 'repository-move-impossible'])
  assert.deepEqual((await ask('', 'GET', `/v1/collections/${b}`)).body.counts, {
    collections: 0,
    datasets: 1,
    datasets_below: 1,
  })
})

test('collections are listed by name, page by page, those of one parent or all', async () => {
  const above = await collection()
  for (const name of ['Beta', 'alpha', 'Gamma_100%'])
    await ask('alice', 'POST', '/v1/collections', { parent: above, alias: `${above}-${name.slice(0, 2)}`, name })
  const names = (list: { body: { items: { name: string }[] } }) => list.body.items.map(({ name }) => name)
  const base = `/v1/collections?parent=${above}`
  assert.deepEqual(names(await ask('alice', 'GET', base)), ['alpha', 'Beta', 'Gamma_100%'])
  assert.deepEqual(names(await ask('bob', 'GET', base)), [])
  assert.deepEqual(names(await ask('alice', 'GET', `${base}&search=_100%25`)), ['Gamma_100%'])
  const page = await ask('alice', 'GET', `${base}&limit=2`)
  assert.deepEqual(names(await ask('alice', 'GET', /<([^>]+)>/.exec(String(page.headers.link))![1]!)), ['Gamma_100%'])
})

test('licenses are added and retired by administrators; one is the default', async () => {
  const license = {
    name: 'ODbL 1.0',
    uri: 'https://opendatacommons.org/licenses/odbl/1-0/',
    description: 'Open databases',
  }
  assert.equal((await ask('alice', 'POST', '/v1/licenses', license)).status, 403)
  const made = await ask('abel', 'POST', '/v1/licenses', license)
  assert.deepEqual([made.status, made.body.active, made.body.is_default], [201, true, false])
  assert.deepEqual(codeOf(await ask('abel', 'POST', '/v1/licenses', license)), [422, 'license-invalid'])
  const url = `/v1/licenses/${made.body.id}`
  assert.deepEqual(codeOf(await ask('abel', 'PATCH', url, { is_default: true, active: false })), [
    422,
    'license-invalid',
  ])
  assert.equal((await ask('abel', 'PATCH', url, { is_default: true })).status, 200)
  const listed = (await ask('', 'GET', '/v1/licenses')).body.items
  assert.deepEqual(
    listed.filter((one: { is_default: boolean }) => one.is_default).map(({ name }: { name: string }) => name),
    ['ODbL 1.0'],
  )
  assert.deepEqual(codeOf(await ask('abel', 'PATCH', url, { is_default: false })), [422, 'license-invalid'])
  const alias = await collection()
  const under = await draft(alias)
  await ask('abel', 'PATCH', '/v1/licenses/1', { is_default: true })
  await ask('abel', 'PATCH', url, { active: false })
  assert.deepEqual((await ask('alice', 'GET', under.url)).body.version.license.name, 'ODbL 1.0')
  assert.deepEqual(codeOf(await ask('abel', 'PATCH', '/v1/licenses/999', { active: false })), [
    404,
    'license-not-found',
  ])
})
