import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import * as tus from 'tus-js-client'
import { openContentStore } from '#src/files/content-store.ts'
import { openPartialContents } from '#src/files/partial-content.ts'
import { datasetsHouse, plainMetadata } from '#test/datasets.ts'
import { finishedUpload } from './finished-upload.ts'
import { namedByUploads } from './kept-files.ts'
import type { UploadNeeds } from './needs.ts'
import { uploadRoutes } from './routes.ts'
import { sweepUploads } from './sweep-uploads.ts'

const directory = await mkdtemp(path.join(tmpdir(), 'uploads-'))
after(() => rm(directory, { recursive: true, force: true }))
const contents = openContentStore({ directory, namedBy: [namedByUploads] })
/** A part is a minute late for its sender if this moves. */
let late = 0
let needs!: UploadNeeds

const house = await datasetsHouse({
  moreRoutes: ({ db, clock }, changer) => {
    needs = {
      db,
      changer,
      clock: { now: () => new Date(clock.now().getTime() + late) },
      contents,
      partials: openPartialContents(path.join(directory, 'uploads')),
      expiry: (from) => new Date(from.getTime() + 86_400_000),
      limits: { file: 50_000_000, quota: 80_000_000, open: 20 },
    }
    return uploadRoutes(needs)
  },
})
const { ask, join } = house
let site = ''
let dataset = ''

before(async () => {
  await join('alice')
  await join('bob')
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  site = `http://127.0.0.1:${(house.app.server.address() as AddressInfo).port}`
  const { body } = await ask('alice', 'POST', '/v1/collections/root/datasets', { metadata: plainMetadata() })
  dataset = `/v1/datasets/${body.id}`
})

const sum = (name: string, content: Uint8Array): string => createHash(name).update(content).digest('hex')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** Begins an upload by hand. */
async function begin(bytes: number, more: Record<string, string> = {}, who = 'alice') {
  return house.app.inject({
    method: 'POST',
    url: `${dataset}/uploads`,
    headers: {
      authorization: `Bearer ${who}`,
      'tus-resumable': '1.0.0',
      'upload-length': String(bytes),
      'upload-metadata': `filename ${base64('counts.csv')}`,
      ...more,
    },
  })
}

async function patch(
  url: string,
  offset: number,
  content: Uint8Array,
  more: Record<string, string> = {},
  who = 'alice',
) {
  return house.app.inject({
    method: 'PATCH',
    url,
    headers: {
      authorization: `Bearer ${who}`,
      'tus-resumable': '1.0.0',
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
      ...more,
    },
    payload: Buffer.from(content),
  })
}

/** Uploads with the real client. */
const byClient = (content: Buffer, more: Partial<tus.UploadOptions> = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const upload = new tus.Upload(content, {
      endpoint: `${site}${dataset}/uploads`,
      headers: { authorization: 'Bearer alice' },
      metadata: { filename: 'Zürich 数据.csv', filetype: 'text/csv' },
      retryDelays: [100, 200, 400],
      onError: reject,
      onSuccess: () => resolve(new URL(upload.url ?? '').pathname),
      ...more,
    })
    upload.start()
  })

const removeAll = async (): Promise<void> => {
  const { body } = await ask('alice', 'GET', '/v1/uploads')
  for (const { id } of body.uploads) assert.equal((await ask('alice', 'DELETE', `/v1/uploads/${id}`)).status, 204)
}

test('tus-js-client uploads a file, and what is told of it is true', async () => {
  const content = randomBytes(6_000_000)
  const url = await byClient(content)
  const { status, body } = await ask('alice', 'GET', url)
  assert.equal(status, 200)
  assert.deepEqual(
    [body.name, body.media_type, body.bytes, body.offset, body.state],
    ['Zürich 数据.csv', 'text/csv', 6_000_000, 6_000_000, 'finished'],
  )
  assert.deepEqual(body.checksums, { md5: sum('md5', content), sha256: sum('sha256', content) })
  assert.ok((await buffer((await contents.read(body.checksums.sha256))!)).equals(content))
  assert.deepEqual(await readdir(path.join(directory, 'uploads')), [])
  const verbs = await house.verbs()
  assert.deepEqual(verbs.slice(-2), ['upload.started', 'upload.finished'])
  await removeAll()
})

