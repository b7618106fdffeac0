import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { Grants } from '#src/access/grants.ts'
import { filesHouse } from '#test/dataset-files.ts'
import { plainMetadata } from '#test/datasets.ts'

/** Ways on which people could come to more than was meant for them. */

const house = await filesHouse()
const { ask, join } = house

const restrict = (file: number, restricted = true) => ask('alice', 'PATCH', `/v1/files/${file}`, { restricted })
const publish = (dataset: number) => house.publish('root', dataset)
const content = (who: string | null, file: number, headers = {}) =>
  ask(who, 'GET', `/v1/files/${file}/content`, undefined, headers)
const makeLink = (who: string, dataset: number) => ask(who, 'POST', `/v1/datasets/${dataset}/preview-link`)

async function withLink(dataset: number): Promise<Record<string, string>> {
  const made = await makeLink('alice', dataset)
  assert.equal(made.status, 200, made.bytes.toString())
  return { 'preview-token': made.body.token }
}

/** Shows somebody under a further token, which holds these. */
let tokens = 0
function token(who: string, ...grants: string[]): string {
  const name = `token-${++tokens}`
  house.people.set(name, { ...house.people.get(who)!, grants: Grants.of(grants) })
  return name
}

before(async () => {
  await join('alice')
  await join('bob')
  await join('root', 'admin')
})

test('a link to a draft opens the files of the draft, and not what earlier versions keep closed', async () => {
  const dataset = await house.makeDataset('alice')
  const [gone, kept, withdrawn] = await Promise.all(
    ['gone', 'kept', 'withdrawn'].map((name) => house.deposit('alice', dataset, `${name}.csv`, name)),
  )
  await restrict(gone!)
  await restrict(kept!)
  await publish(dataset)
  assert.equal((await ask('alice', 'DELETE', `/v1/files/${withdrawn}`)).status, 200)
  await publish(dataset)
  assert.equal(
    (await ask('root', 'POST', `/v1/datasets/${dataset}/versions/1.0/deaccession`, { reason: 'names' })).status,
    200,
  )
  assert.equal((await ask('alice', 'DELETE', `/v1/files/${gone}`)).status, 200)
  const drafted = await house.deposit('alice', dataset, 'new.csv', 'new')
  const link = await withLink(dataset)

  assert.equal((await content(null, drafted, link)).status, 200)
  assert.equal((await content(null, kept!, link)).status, 200, 'the draft has it')
  assert.equal((await content(null, gone!, link)).status, 403, 'restricted in 2.0, and not in the draft')
  assert.equal((await content(null, withdrawn!, link)).status, 404, 'only in a version that was withdrawn')

  const list = async (version: string) =>
    (await ask(null, 'GET', `/v1/datasets/${dataset}/versions/${version}/files`, undefined, link)).body.items
  const mayHave = (items: { name: string; may_download: boolean }[]) =>
    Object.fromEntries(items.map(({ name, may_download }) => [name, may_download]))
  assert.deepEqual(mayHave(await list('draft')), { 'kept.csv': true, 'new.csv': true })
  assert.deepEqual(mayHave(await list('2.0')), { 'gone.csv': false, 'kept.csv': true })
  const old = await ask(null, 'GET', `/v1/datasets/${dataset}/versions/1.0/files`, undefined, link)
  assert.deepEqual([old.status, old.body.items ?? []], [404, []])
  const zip = await ask(null, 'GET', `/v1/datasets/${dataset}/versions/2.0/zip?files=${gone}`, undefined, link)
  assert.equal(zip.status, 403)
  const exported = await ask(null, 'GET', `/v1/datasets/${dataset}/versions/1.0/export/schema.org`, undefined, link)
  assert.equal(exported.status, 404)
})

test('nobody makes a link that opens more than they may see', async () => {
  const dataset = await house.makeDataset('alice')
  await house.deposit('alice', dataset, 'a.csv', 'a')
  await publish(dataset)
  await house.deposit('alice', dataset, 'b.csv', 'b')
  const made = await makeLink(token('alice', 'datasets:write'), dataset)
  assert.deepEqual([made.status, made.body.missing_right], [403, 'ViewUnpublishedDataset'])
  await withLink(dataset)
  const read = await ask(token('alice', 'datasets:write'), 'GET', `/v1/datasets/${dataset}/preview-link`)
  assert.equal(read.status, 403)
})

