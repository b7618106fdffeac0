import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { filesHouse } from '#test/dataset-files.ts'

const digest = (name: string, content: string | Uint8Array): string => createHash(name).update(content).digest('hex')

const house = await filesHouse({ largestFile: 5e6, largestDataset: 10e6 })
await house.join('alice')
await house.join('bob')
await house.join('root', 'admin')

test('a body becomes a file where its path says, with its checksums, and comes back byte by byte', async () => {
  const dataset = await house.makeDataset('alice')
  const content = randomBytes(1_000_000)
  const sent = await house.put('alice', dataset, 'raw/2026/counts.bin', content)
  assert.equal(sent.status, 201, sent.bytes.toString())
  const [file] = sent.body.items
  assert.equal(file.path, 'raw/2026/counts.bin')
  assert.equal(file.directory, 'raw/2026')
  assert.equal(file.bytes, content.length)
  assert.deepEqual(file.checksums, { md5: digest('md5', content), sha256: digest('sha256', content) })
  assert.equal(sent.headers.get('location'), `/v1/files/${file.id}`)
  const back = await house.ask('alice', 'GET', file.url)
  assert.equal(back.status, 200)
  assert.ok(back.bytes.equals(content))
})

test('a body without a length, as chunks, is taken as well; so are 0 bytes', async () => {
  const dataset = await house.makeDataset('alice')
  const chunks = new ReadableStream({
    start(controller) {
      for (const piece of ['a,b\n', '1,2\n']) controller.enqueue(Buffer.from(piece))
      controller.close()
    },
  })
  const sent = await house.put('alice', dataset, 'a.csv', chunks)
  assert.equal(sent.body.items[0].bytes, 8)
  const empty = await house.put('alice', dataset, 'empty.txt', '')
  assert.equal(empty.status, 201, empty.bytes.toString())
  assert.equal(empty.body.items[0].bytes, 0)
  const back = await house.ask('alice', 'GET', empty.body.items[0].url)
  assert.equal(back.status, 200)
  assert.equal(back.bytes.length, 0)
  const part = await house.ask('alice', 'GET', empty.body.items[0].url, undefined, { range: 'bytes=0-5' })
  assert.equal(part.status, 416)
})

test('the type is told by the name, or by the sender where that says more', async () => {
  const dataset = await house.makeDataset('alice')
  const typeOf = async (name: string, headers = {}) =>
    (await house.put('alice', dataset, name, 'x', headers)).body.items[0].media_type
  assert.equal(await typeOf('a.csv'), 'text/csv')
  assert.equal(await typeOf('a.py'), 'text/x-python')
  assert.equal(await typeOf('b.csv', { 'content-type': 'application/octet-stream' }), 'text/csv')
  assert.equal(await typeOf('c', { 'content-type': 'application/x-netcdf' }), 'application/x-netcdf')
  assert.equal(
    await typeOf('d.tsv', { 'content-type': 'application/x-www-form-urlencoded' }),
    'text/tab-separated-values',
  )
  assert.equal((await house.put('alice', dataset, 'e', 'x', { 'content-type': 'nonsense' })).status, 415)
})

test('who may not edit is refused before a byte is read, and not told of what they may not see', async () => {
  const dataset = await house.makeDataset('alice')
  const [nobody, bob] = await Promise.all([
    house.put(null, dataset, 'a.csv', 'x'),
    house.put('bob', dataset, 'a.csv', 'x'),
  ])
  assert.equal(nobody.status, 401)
  assert.equal(bob.status, 404)
  await house.deposit('alice', dataset, 'a.csv', 'x')
  await house.publish('root', dataset)
  const seen = await house.put('bob', dataset, 'a.csv', 'x')
  assert.equal(seen.status, 403)
  assert.equal(seen.body.missing_right, 'EditDataset')
})

