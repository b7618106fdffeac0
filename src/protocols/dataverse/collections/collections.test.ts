import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { leastDataset } from '#test/dataverse-examples.ts'
import { type DataversePortal, openDataversePortal, site } from '#test/dataverse-portal.ts'

let portal: DataversePortal
let alice: Awaited<ReturnType<DataversePortal['depositor']>>
let bob: Awaited<ReturnType<DataversePortal['depositor']>>
before(async () => {
  portal = await openDataversePortal()
  alice = await portal.depositor('member', 'alice')
  bob = await portal.depositor('member', 'bob')
})
after(() => portal.close())

const notPermitted = (name: string) => `User ${name} is not permitted to perform requested action.`
const errorOf = ({ status, json }: Awaited<ReturnType<DataversePortal['ask']>>) => [status, json().message]
const lab = {
  alias: 'sandpiper-lab',
  name: 'Sandpiper Lab',
  dataverseContacts: [{ contactEmail: 'pi@example.org' }],
  affiliation: 'Example U',
  description: 'Shore birds.',
  dataverseType: 'LABORATORY',
}
const make = (alias: string, parent = 'root', more: object = {}) =>
  portal.ask(alice.key, 'POST', `/api/dataverses/${parent}`, { alias, name: `The ${alias}`, ...more })

