import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { zipStream } from '#src/files/zip-stream.ts'
import { filesHouse } from '#test/dataset-files.ts'

const house = await filesHouse({ largestFile: 3e6, largestDataset: 5e6 })
await house.join('alice')
await house.join('bob')
await house.join('root', 'admin')

const modified = new Date('2026-03-01T12:00:00Z')
/** A ZIP with these members. */
const zipped = (members: Readonly<Record<string, string>>): Promise<Buffer> =>
  buffer(
    zipStream(
      Object.entries(members).map(([name, text]) => ({
        name,
        bytes: Buffer.byteLength(text),
        modified,
        open: async () => Readable.from([Buffer.from(text)]),
      })),
    ),
  )
const paths = (body: { items: { path: string }[] }): string[] => body.items.map((one) => one.path)
const filesOf = async (dataset: number): Promise<string[]> =>
  paths((await house.ask('alice', 'GET', `/v1/datasets/${dataset}/versions/draft/files`)).body)

test('finished uploads become files together, each once, and a repeated request changes nothing again', async () => {
  const dataset = await house.makeDataset('alice')
  const one = await house.upload('alice', dataset, 'counts.csv', 'a,b')
  const two = await house.upload('alice', dataset, 'counts.csv', 'c,d')
  const body = {
    files: [
      { upload: one, directory: 'raw', description: 'Counts', categories: ['Data'] },
      { upload: two, name: 'more.csv', restricted: true },
    ],
  }
  const key = { 'idempotency-key': 'one' }
  const added = await house.ask('alice', 'POST', `/v1/datasets/${dataset}/files`, body, key)
  assert.equal(added.status, 201, added.bytes.toString())
  assert.deepEqual(paths(added.body), ['raw/counts.csv', 'more.csv'])
  assert.deepEqual([added.body.items[1].restricted, added.body.items[1].original_name], [true, 'counts.csv'])
  const again = await house.ask('alice', 'POST', `/v1/datasets/${dataset}/files`, body, key)
  assert.deepEqual(again.body, added.body)
  const spent = await house.ask('alice', 'POST', `/v1/datasets/${dataset}/files`, body)
  assert.equal(spent.status, 404)
  assert.deepEqual(await filesOf(dataset), ['more.csv', 'raw/counts.csv'])
  await house.files.contents.sweep(house.db)
  assert.equal((await house.ask('alice', 'GET', added.body.items[0].url)).bytes.toString(), 'a,b')
})

test('one upload that cannot become a file keeps all others from becoming any', async () => {
  const dataset = await house.makeDataset('alice')
  const other = await house.makeDataset('alice')
  const upload = await house.upload('alice', dataset, 'a.csv', 'a')
  const strange = await house.upload('alice', other, 'b.csv', 'b')
  const send = (files: object[], who = 'alice') => house.ask(who, 'POST', `/v1/datasets/${dataset}/files`, { files })
  assert.equal((await send([{ upload }, { upload: strange }])).body.code, 'upload-for-another-dataset')
  const named = await send([{ upload, name: 'a/b' }])
  assert.deepEqual([named.status, named.body.errors[0].pointer], [422, '#/files/0/name'])
  assert.equal((await send([{ upload }, { upload: crypto.randomUUID() }])).status, 404)
  assert.equal((await send([{ upload }], 'bob')).status, 404)
  assert.deepEqual(await filesOf(dataset), [])
  assert.equal((await send([{ upload }])).status, 201)
})

test('an upload replaces a file under its name, and its line is kept', async () => {
  const dataset = await house.makeDataset('alice')
  const first = await house.deposit('alice', dataset, 'raw/counts.csv', 'one')
  await house.ask('alice', 'PATCH', `/v1/files/${first}`, {
    description: 'Counts',
    categories: ['Data'],
    restricted: true,
  })
  await house.publish('root', dataset)
  const upload = await house.upload('alice', dataset, 'new.csv', 'two')
  const replaced = await house.ask('alice', 'POST', `/v1/files/${first}/replacement`, { upload })
  assert.equal(replaced.status, 201, replaced.bytes.toString())
  const [file] = replaced.body.items
  assert.deepEqual(
    [file.path, file.description, file.categories, file.restricted, file.previous_file, file.root_file],
    ['raw/counts.csv', 'Counts', ['Data'], true, first, first],
  )
  assert.deepEqual(await filesOf(dataset), ['raw/counts.csv'])
  const again = await house.upload('alice', dataset, 'x.png', 'three')
  const typed = await house.ask('alice', 'POST', `/v1/files/${file.id}/replacement`, { upload: again, any_type: false })
  assert.deepEqual([typed.status, typed.body.code], [409, 'dataset-file-other-type'])
  const gone = await house.ask('alice', 'POST', `/v1/files/${first}/replacement`, { upload: again })
  assert.deepEqual([gone.status, gone.body.code], [409, 'dataset-file-not-in-draft'])
})

