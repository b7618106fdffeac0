import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { anonymous } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import { datasetsHouse, plainMetadata } from '#test/datasets.ts'
import { isHidden } from './problems.ts'
import { rightsOn } from './rights.ts'

const house = await datasetsHouse()
const { ask, join, collection, draft, putFiles, db } = house
const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code]
const give = (on: string, assignee: string, role: string, who = 'alice') =>
  ask(who, 'POST', `${on}/assignments`, { assignee, role })

/** Shows alice under another token, which holds these. */
let tokens = 0
function token(...grants: string[]): string {
  const name = `token-${++tokens}`
  house.show(name, { ...house.people.get('alice')!, grants: Grants.of(grants) })
  return name
}

before(async () => {
  await join('alice')
  await join('bob')
  await join('cleo')
  await join('vera', 'viewer')
  await join('abel', 'admin')
})

test('a draft and an unpublished collection are there only for those who were let in', async () => {
  const alias = await collection({ published: false })
  const { id, url } = await draft(alias)
  for (const [who, status] of [
    ['alice', 200],
    ['abel', 200],
    ['bob', 404],
    ['vera', 404],
    ['', 404],
  ] as const) {
    assert.equal((await ask(who, 'GET', `/v1/collections/${alias}`)).status, status, who)
    assert.equal((await ask(who, 'GET', url)).status, status, who)
  }
  const hiddenOne = await ask('bob', 'GET', url)
  const none = await ask('bob', 'GET', '/v1/datasets/999999')
  assert.deepEqual(
    { ...hiddenOne.body, detail: '', instance: '', request_id: '' },
    { ...none.body, detail: '', instance: '', request_id: '' },
    'nobody learns whether it is there',
  )
  const told = async (path: string) => (await ask('bob', 'GET', path)).body.detail
  const { body } = await ask('alice', 'GET', url)
  for (const [path, asked] of [
    [url, `dataset ${id}`],
    [`/v1/datasets/${encodeURIComponent(body.pid)}`, `dataset ${body.pid}`],
    [`/v1/collections/${alias}`, `collection ${alias}`],
    ['/v1/collections/no-such-one', 'collection no-such-one'],
  ] as const)
    assert.equal(await told(path), `There is no ${asked} that you may see.`, 'nor by which number it is kept')
  const rights = await rightsOn(db, anonymous, { dataset: id })
  assert.throws(() => rights.demand('EditDataset'), isHidden)
  await assert.rejects(rightsOn(db, anonymous, { dataset: 999_999 }), (one) => !isHidden(one))
  const listed = await ask('bob', 'GET', '/v1/collections?limit=200')
  assert.ok(!listed.body.items.some((one: { alias: string }) => one.alias === alias))
  assert.equal((await give(`/v1/collections/${alias}`, 'bob', 'member')).status, 201)
  assert.equal((await ask('bob', 'GET', url)).status, 200)
  assert.ok(
    (await ask('bob', 'GET', '/v1/collections?limit=200')).body.items.some(
      (one: { alias: string }) => one.alias === alias,
    ),
  )
})

test('a role holds on the thing and all below it, and ends at once', async () => {
  const above = await collection()
  const below = await collection({ parent: above })
  const { url } = await draft(below)
  const given = await give(`/v1/collections/${above}`, 'bob', 'curator')
  assert.equal(given.status, 201, JSON.stringify(given.body))
  assert.deepEqual([given.body.assignee, given.body.role.alias, given.body.on.type], ['bob', 'curator', 'collection'])
  assert.equal((await ask('bob', 'PUT', `${url}/draft`, { metadata: plainMetadata({ title: 'By bob' }) })).status, 200)
  assert.equal(
    (await ask('bob', 'DELETE', `/v1/collections/${above}/assignments/${given.body.id}`)).status,
    403,
    'a curator is no administrator',
  )
  assert.equal(
    (await ask('alice', 'DELETE', `/v1/collections/${below}/assignments/${given.body.id}`)).status,
    404,
    'it was not given there',
  )
  assert.equal((await ask('alice', 'DELETE', `/v1/collections/${above}/assignments/${given.body.id}`)).status, 204)
  assert.equal((await ask('bob', 'GET', url)).status, 404)
  const events = await house.verbs()
  assert.deepEqual(events.slice(-1), ['repository.role_taken'])
})

test('a role on one dataset says nothing of others', async () => {
  const alias = await collection()
  const one = await draft(alias)
  const other = await draft(alias)
  assert.equal((await give(one.url, '@bob', 'editor')).body.role.alias, 'contributor', 'as it was called once')
  assert.equal(
    (await ask('bob', 'PUT', `${one.url}/draft`, { metadata: plainMetadata({ title: 'By bob' }) })).status,
    200,
  )
  assert.equal((await ask('bob', 'GET', other.url)).status, 404)
  const listed = (await ask('alice', 'GET', `${one.url}/assignments`)).body.items
  assert.deepEqual(
    listed.map((a: { assignee: string; role: { alias: string }; on: { type: string } }) => [
      a.assignee,
      a.role.alias,
      a.on.type,
    ]),
    [
      ['alice', 'contributor', 'dataset'],
      ['bob', 'contributor', 'dataset'],
      ['alice', 'admin', 'collection'],
    ],
  )
  assert.deepEqual(codeOf(await ask('bob', 'GET', `${one.url}/assignments`)), [403, 'repository-right-missing'])
})