test('in chunks, with its beginning in the first request, and of no bytes at all', async () => {
  const content = randomBytes(2_500_000)
  for (const [bytes, more] of [
    [content, { chunkSize: 700_000 }],
    [content, { chunkSize: 700_000, uploadDataDuringCreation: true }],
    [content.subarray(0, 10), { uploadDataDuringCreation: true }],
    [Buffer.alloc(0), {}],
  ] as const) {
    const { body } = await ask('alice', 'GET', await byClient(bytes, more))
    assert.deepEqual([body.state, body.checksums.sha256], ['finished', sum('sha256', bytes)])
  }
  await removeAll()
})

test('a connection that breaks loses nothing that had come, and the client goes on from there', async () => {
  const content = randomBytes(40_000_000)
  let cut = 0
  const { body } = await ask(
    'alice',
    'GET',
    await byClient(content, {
      // In one piece, all of it may be on its way before the client says how far it is.
      chunkSize: 8_000_000,
      onProgress: (sent) => {
        if (cut >= 2 || sent < (cut + 1) * 12_000_000) return
        cut++
        house.app.server.closeAllConnections()
      },
    }),
  )
  assert.equal(cut, 2)
  assert.equal(body.checksums.sha256, sum('sha256', content))
  await removeAll()
})

test('another process goes on where one has died, and sums up what it did not see', async () => {
  const content = randomBytes(5_000_000)
  const { headers } = await begin(content.length)
  const url = String(headers.location)
  assert.equal((await patch(url, 0, content.subarray(0, 3_000_000))).headers['upload-offset'], '3000000')
  // What the process knew beside disk and database.
  const partials = needs.partials
  Object.assign(needs, { partials: openPartialContents(path.join(directory, 'uploads')) })
  assert.equal((await ask('alice', 'GET', url)).body.offset, 3_000_000)
  assert.equal((await patch(url, 3_000_000, content.subarray(3_000_000))).statusCode, 204)
  Object.assign(needs, { partials })
  assert.equal((await ask('alice', 'GET', url)).body.checksums.md5, sum('md5', content))
  await removeAll()
})

test('what is told to be there is there after a crash: no more and no less', async () => {
  const content = randomBytes(1_000_000)
  const url = String((await begin(content.length)).headers.location)
  await patch(url, 0, content.subarray(0, 400_000))
  // More came, of which nobody was told.
  const file = needs.partials.fileOf(url.split('/').at(-1)!)
  await needs.partials.append(url.split('/').at(-1)!, Readable.from([randomBytes(5000)]), {
    offset: 400_000,
    maxBytes: 1e6,
  })
  assert.ok(file)
  assert.equal((await patch(url, 405_000, content.subarray(405_000))).statusCode, 409)
  assert.equal((await patch(url, 400_000, content.subarray(400_000))).statusCode, 204)
  assert.equal((await ask('alice', 'GET', url)).body.checksums.sha256, sum('sha256', content))
  // The file is gone (a restored backup): it has to come again.
  const other = String((await begin(content.length)).headers.location)
  await patch(other, 0, content.subarray(0, 400_000))
  await rm(needs.partials.fileOf(other.split('/').at(-1)!))
  assert.equal((await ask('alice', 'GET', other)).body.offset, 0)
  await removeAll()
})