test('a ZIP is unpacked one level deep, its folders become directories, and what systems leave behind is passed over', async () => {
  const dataset = await house.makeDataset('alice')
  const inner = (await zipped({ 'x.txt': 'x' })).toString('latin1')
  const zip = await zipped({
    'a.csv': 'a,b',
    'raw/2026/b:c.csv': 'c,d',
    'empty.txt': '',
    '__MACOSX/._a.csv': 'junk',
    'raw/.DS_Store': 'junk',
    'inner.zip': inner,
  })
  const sent = await house.put('alice', dataset, 'in/data.zip?unpack=true', zip)
  assert.equal(sent.status, 201, sent.bytes.toString())
  assert.deepEqual(paths(sent.body).sort(), ['in/a.csv', 'in/empty.txt', 'in/inner.zip', 'in/raw/2026/b_c.csv'])
  assert.deepEqual(sent.body.items.map((one: { media_type: string }) => one.media_type).sort(), [
    'application/zip',
    'text/csv',
    'text/csv',
    'text/plain',
  ])
  const kept = await house.put('alice', dataset, 'kept.zip', zip)
  assert.equal(kept.body.items[0].media_type, 'application/zip')
  assert.equal(kept.body.items[0].bytes, zip.length)
})

test('an uploaded ZIP is unpacked once, and the upload is gone then', async () => {
  const dataset = await house.makeDataset('alice')
  const upload = await house.upload('alice', dataset, 'data.zip', await zipped({ 'a.csv': 'a', 'b/c.csv': 'c' }))
  const at = `/v1/datasets/${dataset}/files/unpacked`
  const [one, two] = await Promise.all([
    house.ask('alice', 'POST', at, { upload, directory: 'all' }),
    house.ask('alice', 'POST', at, { upload, directory: 'all' }),
  ])
  assert.deepEqual([one.status, two.status].sort(), [200, 404], `${one.bytes} ${two.bytes}`)
  assert.deepEqual(await filesOf(dataset), ['all/a.csv', 'all/b/c.csv'])
})

test('what is no ZIP, holds too much or too many is refused whole, and nothing is left of it', async (t) => {
  const dataset = await house.makeDataset('alice')
  const before = await house.onDisk()
  const unpack = (content: string | Buffer) => house.put('alice', dataset, 'data.zip?unpack=true', content)
  assert.equal((await unpack('no zip')).status, 422)
  assert.equal((await unpack(await zipped({}))).status, 422)
  assert.equal((await unpack(await zipped({ '.DS_Store': 'x' }))).status, 422)
  const many = await unpack(await zipped(Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`${at}`, 'x']))))
  assert.deepEqual([many.status, many.body.code], [413, 'archive-too-large'])
  const broken = await zipped({ 'a.txt': 'a'.repeat(1000), 'b.txt': 'b'.repeat(1000) })
  broken[1500] = 0x7a
  assert.equal((await unpack(broken)).status, 422)
  const room = t.mock.method(house.files.contents, 'room', async () => 1500)
  const full = await unpack(await zipped({ 'a.txt': 'a'.repeat(1000), 'b.txt': 'b'.repeat(1000) }))
  assert.deepEqual([full.status, full.body.code], [503, 'storage-full'])
  room.mock.restore()
  assert.deepEqual(await house.onDisk(), before)
  assert.deepEqual(await filesOf(dataset), [])
  const most = await unpack(
    await zipped(Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`${at}.txt`, `${at}`]))),
  )
  assert.equal(most.body.items.length, 200)
})
