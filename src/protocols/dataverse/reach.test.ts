import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type DataverseOverHttp, openDataverseOverHttp } from '#test/dataverse-over-http.ts'

/** Ways on which people could come to more than was meant for them, in this dialect. */

let portal: DataverseOverHttp
let alice: Awaited<ReturnType<DataverseOverHttp['depositor']>>
let bob: typeof alice
let root: typeof alice
before(async () => {
  portal = await openDataverseOverHttp()
  alice = await portal.depositor('member', 'alice')
  bob = await portal.depositor('member', 'bob')
  root = await portal.depositor('admin', 'root')
})
after(() => portal.close())

test('who locks a dataset that one may not know of is not told, nor that a published one has a draft in review', async () => {
  const { id } = await portal.makeDataset(alice.key)
  const locks = async (key: string | null) => portal.call(key, 'GET', `/api/datasets/${id}/locks`)
  const types = async (key: string | null) =>
    (await locks(key)).json().data.map(({ lockType }: { lockType: string }) => lockType)
  assert.equal((await portal.call(root.key, 'POST', `/api/datasets/${id}/lock/Ingest`)).status, 200)
  assert.deepEqual(await types(alice.key), ['Ingest'])
  for (const key of [null, bob.key]) assert.equal((await locks(key)).status, 401)
  assert.equal((await portal.call(root.key, 'DELETE', `/api/datasets/${id}/locks`)).status, 200)
  await portal.data(alice.key, 'POST', `/api/datasets/${id}/actions/:publish?type=major`)
  await portal.add(alice.key, id, 'b.csv', 'b')
  await portal.data(alice.key, 'POST', `/api/datasets/${id}/submitForReview`)
  assert.equal((await portal.call(root.key, 'POST', `/api/datasets/${id}/lock/Workflow`)).status, 200)
  assert.deepEqual(await types(alice.key), ['InReview', 'Workflow'])
  assert.deepEqual(await types(null), ['Workflow'])
  assert.deepEqual((await portal.data(null, 'GET', `/api/datasets/${id}`)).locks, ['Workflow'])
})

test('a token of an administrator that says nothing of datasets tells nobody’s collections', async () => {
  const at = '/api/users/alice/allowedCollections/AddDataset'
  const { secret } = await portal.house.issue(root.caller, ['warehouse:read'])
  assert.equal((await portal.call(root.key, 'GET', at)).status, 200)
  assert.equal((await portal.call(secret, 'GET', at)).status, 403)
})

test('who may not open a file to others is not told who is there', async () => {
  const { id } = await portal.makeDataset(alice.key)
  const file = (await portal.add(alice.key, id, 'a.csv', 'a')).dataFile.id
  await portal.data(alice.key, 'POST', `/api/datasets/${id}/actions/:publish?type=major`)
  for (const [method, act] of [
    ['PUT', 'grantAccess'],
    ['DELETE', 'revokeAccess'],
    ['PUT', 'rejectAccess'],
  ] as const)
    for (const key of [null, bob.key]) {
      const [there, none] = await Promise.all(
        ['alice', 'nobody-of-this-name'].map((name) =>
          portal.call(key, method, `/api/access/datafile/${file}/${act}/@${name}`),
        ),
      )
      assert.deepEqual([none!.status, none!.text], [there!.status, there!.text], act)
    }
})

test('a token that does not see a draft writes nothing older over it', async () => {
  const { id } = await portal.makeDataset(alice.key)
  await portal.publish(alice.key, id)
  const retitle = { fields: [{ typeName: 'title', value: 'Drafted' }] }
  await portal.data(alice.key, 'PUT', `/api/datasets/${id}/editMetadata?replace=true`, retitle)
  const { secret } = await portal.house.issue(alice.caller, ['datasets:write'])
  for (const [method, at, body] of [
    ['PUT', `/api/datasets/${id}/editMetadata`, { fields: [{ typeName: 'subtitle', value: 'x' }] }],
    ['PUT', `/api/access/${id}/allowAccessRequest`, 'false'],
  ] as const)
    assert.equal((await portal.call(secret, method, at, body)).status, 401, at)
  const { latestVersion } = await portal.data(alice.key, 'GET', `/api/datasets/${id}`)
  assert.ok(JSON.stringify(latestVersion.metadataBlocks).includes('Drafted'))
})

test('versions with very many files together are not all told at once', async () => {
  const { id } = await portal.makeDataset(alice.key)
  await portal.publish(alice.key, id)
  await portal.add(alice.key, id, 'a.csv', 'a')
  await portal.publish(alice.key, id)
  await portal.database.db
    .updateTable('dataset_versions')
    .set({ file_count: 30_000 })
    .where('dataset_id', '=', id)
    .execute()
  const ask = (query: string) => portal.call(null, 'GET', `/api/datasets/${id}/versions${query}`)
  const all = await ask('')
  assert.deepEqual([all.status, /excludeFiles/.test(all.text)], [400, true])
  for (const query of ['?excludeFiles=true', '?limit=1']) assert.equal((await ask(query)).status, 200)
})