test('wrong offsets, lengths, checksums and headers are refused, and change nothing', async () => {
  const content = randomBytes(1000)
  const url = String((await begin(1000)).headers.location)
  const first = await patch(url, 0, content.subarray(0, 400), {
    'upload-checksum': `sha1 ${createHash('sha1').update(content.subarray(0, 400)).digest('base64')}`,
  })
  assert.equal(first.statusCode, 204)
  for (const [offset, part, more, status, code] of [
    [0, content.subarray(0, 10), {}, 409, 'upload-offset-wrong'],
    [500, content.subarray(0, 10), {}, 409, 'upload-offset-wrong'],
    [400, randomBytes(700), {}, 413, 'upload-too-large'],
    [400, content.subarray(400, 600), { 'upload-checksum': `md5 ${base64('no')}` }, 460, 'upload-checksum-wrong'],
    [400, content.subarray(400, 600), { 'upload-checksum': 'crc32 AAAA' }, 400, 'upload-invalid'],
    [400, content.subarray(400, 600), { 'upload-offset': '-1' }, 400, 'upload-invalid'],
    [400, content.subarray(400, 600), { 'tus-resumable': '0.2.2' }, 412, 'tus-version-unknown'],
    [400, content.subarray(400, 600), { 'content-type': 'text/plain' }, 415, 'media-unsupported'],
    [400, content.subarray(400, 600), { 'content-encoding': 'gzip' }, 415, 'media-unsupported'],
  ] as const) {
    const reply = await patch(url, offset, part, more)
    assert.deepEqual([reply.statusCode, reply.json().code], [status, code], reply.body)
    assert.equal((await ask('alice', 'GET', url)).body.offset, 400)
  }
  assert.equal((await patch(url, 400, content.subarray(400))).statusCode, 204)
  // Its answer may have been lost: saying it again harms nobody.
  assert.equal((await patch(url, 1000, Buffer.alloc(0))).statusCode, 204)
  assert.equal((await ask('alice', 'GET', url)).body.checksums.sha256, sum('sha256', content))
  for (const [more, code] of [
    [{ 'upload-length': 'ten' }, 'upload-invalid'],
    [{ 'upload-metadata': '' }, 'upload-invalid'],
    [{ 'upload-metadata': 'filename ===' }, 'upload-invalid'],
    [{ 'upload-metadata': `filename ${Buffer.from([0xff, 0xfe]).toString('base64')}` }, 'upload-invalid'],
    [{ 'upload-length': '60000000' }, 'upload-too-large'],
  ] as const)
    assert.equal((await begin(5, more)).json().code, code)
  await removeAll()
})

test('more than was announced, in chunks without a length, is cut off and given up', async () => {
  const url = String((await begin(1000)).headers.location)
  const status = await new Promise((resolve, reject) => {
    const sending = request(site + url, {
      method: 'PATCH',
      headers: {
        authorization: 'Bearer alice',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
      },
    })
    sending.on('response', (reply) => resolve(reply.statusCode)).on('error', reject)
    sending.write(randomBytes(600))
    sending.end(randomBytes(600))
  })
  assert.equal(status, 413)
  assert.equal((await ask('alice', 'GET', url)).body.offset, 0)
  await removeAll()
})

test('uploads are seen by nobody but their sender, who needs the right to edit the dataset', async () => {
  const url = String((await begin(1000)).headers.location)
  assert.equal((await ask('bob', 'GET', url)).status, 404)
  assert.equal((await patch(url, 0, randomBytes(10), {}, 'bob')).statusCode, 404)
  assert.equal((await ask('bob', 'DELETE', url)).status, 404)
  assert.equal((await begin(1000, {}, 'bob')).statusCode, 404)
  assert.deepEqual((await ask('bob', 'GET', '/v1/uploads')).body.uploads, [])
  await removeAll()
})

test('an account has only so many uploads and bytes in them', async () => {
  for (let i = 0; i < 20; i++) assert.equal((await begin(10)).statusCode, 201)
  const more = await begin(10)
  assert.deepEqual([more.statusCode, more.json().code], [409, 'uploads-too-many'])
  await removeAll()
  assert.equal((await begin(50_000_000)).statusCode, 201)
  assert.equal((await begin(40_000_000)).json().code, 'upload-too-large')
  await removeAll()
})

/** A part whose bytes come one by one, and the status that answers it; 0: none did. */
function beginPart(url: string) {
  const headers = {
    authorization: 'Bearer alice',
    'content-type': 'application/offset+octet-stream',
    'upload-offset': '0',
  }
  const hanging = request(site + url, { method: 'PATCH', headers })
  const lost = new Promise((resolve) =>
    hanging.on('response', ({ statusCode }) => resolve(statusCode)).on('error', () => resolve(0)),
  )
  return { hanging, lost }
}