test('what a file is called in a draft, or was in a version that was withdrawn, is not told by its history', async () => {
  const dataset = await house.makeDataset('alice')
  const file = await house.deposit('alice', dataset, 'counts.csv', 'a')
  await publish(dataset)
  assert.equal((await ask('alice', 'PATCH', `/v1/files/${file}`, { name: 'secret.csv' })).status, 200)
  const names = async (who: string | null) =>
    (await ask(who, 'GET', `/v1/files/${file}`)).body.history.map(({ name }: { name: string }) => name)
  assert.deepEqual(await names('alice'), ['secret.csv'])
  assert.deepEqual(await names(null), ['counts.csv'])

  const other = await house.makeDataset('alice')
  const first = await house.deposit('alice', other, 'patients.csv', 'a')
  await publish(other)
  const replaced = await house.put('alice', other, 'patients.csv?if_exists=replace', 'b')
  const second = replaced.body.items[0].id
  await publish(other)
  await ask('root', 'POST', `/v1/datasets/${other}/versions/1.0/deaccession`, { reason: 'names' })
  const ids = async (who: string | null) =>
    (await ask(who, 'GET', `/v1/files/${second}`)).body.history.map(({ id }: { id: number }) => id)
  assert.deepEqual(await ids('alice'), [second, first])
  assert.deepEqual(await ids(null), [second])
})

test('who may describe a collection does not say what depositors get there', async () => {
  const made = await ask('alice', 'POST', '/v1/collections', { parent: 'root', alias: 'shore', name: 'Shore' })
  assert.equal(made.status, 201)
  const role = await ask('alice', 'POST', '/v1/collections/shore/roles', {
    alias: 'describer',
    name: 'Describer',
    description: '',
    permissions: ['EditDataverse', 'AddDataset', 'ViewUnpublishedDataverse'],
  })
  assert.equal(role.status, 201, role.bytes.toString())
  await ask('alice', 'POST', '/v1/collections/shore/assignments', { assignee: 'bob', role: 'describer' })
  assert.equal((await ask('bob', 'PATCH', '/v1/collections/shore', { name: 'Shores' })).status, 200)
  const more = await ask('bob', 'PATCH', '/v1/collections/shore', { contributor_role: 'admin' })
  assert.deepEqual([more.status, more.body.missing_right], [403, 'ManageDataversePermissions'])
  assert.equal((await ask('alice', 'PATCH', '/v1/collections/shore', { contributor_role: 'curator' })).status, 200)
})

test('nobody lets others have a file that they may not have themselves', async () => {
  const made = await ask('alice', 'POST', '/v1/collections', { parent: 'root', alias: 'cliff', name: 'Cliff' })
  assert.equal(made.status, 201)
  await ask('alice', 'POST', '/v1/collections/cliff/publish')
  const dataset = (await ask('alice', 'POST', '/v1/collections/cliff/datasets', { metadata: plainMetadata() })).body.id
  const file = await house.deposit('alice', dataset, 'a.csv', 'a')
  await restrict(file)
  await publish(dataset)
  await ask('alice', 'POST', '/v1/collections/cliff/roles', {
    alias: 'doorkeeper',
    name: 'Doorkeeper',
    description: '',
    permissions: ['ManageFilePermissions'],
  })
  await ask('alice', 'POST', '/v1/collections/cliff/assignments', { assignee: 'bob', role: 'doorkeeper' })
  const { accountId } = house.people.get('bob')!
  const given = await ask('bob', 'PUT', `/v1/files/${file}/access-requests/${accountId}/grant`)
  assert.deepEqual([given.status, given.body?.missing_right], [403, 'DownloadFile'])
  assert.equal((await content('bob', file)).status, 403)
})

test('the columns of a table that not everybody may have are in no export for everybody', async () => {
  const dataset = await house.makeDataset('alice')
  const text = 'patient,outcome\n1,2\n'
  const file = await house.deposit('alice', dataset, 'cases.csv', text)
  await publish(dataset)
  const columns = JSON.stringify([{ name: 'patient', label: null, type: 'integer' }])
  await sql`update content_tables set state = 'read', columns = ${columns}::jsonb, table_sha256 = sha256,
      table_bytes = 1, rows = 1, preview = '[]'
    where sha256 = (select sha256 from dataset_files where id = ${file})`.execute(house.db)
  const exported = async (version: string) => {
    const texts = await Promise.all(
      ['ddi', 'croissant'].map((name) =>
        ask(null, 'GET', `/v1/datasets/${dataset}/versions/${version}/export/${name}`),
      ),
    )
    return texts.map(({ status, bytes }) => [status, bytes.toString().includes('patient')])
  }
  assert.deepEqual(await exported('1.0'), [
    [200, true],
    [200, true],
  ])
  await restrict(file)
  await publish(dataset)
  for (const version of ['2.0', '1.0'])
    assert.deepEqual(
      await exported(version),
      [
        [200, false],
        [200, false],
      ],
      version,
    )
})

