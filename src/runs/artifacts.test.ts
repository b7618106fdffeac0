import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import { ada, runApi } from '#test/run-api.ts'
import { artifactFiles } from './kept-files.ts'
import type { NewArtifact, RunHandler } from './run.ts'
import { sweepArtifacts } from './sweep-artifacts.ts'

const csv = Buffer.from('a,b\n1,2\n'.repeat(1000))
const sheet: NewArtifact = { name: 'Übersicht "Q1".csv', mediaType: 'text/csv', content: csv }
const hash = createHash('sha256').update(csv).digest('hex')

type Api = Awaited<ReturnType<typeof runApi>>

async function bakedWith({ order, bakeIt, ask }: Api, artifact: NewArtifact = sheet, over: { personal?: true } = {}) {
  const id = await order(over)
  await bakeIt(id, async ({ addArtifact }) => void (await addArtifact(artifact)))
  const [listed] = (await ask(`/v1/runs/${id}/artifacts`)).json().artifacts
  return { id, listed }
}

test('a file that a run made is listed with size and checksum, and downloaded as what it is', async (t) => {
  const api = await runApi(t)
  const { id, listed } = await bakedWith(api)
  assert.partialDeepStrictEqual(listed, {
    name: 'Übersicht Q1 .csv',
    media_type: 'text/csv',
    bytes: csv.length,
    sha256: hash,
    expired: false,
  })
  const days = (Date.parse(listed.expires_at) - Date.now()) / 86_400_000
  assert.ok(days > 6.9 && days < 7.1, `${days} days`)
  const { headers, statusCode, rawPayload } = await api.ask(listed.url)
  assert.equal(statusCode, 200)
  assert.ok(rawPayload.equals(csv))
  assert.partialDeepStrictEqual(headers, {
    'content-type': 'text/csv',
    'content-length': String(csv.length),
    etag: `"${hash}"`,
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'content-disposition': `attachment; filename="_bersicht Q1 .csv"; filename*=UTF-8''%C3%9Cbersicht%20Q1%20.csv`,
  })
  assert.deepEqual((await api.ask(`/v1/runs/${id}`)).json().artifacts, { total: 1, expired: 0 })
})

test('a part of a file is given by its range, and nothing to who has it already', async (t) => {
  const api = await runApi(t)
  const { listed } = await bakedWith(api)
  const size = csv.length
  for (const [range, from, to] of [
    ['bytes=0-0', 0, 1],
    ['bytes=5-', 5, size],
    ['bytes=-3', size - 3, size],
    [`bytes=10-${size * 2}`, 10, size],
  ] as const) {
    const part = await api.ask(listed.url, { range })
    assert.equal(part.statusCode, 206, range)
    assert.ok(part.rawPayload.equals(csv.subarray(from, to)), range)
    assert.equal(part.headers['content-range'], `bytes ${from}-${to - 1}/${size}`)
    assert.equal(part.headers['content-length'], String(to - from))
  }
  const outside = await api.ask(listed.url, { range: `bytes=${size}-` })
  assert.deepEqual(
    [outside.statusCode, outside.json().code, outside.headers['content-range']],
    [416, 'range-invalid', `bytes */${size}`],
  )
  for (const range of ['bytes=0-1,4-5', 'lines=0-1', 'bytes=9-1', 'bytes=-'])
    assert.equal((await api.ask(listed.url, { range })).statusCode, 200, range)
  const tagged = { range: 'bytes=0-3', 'if-range': `"${hash}"` }
  assert.equal((await api.ask(listed.url, tagged)).statusCode, 206)
  assert.equal((await api.ask(listed.url, { ...tagged, 'if-range': '"other"' })).statusCode, 200)
  const known = await api.ask(listed.url, { 'if-none-match': `"${hash}"` })
  assert.deepEqual([known.statusCode, known.body], [304, ''])
})

test('only who asked for the run, and may still start such ones, gets its files; and who administers runs', async (t) => {
  const colleague: Caller = { ...ada, accountId: 'bob', tokenId: 't2' }
  const narrowed: Caller = { ...ada, tokenId: 't3', grants: Grants.of(['runs:read', 'models:refresh:pie']) }
  const admin: Caller = { ...ada, accountId: 'root', tokenId: 't4', grants: Grants.ofRole('admin') }
  const watcher: Caller = { ...admin, tokenId: 't5', grants: Grants.of(['runs:admin']) }
  const api = await runApi(t, { colleague, narrowed, admin, watcher })
  const { id, listed } = await bakedWith(api)
  const statuses = async (name: string): Promise<number[]> => {
    const headers = { authorization: `Bearer ${name}` }
    const list = await api.ask(`/v1/runs/${id}/artifacts`, headers)
    const file = await api.ask(listed.url, headers)
    return [list.json().artifacts.length, file.statusCode]
  }
  assert.deepEqual(await Promise.all(['ada', 'admin', 'colleague', 'narrowed', 'watcher'].map(statuses)), [
    [1, 200],
    [1, 200],
    [0, 404],
    [0, 404],
    [0, 404],
  ])
  // A colleague follows what both could start, but not a run that is somebody’s own.
  const own = await bakedWith(api, sheet, { personal: true })
  for (const [run, status] of [
    [id, 200],
    [own.id, 404],
  ] as const)
    assert.equal((await api.ask(`/v1/runs/${run}`, { authorization: 'Bearer colleague' })).statusCode, status)
})