test('two who send at once: the later one goes on, the earlier one is cut off', async () => {
  const content = randomBytes(2_000_000)
  const url = String((await begin(content.length)).headers.location)
  const { hanging, lost } = beginPart(url)
  hanging.write(content.subarray(0, 500_000))
  await sleep(200)
  const head = await house.app.inject({ method: 'HEAD', url, headers: { authorization: 'Bearer alice' } })
  assert.equal(head.headers['upload-length'], '2000000')
  assert.equal(head.headers['cache-control'], 'no-store')
  const reply = await patch(url, 0, content)
  // The bytes of the earlier one were noted when it was stopped, so the later one learns where to go on.
  assert.equal(reply.statusCode, 409)
  const offset = Number(reply.headers['upload-offset'])
  assert.equal((await patch(url, offset, content.subarray(offset))).statusCode, 204)
  assert.notEqual(await lost, 204)
  assert.equal((await ask('alice', 'GET', url)).body.checksums.sha256, sum('sha256', content))
  await removeAll()
})

test('one that is ended while its bytes come breaks them off, and leaves nothing', async () => {
  const url = String((await begin(9_000_000)).headers.location)
  const { hanging, lost } = beginPart(url)
  await new Promise((resolve) => hanging.write(randomBytes(6_000_000), resolve))
  await sleep(200)
  assert.equal((await ask('alice', 'DELETE', url)).status, 204)
  assert.notEqual(await lost, 204)
  assert.deepEqual(await readdir(path.join(directory, 'uploads')), [])
})

test('a finished upload becomes a file once, and its content stays while it waits', async () => {
  const content = randomBytes(1000)
  const { body } = await ask('alice', 'GET', await byClient(content))
  await contents.sweep(needs.db)
  assert.ok(await contents.read(body.checksums.sha256))
  const caller = await join('alice-again')
  await assert.rejects(
    needs.db.transaction().execute((tx) => finishedUpload(needs, tx, caller, body.id)),
    /no upload/,
  )
  const alice = house.people.get('alice')!
  const open = (await begin(10)).json().id
  await assert.rejects(
    needs.db.transaction().execute((tx) => finishedUpload(needs, tx, alice, open)),
    /0 of 10 bytes/,
  )
  const found = await needs.db.transaction().execute(async (tx) => {
    const found = await finishedUpload(needs, tx, alice, body.id)
    await found.keep(tx)
    return found
  })
  assert.deepEqual([found.bytes, found.mediaType, found.checksums.md5], [1000, 'text/csv', sum('md5', content)])
  assert.equal((await ask('alice', 'GET', `/v1/uploads/${body.id}`)).status, 404)
  // Nobody names it any more.
  await contents.sweep(needs.db)
  assert.equal(await contents.read(body.checksums.sha256), null)
  await removeAll()
})

test('what rests too long is deleted, and bytes that belong to nothing as well', async () => {
  const content = randomBytes(1000)
  const url = String((await begin(1000)).headers.location)
  await patch(url, 0, content.subarray(0, 500))
  const done = String((await begin(1000)).headers.location)
  await patch(done, 0, content)
  const stray = needs.partials.fileOf('01234567-89ab-4def-8123-456789abcdef')
  await needs.partials.append('01234567-89ab-4def-8123-456789abcdef', Readable.from([content]), {
    offset: 0,
    maxBytes: 1e6,
  })
  await utimes(stray, new Date(0), new Date(0))
  await sweepUploads(needs)
  assert.equal((await ask('alice', 'GET', url)).body.offset, 500)
  assert.deepEqual(await readdir(path.join(directory, 'uploads')), [url.split('/').at(-1)])
  late = 86_400_001
  assert.equal((await ask('alice', 'GET', url)).status, 404)
  assert.equal((await patch(url, 500, content.subarray(500))).statusCode, 404)
  await sweepUploads(needs)
  await contents.sweep(needs.db)
  late = 0
  assert.deepEqual(await readdir(path.join(directory, 'uploads')), [])
  assert.equal(await contents.read(sum('sha256', content)), null)
})

test('OPTIONS tells what of tus is spoken', async () => {
  const reply = await house.app.inject({ method: 'OPTIONS', url: `${dataset}/uploads` })
  assert.equal(reply.statusCode, 204)
  assert.equal(reply.headers['tus-version'], '1.0.0')
  assert.match(String(reply.headers['tus-extension']), /creation-with-upload/)
})