test('roles are given to everybody, or everybody signed in, as well', async () => {
  const alias = await collection()
  const one = await draft(alias)
  const two = await draft(alias)
  assert.equal((await give(one.url, ':authenticated-users', 'member')).body.assignee, ':signed-in')
  assert.equal((await give(two.url, ':everybody', 'member')).body.assignee, ':everybody')
  assert.deepEqual([(await ask('bob', 'GET', one.url)).status, (await ask('', 'GET', one.url)).status], [200, 404])
  assert.deepEqual([(await ask('bob', 'GET', two.url)).status, (await ask('', 'GET', two.url)).status], [200, 404])
})

test('nobody gives what they do not have, or to nobody, or twice', async () => {
  const alias = await collection()
  const { url } = await draft(alias)
  const on = `/v1/collections/${alias}`
  await give(on, 'bob', 'curator')
  assert.deepEqual(codeOf(await give(url, 'cleo', 'admin', 'bob')), [403, 'repository-right-missing'])
  assert.equal((await give(url, 'cleo', 'contributor', 'bob')).status, 201)
  assert.deepEqual(codeOf(await give(url, 'cleo', 'contributor', 'bob')), [409, 'role-already-granted'])
  assert.deepEqual(codeOf(await give(url, 'nobody', 'contributor')), [422, 'assignee-unknown'])
  assert.deepEqual(codeOf(await give(url, '__proto__', 'contributor')), [422, 'assignee-unknown'])
  assert.deepEqual(codeOf(await give(url, 'cleo', 'emperor')), [422, 'repository-role-unknown'])
})

test('what an account may not do at all no role gives it', async () => {
  const alias = await collection()
  const { url } = await draft(alias)
  await give(`/v1/collections/${alias}`, 'vera', 'admin')
  assert.equal((await ask('vera', 'GET', url)).status, 200)
  const refused = await ask('vera', 'PUT', `${url}/draft`, { metadata: plainMetadata({ title: 'No' }) })
  assert.deepEqual(codeOf(refused), [403, 'permission-missing'])
  assert.deepEqual((await ask('vera', 'GET', url)).body.my_rights, [
    'ViewUnpublishedDataverse',
    'ViewUnpublishedDataset',
    'DownloadFile',
  ])
})

test('a token holds no more than its permissions, and one for a collection holds there and below', async () => {
  const physics = await collection()
  const lab = await collection({ parent: physics })
  const law = await collection()
  const [inside, outside] = [await draft(lab), await draft(law)]
  const readOnly = token('datasets:read')
  assert.equal((await ask(readOnly, 'GET', inside.url)).status, 200)
  assert.equal((await ask(readOnly, 'PUT', `${inside.url}/draft`, { metadata: plainMetadata() })).status, 403)
  const narrow = token(`datasets:write:${physics}`, `datasets:read:${physics}`)
  const edit = { metadata: plainMetadata({ title: 'By a token' }) }
  assert.equal((await ask(narrow, 'PUT', `${inside.url}/draft`, edit)).status, 200)
  assert.equal((await ask(narrow, 'PUT', `${outside.url}/draft`, edit)).status, 404, 'it may not even see it')
  assert.equal((await ask(narrow, 'POST', `/v1/collections/${lab}/datasets`, edit)).status, 201)
  const refused = await ask(narrow, 'POST', `/v1/collections/${law}/datasets`, edit)
  assert.deepEqual(
    [...codeOf(refused), refused.body.missing_right, refused.body.missing_permissions],
    [403, 'repository-right-missing', 'AddDataset', ['datasets:write']],
  )
  assert.equal((await ask(narrow, 'POST', `${inside.url}/publish`, { type: 'major' })).status, 403)
  const listed = (await ask(narrow, 'GET', '/v1/datasets?mine=true&limit=200')).body.items
  assert.ok(listed.length > 0)
  assert.ok(listed.every((one: { collection: { alias: string } }) => [physics, lab].includes(one.collection.alias)))
  const powerless = token('warehouse:read')
  assert.equal((await ask(powerless, 'GET', inside.url)).status, 404)
  assert.deepEqual((await ask(powerless, 'GET', '/v1/datasets?mine=true')).body.items, [])
})

test('a token that may only write sees what it makes, once', async () => {
  const alias = await collection()
  const writeOnly = token('datasets:write')
  const made = await ask(writeOnly, 'POST', `/v1/collections/${alias}/datasets`, { metadata: plainMetadata() })
  assert.equal(made.status, 201)
  assert.equal((await ask(writeOnly, 'GET', `/v1/datasets/${made.body.id}`)).status, 404)
})