test('nobody stops the upload of somebody else', async () => {
  const dataset = await house.makeDataset('alice')
  const tus = { 'tus-resumable': '1.0.0', 'upload-length': '4', 'upload-metadata': 'filename YS5jc3Y=' }
  const { id } = (await ask('alice', 'POST', `/v1/datasets/${dataset}/uploads`, undefined, tus)).body
  const part = { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
  const bob = Promise.withResolvers<void>()
  const slowly = new ReadableStream({
    async start(controller) {
      controller.enqueue(Buffer.from('ab'))
      await bob.promise
      controller.enqueue(Buffer.from('cd'))
      controller.close()
    },
  })
  const sent = ask('alice', 'PATCH', `/v1/uploads/${id}`, slowly, part)
  await setTimeout(300)
  assert.equal((await ask('bob', 'PATCH', `/v1/uploads/${id}`, Buffer.from('x'), part)).status, 404)
  bob.resolve()
  const { status, headers } = await sent
  assert.deepEqual([status, headers.get('upload-offset')], [204, '4'])
})

test('who does not see a draft is not told that it is in review', async () => {
  const dataset = await house.makeDataset('alice')
  await house.deposit('alice', dataset, 'a.csv', 'a')
  await publish(dataset)
  await house.deposit('alice', dataset, 'b.csv', 'b')
  assert.equal((await ask('alice', 'POST', `/v1/datasets/${dataset}/submit`)).status, 200)
  const seen = async (who: string | null) => {
    const listed = async (query: string) =>
      (await ask(who, 'GET', `/v1/datasets?limit=200${query}`)).body.items.find(
        (one: { id: number }) => one.id === dataset,
      )?.locks
    const { locks } = (await ask(who, 'GET', `/v1/datasets/${dataset}`)).body
    return [locks.length, await listed(''), await listed('&in_review=true')]
  }
  assert.deepEqual(await seen('alice'), [1, ['in_review'], ['in_review']])
  assert.deepEqual(await seen(null), [0, [], undefined])
})

test('licenses are changed by administrators who may write, not by who may read the settings', async () => {
  const name = 'Tide license'
  const add = (who: string) =>
    ask(who, 'POST', '/v1/licenses', { name, uri: 'https://example.org/tide', description: 'As the tide is.' })
  assert.equal((await add(token('root', 'settings:read'))).status, 403)
  const mine = await add('alice')
  assert.deepEqual([mine.status, mine.body.code], [403, 'repository-admins-only'])
  const made = await add(token('root', 'datasets:write'))
  assert.equal(made.status, 201, made.bytes.toString())
  const change = (who: string) => ask(who, 'PATCH', `/v1/licenses/${made.body.id}`, { active: false })
  for (const who of ['alice', token('root', 'settings:read')]) assert.equal((await change(who)).status, 403)
  assert.equal((await change('root')).status, 200)
})

test('of very many columns of tables an export tells some', async () => {
  const dataset = await house.makeDataset('alice')
  for (const name of ['a.csv', 'b.csv', 'c.csv']) await house.deposit('alice', dataset, name, `${name},x\n1,2\n`)
  await house.deposit('alice', dataset, 'd.bin', 'd')
  await publish(dataset)
  await sql`update content_tables set state = 'read', table_sha256 = sha256, table_bytes = 1, rows = 1, preview = '[]', columns =
      (select jsonb_agg(jsonb_build_object('name', 'c' || n, 'label', null, 'type', 'integer')) from generate_series(1, 9000) n)
    where sha256 in (select sha256 from dataset_files where dataset_id = ${dataset})`.execute(house.db)
  const { status, bytes } = await ask(null, 'GET', `/v1/datasets/${dataset}/versions/1.0/export/ddi`)
  const text = bytes.toString()
  assert.deepEqual([status, text.match(/<var /g)?.length], [200, 18_000])
  for (const name of ['a.csv', 'b.csv', 'c.csv', 'd.bin']) assert.ok(text.includes(name), name)
})

test('metadata that are nested without end are refused, and nothing breaks', async () => {
  const dataset = await house.makeDataset('alice')
  for (const deep of ['['.repeat(5000) + ']'.repeat(5000), `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`]) {
    const body = Buffer.from(`{"metadata":{"citation":{"title":${deep}}}}`)
    const put = await ask('alice', 'PUT', `/v1/datasets/${dataset}/draft`, body, { 'content-type': 'application/json' })
    assert.equal(put.status, 400, put.bytes.toString())
  }
})