test('names that cannot be kept are refused with what is wrong with them, and nothing is left of the body', async () => {
  const dataset = await house.makeDataset('alice')
  for (const [place, at] of [
    ['a%3Ab.csv', '#/name'],
    ['x%2F..%2F..%2Fetc%2Fpasswd', '#/directory'],
    [`${'%C3%A4'.repeat(128)}`, '#/name'],
    ['a%0Ab', '#/name'],
    ['a%E2%80%AEb', '#/name'],
    ['ra%2Aw/a.csv', '#/directory'],
  ] as const) {
    const reply = await house.put('alice', dataset, place, 'x')
    assert.equal(reply.status, 422, `${place}: ${reply.bytes}`)
    assert.equal(reply.body.code, 'dataset-file-name-invalid')
    assert.equal(reply.body.errors[0].pointer, at)
    assert.match(reply.body.detail, /^“[ra]|^“x\/\.\.|^“ä/)
    assert.doesNotMatch(reply.body.detail, /[\n\u202E]/)
  }
  const odd = await house.put('alice', dataset, 'a%00b', 'x')
  assert.ok([400, 404].includes(odd.status), String(odd.status))
  const fine = await house.put('alice', dataset, `${encodeURIComponent('Übersicht/Zählung 数据 👩‍🔬.csv')}`, 'x')
  assert.equal(fine.body.items[0].path, 'Übersicht/Zählung 数据 👩‍🔬.csv')
  const back = await house.ask('alice', 'GET', fine.body.items[0].url)
  assert.match(String(back.headers.get('content-disposition')), /filename\*=UTF-8''Z%C3%A4hlung/)
  const { body } = await house.ask('alice', 'GET', `/v1/datasets/${dataset}/versions/draft/files`)
  assert.equal(body.total, 1)
})

test('what arrives otherwise than its sender says is refused, and nothing is kept of it', async () => {
  const dataset = await house.makeDataset('alice')
  const before = await house.onDisk()
  const content = randomBytes(70_000)
  const right = { 'x-checksum-sha256': digest('sha256', content), 'x-checksum-sha512': digest('sha512', content) }
  const wrong = await house.put('alice', dataset, 'a', content, { 'x-checksum-md5': '0'.repeat(32) })
  assert.equal(wrong.status, 422)
  assert.equal(wrong.body.code, 'checksum-mismatch')
  assert.equal(wrong.body.found, digest('md5', content))
  const odd = await house.put('alice', dataset, 'a', content, { 'content-md5': 'odd' })
  assert.equal(odd.body.code, 'checksum-invalid')
  assert.deepEqual(await house.onDisk(), before)
  const sent = await house.put('alice', dataset, 'a', content, right)
  assert.equal(sent.body.items[0].checksums.sha512, right['x-checksum-sha512'])
})

test('a connection that breaks off, or ends before the announced length, leaves nothing visible and nothing on disk', async () => {
  const dataset = await house.makeDataset('alice')
  const before = await house.onDisk()
  for (const way of ['destroy', 'end'] as const) {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(house.url).port) })
    socket.on('error', () => undefined).resume()
    socket.write(
      `PUT /v1/datasets/${dataset}/content/cut.bin HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer alice\r\nContent-Type: application/octet-stream\r\nContent-Length: 5000000\r\n\r\n`,
    )
    for (let piece = 0; piece < 20; piece++) socket.write(randomBytes(50_000))
    await sleep(150)
    socket[way]()
    await new Promise((resolve) => socket.once('close', resolve))
  }
  for (let tries = 0; tries < 100 && (await house.onDisk()).length > before.length; tries++) await sleep(20)
  assert.deepEqual(await house.onDisk(), before)
  const { body } = await house.ask('alice', 'GET', `/v1/datasets/${dataset}/versions/draft/files`)
  assert.equal(body.total, 0)
})