test('administrators need no role, but their tokens hold no more than they say', async () => {
  const alias = await collection({ published: false })
  const { url } = await draft(alias)
  house.show('narrow-abel', { ...house.people.get('abel')!, grants: Grants.of(['datasets:read:elsewhere']) })
  assert.equal((await ask('narrow-abel', 'GET', url)).status, 404)
  house.show('reading-abel', { ...house.people.get('abel')!, grants: Grants.of([`datasets:read:${alias}`]) })
  assert.equal((await ask('reading-abel', 'GET', url)).status, 200)
  assert.equal((await ask('abel', 'POST', `/v1/collections/${alias}/publish`)).status, 200)
})

test('collections have roles of their own, which hold there and below and go with all that was given', async () => {
  const alias = await collection()
  const below = await collection({ parent: alias })
  const elsewhere = await collection()
  const role = { alias: 'looker', name: 'Looker', permissions: ['ViewUnpublishedDataset'] }
  const made = await ask('alice', 'POST', `/v1/collections/${alias}/roles`, role)
  assert.deepEqual([made.status, made.body.permissions], [201, ['ViewUnpublishedDataset']])
  assert.deepEqual(codeOf(await ask('alice', 'POST', `/v1/collections/${below}/roles`, role)), [
    409,
    'repository-role-taken',
  ])
  const roles = (await ask('', 'GET', `/v1/collections/${below}/roles`)).body.items
  assert.deepEqual([roles[0].alias, roles.at(-1).alias], ['admin', 'looker'])
  const { url } = await draft(below)
  const other = await draft(elsewhere)
  assert.equal((await give(url, 'bob', 'looker')).status, 201)
  assert.deepEqual(codeOf(await give(other.url, 'bob', 'looker')), [422, 'repository-role-unknown'])
  assert.equal((await ask('bob', 'GET', url)).status, 200)
  assert.equal((await ask('bob', 'DELETE', `/v1/repository-roles/${made.body.id}`)).status, 403)
  assert.deepEqual(codeOf(await ask('abel', 'DELETE', '/v1/repository-roles/1')), [409, 'repository-role-built-in'])
  assert.equal((await ask('alice', 'DELETE', `/v1/repository-roles/${made.body.id}`)).status, 204)
  assert.equal((await ask('bob', 'GET', url)).status, 404)
  assert.equal((await ask('alice', 'DELETE', `/v1/repository-roles/${made.body.id}`)).status, 404)
})

test('a depositor gets the role that the collection gives to depositors', async () => {
  const alias = await collection({ contributor_role: 'curator' } as object)
  await give(`/v1/collections/${alias}`, 'bob', 'dsContributor')
  const { url } = await draft(alias, {}, 'bob')
  assert.equal((await ask('bob', 'POST', `${url}/publish`, { type: 'major' })).status, 200)
  assert.equal((await ask('cleo', 'PATCH', `/v1/collections/${alias}`, { name: 'Mine' })).status, 403)
  assert.deepEqual(codeOf(await ask('alice', 'PATCH', `/v1/collections/${alias}`, { contributor_role: 'emperor' })), [
    422,
    'collection-invalid',
  ])
})

test('a role on one file opens that one', async () => {
  const alias = await collection()
  const { id, url } = await draft(alias)
  const [one, two] = await putFiles(id, ['a.txt', 'b.txt'], { restricted: true })
  await ask('alice', 'POST', `${url}/publish`, { type: 'major' })
  const bob = house.people.get('bob')!
  assert.equal((await rightsOn(db, bob, { file: one! })).may('DownloadFile'), false)
  assert.equal((await give(`/v1/files/${one}`, 'bob', 'fileDownloader')).status, 201)
  assert.equal((await rightsOn(db, bob, { file: one! })).may('DownloadFile'), true)
  assert.equal((await rightsOn(db, bob, { file: two! })).may('DownloadFile'), false)
  assert.equal((await rightsOn(db, bob, { dataset: id })).may('DownloadFile'), false)
  assert.equal((await ask('alice', 'GET', `/v1/files/${one}/assignments`)).body.items[0].on.type, 'file')
  assert.equal((await ask('bob', 'GET', `/v1/files/${one}/assignments`)).status, 403)
  assert.deepEqual(codeOf(await ask('bob', 'GET', '/v1/files/999999/assignments')), [404, 'dataset-file-not-found'])
})

test('who may add to the root because everybody may, may not add to the collections of others', async () => {
  await join('carol')
  const hers = await collection({ who: 'alice' })
  const answer = await ask('carol', 'POST', `/v1/collections/${hers}/datasets`, { metadata: plainMetadata() })
  assert.equal(answer.status, 403)
  assert.equal(answer.body.missing_right, 'AddDataset')
  const below = await ask('carol', 'POST', '/v1/collections', {
    parent: hers,
    alias: 'x-1',
    name: 'X',
    contacts: [],
  })
  assert.equal(below.status, 403)
  // Her collection can say so itself.
  const given = await ask('alice', 'POST', `/v1/collections/${hers}/assignments`, {
    role: 'dsContributor',
    assignee: ':signed-in',
  })
  assert.equal(given.status, 201, JSON.stringify(given.body))
  const again = await ask('carol', 'POST', `/v1/collections/${hers}/datasets`, { metadata: plainMetadata() })
  assert.equal(again.status, 201)
})