test('a file past its time is no longer given out, is said to be expired, and is collected', async (t) => {
  const api = await runApi(t)
  const { id, listed } = await bakedWith(api, { ...sheet, expiresAt: new Date(Date.now() + 700) })
  const other = await bakedWith(api)
  await sleep(800)
  const gone = await api.ask(listed.url)
  assert.deepEqual([gone.statusCode, gone.json().code], [410, 'artifact-expired'])
  assert.deepEqual((await api.ask(`/v1/runs/${id}`)).json().artifacts, { total: 1, expired: 1 })
  assert.equal((await api.ask(`/v1/runs/${id}/artifacts`)).json().artifacts[0].expired, true)
  // The same content is somebody else's still.
  await sweepArtifacts(api)
  assert.equal((await api.ask(other.listed.url)).statusCode, 200)
  assert.deepEqual(await api.db.transaction().execute((tx) => artifactFiles(tx)), [`${hash.slice(0, 2)}/${hash}`])
  // A moment ago: what is kept to the millisecond may be rounded to one that is still to come.
  await sql`update run_artifacts set expires_at = now() - interval '1 second'`.execute(api.db)
  await sweepArtifacts(api)
  const left = (await readdir(api.directory, { recursive: true })).filter((name) => name.endsWith(hash))
  assert.deepEqual(left, [])
})

test('an attempt that takes a run up sees what the one before kept, and puts its own in place', async (t) => {
  const api = await runApi(t)
  const id = await api.order()
  const crash = Promise.withResolvers<never>()
  // Silent from the beginning, as the dead are.
  const work: RunHandler<object> = async ({ addArtifact }) => {
    await addArtifact({ name: 'a.txt', mediaType: 'text/plain', content: Buffer.from('one') })
    await crash.promise
  }
  const dead = api.bakeIt(id, work, 1e6)
  while ((await api.db.selectFrom('run_artifacts').select('id').execute()).length === 0) await sleep(10)
  await sql`update runs set lease_until = now() - interval '1 second'`.execute(api.db)
  const seen: string[] = []
  await api.bakeIt(id, async ({ addArtifact, listArtifacts }) => {
    seen.push(...(await listArtifacts()).map(({ name }) => name))
    await addArtifact({ name: 'a.txt', mediaType: 'text/plain', content: Readable.from(['two']) })
  })
  crash.reject(new Error('late'))
  await dead
  assert.deepEqual(seen, ['a.txt'])
  const { artifacts } = (await api.ask(`/v1/runs/${id}/artifacts`)).json()
  assert.equal(artifacts.length, 1)
  assert.equal((await api.ask(artifacts[0].url)).body, 'two')
})

test('a worker that has lost its run keeps nothing with it', async (t) => {
  const api = await runApi(t)
  const id = await api.order()
  let failure: unknown
  await api.bakeIt(id, async ({ addArtifact }) => {
    await sql`update runs set attempt = attempt + 1`.execute(api.db)
    failure = await addArtifact(sheet).catch((error: unknown) => error)
  })
  assert.match(String(failure), /no longer/)
  assert.equal((await api.db.selectFrom('run_artifacts').select('id').execute()).length, 0)
})

test('names of files lead nowhere and hide nothing', async (t) => {
  const api = await runApi(t)
  for (const [name, kept] of [
    ['../../etc/passwd', 'etc passwd'],
    ['a\r\nSet-Cookie: b=1.csv', 'a Set-Cookie b=1.csv'],
    ['report\u202Egpj.exe', 'report gpj.exe'],
    ['...', 'file'],
    ['x'.repeat(500), 'x'.repeat(200)],
  ] as const) {
    const { listed } = await bakedWith(api, { ...sheet, name })
    assert.equal(listed.name, kept)
    const { headers } = await api.ask(listed.url)
    assert.match(String(headers['content-disposition']), /^attachment; filename="[^"]*"(; filename\*=\S+)?$/)
  }
})