test('more than the limit is refused at once where it is announced, and otherwise as soon as it has come', async () => {
  const dataset = await house.makeDataset('alice')
  const before = await house.onDisk()
  const huge = await house.put('alice', dataset, 'huge', randomBytes(5_000_001))
  assert.equal(huge.status, 413)
  assert.equal(huge.body.code, 'dataset-file-too-large')
  assert.deepEqual(await house.onDisk(), before)
  for (const name of ['a', 'b']) await house.deposit('alice', dataset, name, randomBytes(4_500_000))
  const full = await house.put('alice', dataset, 'c', randomBytes(4_500_000))
  assert.equal(full.status, 413)
  assert.equal(full.body.code, 'dataset-too-large')
})

test('many writers at once end in one draft, each file once, those of one name with numbers', async () => {
  const dataset = await house.makeDataset('alice')
  await house.deposit('alice', dataset, 'first.csv', 'x')
  await house.publish('root', dataset)
  const replies = await Promise.all(
    Array.from({ length: 12 }, (_, at) => house.put('alice', dataset, 'counts.csv?if_exists=rename', `count\n${at}\n`)),
  )
  assert.deepEqual(
    replies.map(({ status }) => status),
    Array(12).fill(201),
  )
  const { rows } = await sql<{ drafts: number }>`
    select count(*)::int as drafts from dataset_versions where dataset_id = ${dataset} and state = 'draft'`.execute(
    house.db,
  )
  assert.equal(rows[0]?.drafts, 1)
  const { body } = await house.ask('alice', 'GET', `/v1/datasets/${dataset}/versions/draft/files`)
  assert.deepEqual(
    body.items.map(({ name }: { name: string }) => name).sort(),
    ['counts.csv', ...Array.from({ length: 11 }, (_, at) => `counts-${at + 1}.csv`), 'first.csv'].sort(),
  )
})

test('sent again to its place a file is replaced and keeps its line; a refusal or a number can be asked for', async () => {
  const dataset = await house.makeDataset('alice')
  const first = await house.deposit('alice', dataset, 'a/counts.csv', 'one')
  await house.publish('root', dataset)
  const again = await house.put('alice', dataset, 'a/counts.csv', 'two')
  assert.equal(again.status, 200)
  const [second] = again.body.items
  assert.equal(second.previous_file, first)
  assert.equal(second.root_file, first)
  const third = (await house.put('alice', dataset, 'a/counts.csv', 'three')).body.items[0]
  assert.deepEqual([third.previous_file, third.root_file], [second.id, first])
  assert.equal((await house.ask('alice', 'GET', `/v1/files/${second.id}`)).status, 404)
  const old = await house.ask(null, 'GET', `/v1/files/${first}/content`)
  assert.equal(old.bytes.toString(), 'one')
  const shown = await house.ask('alice', 'GET', `/v1/files/${third.id}`)
  assert.deepEqual(
    shown.body.history.map(({ id }: { id: number }) => id),
    [third.id, first],
  )
  const refused = await house.put('alice', dataset, 'a/counts.csv?if_exists=refuse', 'four')
  assert.equal(refused.status, 409)
  assert.equal(refused.body.file, third.id)
  const renamed = await house.put('alice', dataset, 'a/counts.csv?if_exists=rename', 'five')
  assert.equal(renamed.body.items[0].name, 'counts-1.csv')
  assert.equal(renamed.body.warnings[0].kind, 'renamed')
})

test('what takes a file’s place is kept from others as that one was, and described as it, unless it says otherwise', async () => {
  const dataset = await house.makeDataset('alice')
  const id = await house.deposit('alice', dataset, 'r.csv', 'one')
  const until = '2999-01-01'
  const said = { description: 'By hour', categories: ['Data'], restricted: true, embargo: { until, reason: 'Patent' } }
  await house.ask('alice', 'PATCH', `/v1/files/${id}`, said)
  const told = ({ description, categories, restricted, embargo }: Record<string, unknown>) => ({
    description,
    categories,
    restricted,
    embargo,
  })
  const second = (await house.put('alice', dataset, 'r.csv', 'two')).body.items[0]
  assert.deepEqual(told(second), said)
  const third = (await house.put('alice', dataset, 'r.csv?restricted=false&description=New', 'three')).body.items[0]
  assert.deepEqual(told(third), { ...said, restricted: false, description: 'New' })
  const upload = await house.upload('alice', dataset, 'r.csv', 'four')
  const files = [{ upload, replaces: third.id, restricted: true }]
  const fourth = (await house.ask('alice', 'POST', `/v1/datasets/${dataset}/files`, { files })).body.items[0]
  assert.deepEqual(told(fourth), { ...said, description: 'New' })
  const beside = (await house.put('alice', dataset, 'r.csv?if_exists=rename', 'five')).body.items[0]
  assert.deepEqual([beside.restricted, beside.embargo, beside.description], [false, null, ''])
})

