import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { leastDataset } from '#test/dataverse-examples.ts'
import { type DataversePortal, openDataversePortal } from '#test/dataverse-portal.ts'

let portal: DataversePortal
let alice: Awaited<ReturnType<DataversePortal['depositor']>>
let bob: Awaited<ReturnType<DataversePortal['depositor']>>
let lab: number
before(async () => {
  portal = await openDataversePortal()
  alice = await portal.depositor('member', 'alice')
  bob = await portal.depositor('member', 'bob')
  const made = await portal.ask(alice.key, 'POST', '/api/dataverses/root', { alias: 'lab', name: 'Sandpiper Lab' })
  lab = made.json().data.id
})
after(() => portal.close())

const notPermitted = (name: string) => `User ${name} is not permitted to perform requested action.`
const errorOf = ({ status, json }: Awaited<ReturnType<DataversePortal['ask']>>) => [status, json().message]

describe('roles', () => {
  test('are listed with the administrator’s first', async () => {
    const { data } = (await portal.ask(alice.key, 'GET', '/api/dataverses/lab/roles')).json()
    assert.deepEqual(
      data.map(({ alias }: { alias: string }) => alias),
      [
        'admin',
        'fileDownloader',
        'fullContributor',
        'dvContributor',
        'dsContributor',
        'contributor',
        'curator',
        'member',
      ],
    )
    assert.equal(data[0].permissions.length, 16)
    assert.equal((await portal.ask(alice.key, 'GET', `/api/roles/${data[0].id}`)).json().data.alias, 'admin')
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'DELETE', `/api/roles/${data[0].id}`)), [
      403,
      'May not delete Built In Role Admin.',
    ])
  })

  test('of a collection’s own are made at either address, and deleted', async () => {
    const role = { alias: 'sys1', name: 'Restorer', description: '', permissions: ['DownloadFile', 'EditDataset'] }
    const made = await portal.ask(alice.key, 'POST', '/api/roles?dvo=lab', role)
    assert.deepEqual(made.json().data, {
      ...role,
      id: made.json().data.id,
      ownerId: lab,
    })
    const other = await portal.ask(alice.key, 'POST', '/api/dataverses/lab/roles', {
      ...role,
      alias: 'sys2',
      permissions: ['ALL'],
    })
    assert.equal(other.json().data.permissions.length, 16)
    const gone = await portal.ask(alice.key, 'DELETE', `/api/roles/${made.json().data.id}`)
    assert.equal(gone.json().data.message, 'role Restorer deleted.')
    assert.equal((await portal.ask(alice.key, 'GET', `/api/roles/${made.json().data.id}`)).status, 404)
    for (const wrong of [{ ...role, alias: 'a'.repeat(17) }, { ...role, permissions: ['Fly'] }, { alias: 'x' }])
      assert.equal((await portal.ask(alice.key, 'POST', '/api/roles?dvo=lab', wrong)).status, 400)
    assert.deepEqual(errorOf(await portal.ask(bob.key, 'POST', '/api/roles?dvo=root', role)), [
      401,
      notPermitted('@bob'),
    ])
  })
})

describe('assignments', () => {
  const url = '/api/dataverses/lab/assignments'

  test('on a fresh collection are one: its creator’s as administrator', async () => {
    const { data } = (await portal.ask(alice.key, 'GET', url)).json()
    assert.equal(data.length, 1)
    const { id, roleId, roleDescription, ...rest } = data[0]
    assert.ok(id > 0 && roleId > 0 && roleDescription !== '')
    assert.deepEqual(rest, {
      assignee: '@alice',
      assigneeName: 'alice',
      roleName: 'Admin',
      _roleAlias: 'admin',
      definitionPointId: lab,
      definitionPointName: 'Sandpiper Lab',
      definitionPointType: 'Dataverse',
    })
    assert.deepEqual(errorOf(await portal.ask(bob.key, 'GET', url)), [401, notPermitted('@bob')])
  })

  test('are given, refused in Dataverse’s words, and taken', async () => {
    const give = (body: object) => portal.ask(alice.key, 'POST', url, body)
    const given = await give({ assignee: '@bob', role: 'curator' })
    assert.deepEqual([given.status, given.json().data._roleAlias], [200, 'curator'])
    assert.deepEqual(errorOf(await give({ assignee: '@nobody', role: 'curator' })), [400, 'Assignee not found'])
    assert.deepEqual(errorOf(await give({ assignee: '@bob', role: 'king' })), [
      400,
      "Can't find role named 'king' in dataverse lab",
    ])
    const everybody = await give({ assignee: ':authenticated-users', role: 'dsContributor' })
    assert.equal(everybody.json().data.assignee, ':authenticated-users')
    assert.equal((await portal.ask(bob.key, 'GET', '/api/dataverses/lab')).status, 200)
    const taken = await portal.ask(alice.key, 'DELETE', `${url}/${given.json().data.id}`)
    assert.equal(taken.json().data.message, 'Role Curator revoked for assignee @bob in Sandpiper Lab')
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'DELETE', `${url}/${given.json().data.id}`)), [
      404,
      `Role assignment ${given.json().data.id} not found`,
    ])
    assert.equal((await portal.ask(bob.key, 'GET', '/api/dataverses/lab')).status, 401)
  })

  test('on a dataset are its own, followed by those on its collection', async () => {
    const made = await portal.ask(alice.key, 'POST', '/api/dataverses/lab/datasets', leastDataset())
    const { id, persistentId } = made.json().data
    const at = `/api/datasets/:persistentId/assignments?persistentId=${persistentId}`
    const given = await portal.ask(alice.key, 'POST', at, { assignee: '@bob', role: 'editor' })
    assert.equal(given.status, 200, given.text)
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'POST', at, { assignee: '@bob', role: 'contributor' })), [
      409,
      'Role has already been granted.',
    ])
    assert.deepEqual(errorOf(await portal.ask(alice.key, 'POST', at, { assignee: '@bob', role: 'king' })), [
      400,
      "Cannot find role named 'king' in dataverse lab",
    ])
    const { data } = (await portal.ask(alice.key, 'GET', at)).json()
    assert.deepEqual(
      data
        .slice(0, 3)
        .map((one: { assignee: string; _roleAlias: string; definitionPointType: string }) => [
          one.assignee,
          one._roleAlias,
          one.definitionPointType,
        ]),
      [
        ['@alice', 'contributor', 'Dataset'],
        ['@bob', 'contributor', 'Dataset'],
        ['@alice', 'admin', 'Dataverse'],
      ],
    )
    assert.equal(data[0].definitionPointGlobalId, persistentId)
    const taken = await portal.ask(alice.key, 'DELETE', `/api/datasets/${id}/assignments/${given.json().data.id}`)
    assert.equal(taken.json().data.message, 'Role Contributor revoked for assignee @bob in Tide pools of Inchkeith')
  })
})