describe('a collection', () => {
  test('is made in another, told whole, and found by number and alias in any case', async () => {
    const made = await portal.ask(alice.key, 'POST', '/api/dataverses/:root', lab)
    assert.equal(made.status, 201, made.text)
    assert.equal(made.headers.location, `${site}/api/dataverses/sandpiper-lab`)
    const { id, creationDate, ...rest } = made.json().data
    assert.match(creationDate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    assert.deepEqual(rest, {
      alias: 'sandpiper-lab',
      name: 'Sandpiper Lab',
      affiliation: 'Example U',
      dataverseContacts: [{ displayOrder: 0, contactEmail: 'pi@example.org' }],
      permissionRoot: true,
      description: 'Shore birds.',
      dataverseType: 'LABORATORY',
      isMetadataBlockRoot: false,
      isFacetRoot: false,
      ownerId: 1,
      effectiveRequiresFilesToPublishDataset: false,
      isReleased: false,
    })
    for (const ref of [id, 'sandpiper-lab', 'Sandpiper-LAB'])
      assert.equal((await portal.ask(alice.key, 'GET', `/api/v1/dataverses/${ref}`)).json().data.id, id)
    const owned = await portal.ask(alice.key, 'GET', `/api/dataverses/${id}?returnOwners=true&returnChildCount=true`)
    assert.equal(owned.json().data.childCount, 0)
    assert.deepEqual(owned.json().data.isPartOf, {
      type: 'DATAVERSE',
      identifier: 'root',
      isReleased: true,
      displayName: 'Root',
    })
  })

  test('root is number 1, released, without an affiliation', async () => {
    const { data } = (await portal.ask(null, 'GET', '/api/dataverses/:root')).json()
    assert.deepEqual([data.id, data.alias, data.name, data.isReleased], [1, 'root', 'Root', true])
    for (const absent of ['affiliation', 'ownerId', 'inputLevels', 'isPartOf']) assert.ok(!(absent in data), absent)
  })

  test('cannot be made with what is missing or wrong, and Dataverse’s words say so', async () => {
    await make('twice')
    for (const [body, status, message] of [
      [{ alias: 'x' }, 400, "Error parsing the POSTed json into a dataverse: Field 'name' is mandatory"],
      [{ name: 'x' }, 400, "Error parsing the POSTed json into a dataverse: Field 'alias' is mandatory"],
      [{ alias: 'TWICE', name: 'x' }, 403, 'A dataverse with alias TWICE already exists'],
    ] as const)
      assert.deepEqual(errorOf(await portal.ask(alice.key, 'POST', '/api/dataverses/root', body)), [status, message])
    for (const alias of ['with space', '123', 'a'.repeat(61), 'ä', '../x'])
      assert.equal((await make(alias)).status, 400, alias)
    assert.match(errorOf(await portal.ask(alice.key, 'POST', '/api/dataverses/root', '{'))[1], /^Error parsing Json: /)
    assert.deepEqual(errorOf(await make('x', 'nope')), [404, "Can't find dataverse with identifier='nope'"])
    assert.deepEqual(errorOf(await portal.ask(null, 'POST', '/api/dataverses/root', lab)), [
      401,
      notPermitted(':guest'),
    ])
  })

  test('unpublished is for its people only, and changed by them', async () => {
    await make('hidden')
    assert.deepEqual(errorOf(await portal.ask(bob.key, 'GET', '/api/dataverses/hidden')), [401, notPermitted('@bob')])
    const changed = await portal.ask(alice.key, 'PUT', '/api/dataverses/hidden', {
      description: 'Now told.',
      affiliation: null,
    })
    assert.deepEqual([changed.status, changed.json().data.description], [200, 'Now told.'])
    assert.deepEqual(errorOf(await portal.ask(bob.key, 'PUT', '/api/dataverses/hidden', {})), [
      401,
      notPermitted('@bob'),
    ])
  })

  test('is published once, after the one that it lies in', async () => {
    await make('outer')
    await make('inner', 'outer')
    const publish = (alias: string) => portal.ask(alice.key, 'POST', `/api/dataverses/${alias}/actions/:publish`)
    assert.deepEqual(errorOf(await publish('inner')), [
      403,
      'Dataverse inner may not be published because its host dataverse (outer) has not been published.',
    ])
    assert.equal((await publish('outer')).json().data.isReleased, true)
    assert.deepEqual(errorOf(await publish('outer')), [403, 'Dataverse outer has already been published.'])
    assert.equal((await publish('inner')).status, 200)
    assert.equal((await portal.ask(null, 'GET', '/api/dataverses/inner')).status, 200)
  })

  test('is deleted when it is empty, and the root never', async () => {
    await make('full')
    await make('part', 'full')
    const remove = (alias: string, key = alice.key) => portal.ask(key, 'DELETE', `/api/dataverses/${alias}`)
    assert.deepEqual(errorOf(await remove('full')), [403, 'Cannot delete non-empty dataverses'])
    assert.deepEqual(errorOf(await remove('part', bob.key)), [401, notPermitted('@bob')])
    assert.equal((await remove('part')).json().data.message, 'Dataverse part deleted')
    assert.equal((await remove('full')).status, 200)
    const root = await portal.depositor('admin')
    assert.deepEqual(errorOf(await remove('root', root.key)), [403, 'Cannot delete the root dataverse'])
  })

  test('lists what lies in it with the members that clients read', async () => {
    await make('season')
    await make('field', 'season')
    const made = await portal.ask(alice.key, 'POST', '/api/dataverses/season/datasets', leastDataset())
    const { id, persistentId } = made.json().data
    const { data } = (await portal.ask(alice.key, 'GET', '/api/dataverses/season/contents')).json()
    assert.deepEqual(data[0], { type: 'dataverse', id: data[0].id, title: 'The field' })
    const bare = persistentId.slice(4)
    assert.deepEqual(data[1], {
      id,
      identifier: bare.slice('10.5072/'.length),
      persistentUrl: `https://doi.org/${bare}`,
      protocol: 'doi',
      authority: '10.5072',
      separator: '/',
      publisher: 'Tessera',
      storageIdentifier: `local://${bare}`,
      datasetType: 'dataset',
      locks: [],
      type: 'dataset',
    })
  })

  test('inherits facets and blocks, and says what it asks for itself', async () => {
    const levels = [{ datasetFieldTypeName: 'geographicCoverage', required: true, include: true }]
    const made = await make('asking', 'root', {
      metadataBlocks: { metadataBlockNames: ['citation', 'geospatial'], inputLevels: levels, facetIds: null },
    })
    assert.deepEqual([made.status, made.json().data.inputLevels], [201, levels])
    const get = async (path: string) =>
      (await portal.ask(alice.key, 'GET', `/api/dataverses/asking/${path}`)).json().data
    assert.deepEqual(await get('facets'), ['authorName', 'subject', 'keywordValue', 'dateOfDeposit'])
    assert.deepEqual((await get('facets?returnDetails=true'))[0], {
      id: '1',
      displayName: 'Author Name',
      name: 'authorName',
    })
    assert.deepEqual(
      (await get('metadatablocks')).map(({ name }: { name: string }) => name),
      ['citation', 'geospatial'],
    )
    const [, geo] = await get('metadatablocks?returnDatasetFieldTypes=true&onlyDisplayedOnCreate=true')
    assert.equal(geo, undefined)
    const all = await get('metadatablocks?returnDatasetFieldTypes=true')
    assert.equal(all[1].fields.geographicCoverage.isRequired, true)
  })

  test('says what the caller may do, and where else they may', async () => {
    const { data } = (await portal.ask(bob.key, 'GET', '/api/dataverses/root/userPermissions')).json()
    assert.deepEqual(data, {
      canAddDataverse: true,
      canAddDataset: true,
      canViewUnpublishedDataverse: false,
      canEditDataverse: false,
      canManageDataversePermissions: false,
      canPublishDataverse: false,
      canDeleteDataverse: false,
    })
    const carol = await portal.depositor('member', 'carol')
    const made = await portal.ask(carol.key, 'POST', '/api/dataverses/root', { alias: 'carols', name: 'Carol’s' })
    const allowed = (who: string, key = carol.key) =>
      portal.ask(key, 'GET', `/api/users/${who}/allowedCollections/EditDataverse`)
    assert.deepEqual((await allowed('carol')).json().data, {
      count: 1,
      items: [{ id: made.json().data.id, name: 'Carol’s', alias: 'carols' }],
    })
    assert.equal((await allowed('carol', bob.key)).status, 403)
    assert.equal((await allowed('carol', (await portal.depositor('admin')).key)).json().data.count, 1)
  })
})