test('a draft’s file that was deleted or replaced is no longer found', async () => {
  const dataset = await house.makeDataset('alice')
  const found = async (): Promise<[number, number]> => {
    const { body } = await house.ask('alice', 'GET', '/v1/search?q=limpetcensus&type=file')
    return [body.total, body.items.length]
  }
  await house.deposit('alice', dataset, 'limpetcensus.csv', 'one')
  const { id } = (await house.put('alice', dataset, 'limpetcensus.csv', 'two')).body.items[0]
  assert.deepEqual(await found(), [1, 1])
  assert.equal((await house.ask('alice', 'DELETE', `/v1/files/${id}`)).status, 200)
  assert.deepEqual(await found(), [0, 0])
})

test('a file that is sent again as it is changes nothing, and makes no draft of what was published', async () => {
  const dataset = await house.makeDataset('alice')
  const id = await house.deposit('alice', dataset, 'raw/a.csv', 'a,b')
  await house.publish('root', dataset)
  const again = await house.put('alice', dataset, 'raw/a.csv', 'a,b')
  assert.deepEqual([again.status, again.body.items[0].id, again.body.warnings], [200, id, []])
  assert.equal((await house.ask('alice', 'GET', `/v1/datasets/${dataset}/versions/draft/files`)).status, 404)
  assert.equal((await house.put('alice', dataset, 'raw/a.csv', 'a,c')).status, 200)
  assert.equal((await house.ask('alice', 'GET', `/v1/datasets/${dataset}/versions/draft/files`)).body.total, 1)
})

test('the same content a second time is taken and told, and stands on disk once', async () => {
  const dataset = await house.makeDataset('alice')
  const content = randomBytes(2000)
  const first = await house.deposit('alice', dataset, 'a/one.bin', content)
  const again = await house.put('alice', dataset, 'two.bin', content)
  assert.equal(again.status, 201)
  assert.deepEqual(again.body.warnings, [
    {
      file: again.body.items[0].id,
      kind: 'same_content',
      detail: 'This file has the same content as a/one.bin that is in the dataset.',
      other: first,
    },
  ])
  assert.equal((await house.onDisk()).filter((name) => name === digest('sha256', content)).length, 1)
})

test('contents that files name survive the sweep, and those of deleted drafts do not', async () => {
  const dataset = await house.makeDataset('alice')
  const content = randomBytes(3000)
  const kept = randomBytes(3000)
  const id = await house.deposit('alice', dataset, 'a', content)
  await house.deposit('alice', dataset, 'b', kept)
  assert.equal((await house.ask('alice', 'DELETE', `/v1/files/${id}`)).body.destroyed, true)
  await house.files.contents.sweep(house.db)
  const names = await house.onDisk()
  assert.ok(!names.includes(digest('sha256', content)))
  assert.ok(names.includes(digest('sha256', kept)))
})

test('each deposit is one line of the audit trail', async () => {
  const dataset = await house.makeDataset('alice')
  await house.deposit('alice', dataset, 'a', 'x')
  await house.put('alice', dataset, 'a', 'y')
  const events = await house.db
    .selectFrom('audit_events')
    .select('verb')
    .where('subject_id', '=', String(dataset))
    .where('verb', 'like', 'dataset.file%')
    .orderBy('id')
    .execute()
  assert.deepEqual(
    events.map(({ verb }) => verb),
    ['dataset.files_added', 'dataset.file_replaced'],
  )
})
