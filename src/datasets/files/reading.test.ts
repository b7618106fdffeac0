import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { sql } from 'kysely'
import { Grants } from '#src/access/grants.ts'
import { readZip } from '#src/files/unzip.ts'
import { filesHouse } from '#test/dataset-files.ts'

const house = await filesHouse({ zipDownloadLimit: 1e6 })
await house.join('alice')
await house.join('bob')
await house.join('root', 'admin')

const contentOf = (file: number, query = '') => `/v1/files/${file}/content${query}`
const names = (body: { items: { path: string }[] }): string[] => body.items.map((one) => one.path)

/** The members of a ZIP in their order. */
async function unzipped(bytes: Buffer): Promise<[string, string][]> {
  const directory = await mkdtemp(path.join(tmpdir(), 'zip-'))
  const file = path.join(directory, 'x.zip')
  await writeFile(file, bytes)
  const members: [string, string][] = []
  for await (const member of readZip(file, { maxFiles: 20_000, maxBytes: 1e9 }))
    members.push([member.name, (await buffer(await member.open())).toString()])
  await rm(directory, { recursive: true })
  return members
}

async function published(files: Record<string, string>): Promise<{ dataset: number; ids: Record<string, number> }> {
  const dataset = await house.makeDataset('alice')
  const ids: Record<string, number> = {}
  for (const [place, content] of Object.entries(files))
    ids[place] = await house.deposit('alice', dataset, place, content)
  await house.publish('root', dataset)
  return { dataset, ids }
}

test('what is published and open is read by everybody; a draft only by those who may, and nobody else is told of it', async () => {
  const dataset = await house.makeDataset('alice')
  const id = await house.deposit('alice', dataset, 'a.csv', 'a\n1\n')
  for (const who of [null, 'bob'])
    for (const at of [contentOf(id), `/v1/files/${id}`, `/v1/datasets/${dataset}/versions/latest/files`])
      assert.equal((await house.ask(who, 'GET', at)).status, 404, `${who} ${at}`)
  await house.publish('root', dataset)
  const read = await house.ask(null, 'GET', contentOf(id))
  assert.equal(read.status, 200)
  assert.equal(read.bytes.toString(), 'a\n1\n')
  assert.equal(read.headers.get('content-type'), 'text/csv')
  const later = await house.deposit('alice', dataset, 'b.csv', 'b')
  assert.equal((await house.ask('bob', 'GET', contentOf(later))).status, 404)
  const seen = await house.ask('bob', 'GET', `/v1/datasets/${dataset}/versions/latest/files`)
  assert.deepEqual(names(seen.body), ['a.csv'])
  const own = await house.ask('alice', 'GET', `/v1/datasets/${dataset}/versions/latest/files`)
  assert.deepEqual(names(own.body), ['a.csv', 'b.csv'])
})

test('a token without datasets:read does not open a draft to its account', async () => {
  const caller = await house.join('carol')
  const dataset = await house.makeDataset('carol')
  const id = await house.deposit('carol', dataset, 'a.csv', 'a')
  house.show('narrow', { ...caller, grants: Grants.of(['datasets:write']) })
  assert.equal((await house.ask('narrow', 'GET', contentOf(id))).status, 404)
  assert.equal((await house.ask('carol', 'GET', contentOf(id))).status, 200)
})

test('parts of a file, what has not changed, and a download that goes on only where it was', async () => {
  const { ids } = await published({ 'a.txt': '0123456789' })
  const at = contentOf(ids['a.txt']!)
  const whole = await house.ask(null, 'GET', at)
  const etag = String(whole.headers.get('etag'))
  assert.match(etag, /^"[0-9a-f]{64}"$/)
  const part = async (headers: Record<string, string>) => {
    const reply = await house.ask(null, 'GET', at, undefined, headers)
    return [reply.status, reply.bytes.toString(), reply.headers.get('content-range')]
  }
  assert.deepEqual(await part({ range: 'bytes=2-4' }), [206, '234', 'bytes 2-4/10'])
  assert.deepEqual(await part({ range: 'bytes=7-' }), [206, '789', 'bytes 7-9/10'])
  assert.deepEqual(await part({ range: 'bytes=-3' }), [206, '789', 'bytes 7-9/10'])
  assert.deepEqual(await part({ range: 'bytes=2-4', 'if-range': etag }), [206, '234', 'bytes 2-4/10'])
  assert.deepEqual(await part({ range: 'bytes=2-4', 'if-range': '"other"' }), [200, '0123456789', null])
  const beyond = await house.ask(null, 'GET', at, undefined, { range: 'bytes=10-' })
  assert.deepEqual([beyond.status, beyond.headers.get('content-range')], [416, 'bytes */10'])
  const known = await house.ask(null, 'GET', at, undefined, { 'if-none-match': etag })
  assert.deepEqual([known.status, known.bytes.length], [304, 0])
  const head = await house.ask(null, 'HEAD', at)
  assert.deepEqual([head.status, head.headers.get('content-length')], [200, '10'])
})

test('a page or a drawing that somebody deposits is saved, never run', async () => {
  const script = '<script>alert(1)</script>'
  const { ids } = await published({
    'x.html': script,
    'x.svg': `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`,
  })
  for (const id of Object.values(ids))
    for (const query of ['', '?inline=true']) {
      const { headers } = await house.ask(null, 'GET', contentOf(id, query))
      assert.match(String(headers.get('content-disposition')), /^attachment/)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.match(String(headers.get('content-security-policy')), /^sandbox;/)
    }
})

test('a download is counted once, behind the request: not for parts after the first, previews, questions or drafts', async () => {
  const { dataset, ids } = await published({ 'a.txt': '0123456789' })
  const id = ids['a.txt']!
  const draft = await house.deposit('alice', dataset, 'b.txt', 'b')
  await house.ask(null, 'GET', contentOf(id))
  await house.ask(null, 'GET', contentOf(id), undefined, { range: 'bytes=0-3' })
  await house.ask(null, 'GET', contentOf(id), undefined, { range: 'bytes=4-' })
  assert.equal((await house.ask(null, 'GET', contentOf(id, '?preview=true'))).status, 200)
  await house.ask(null, 'HEAD', contentOf(id))
  await house.ask(null, 'GET', contentOf(id), undefined, { 'if-none-match': '*' })
  await house.ask('alice', 'GET', contentOf(draft))
  await house.ask(null, 'GET', `/v1/datasets/${dataset}/versions/1.0/zip`)
  await house.files.downloads.flush()
  assert.equal((await house.ask(null, 'GET', `/v1/files/${id}`)).body.downloads, 3)
  assert.equal((await house.ask('alice', 'GET', `/v1/files/${draft}`)).body.downloads, 0)
})

test('files are found by words, type, access, category and directory, in every order, page by page', async () => {
  const dataset = await house.makeDataset('alice')
  const ids: number[] = []
  for (const [place, content] of [
    ['raw/b.csv', 'xx'],
    ['raw/2026/a.csv', 'x'],
    ['Zeta.txt', 'xxxx'],
    ['alpha.png', 'xxx'],
  ] as const)
    ids.push(await house.deposit('alice', dataset, place, content))
  await house.ask('alice', 'PATCH', `/v1/files/${ids[0]}`, {
    categories: ['Data'],
    restricted: true,
    description: 'Tide 50%',
  })
  const at = `/v1/datasets/${dataset}/versions/draft/files`
  const list = async (query: string) => {
    const reply = await house.ask('alice', 'GET', `${at}?${query}`)
    assert.equal(reply.status, 200, reply.bytes.toString())
    return names(reply.body)
  }
  assert.deepEqual(await list(''), ['alpha.png', 'Zeta.txt', 'raw/b.csv', 'raw/2026/a.csv'])
  assert.deepEqual(await list('order=name'), ['raw/2026/a.csv', 'alpha.png', 'raw/b.csv', 'Zeta.txt'])
  assert.deepEqual(await list('order=-name'), ['Zeta.txt', 'raw/b.csv', 'alpha.png', 'raw/2026/a.csv'])
  assert.deepEqual(await list('order=size'), ['Zeta.txt', 'alpha.png', 'raw/b.csv', 'raw/2026/a.csv'])
  assert.deepEqual(await list('order=type'), ['alpha.png', 'raw/2026/a.csv', 'raw/b.csv', 'Zeta.txt'])
  assert.deepEqual(await list('search=50%25'), ['raw/b.csv'])
  assert.deepEqual(await list('search=%25'), ['raw/b.csv'])
  assert.deepEqual(await list('type=text/csv'), ['raw/b.csv', 'raw/2026/a.csv'])
  assert.deepEqual(await list('type=image'), ['alpha.png'])
  assert.deepEqual(await list('access=restricted'), ['raw/b.csv'])
  assert.deepEqual(await list('restricted=true'), ['raw/b.csv'])
  assert.equal((await list('restricted=false')).length, 3)
  assert.deepEqual(await list('category=Data'), ['raw/b.csv'])
  assert.deepEqual(await list('directory=raw'), ['raw/b.csv', 'raw/2026/a.csv'])
  assert.deepEqual(await list('directory=raw&flat=true'), ['raw/b.csv'])
  assert.deepEqual(await list('directory=ra'), [])
  for (const order of ['path', 'name', '-name', 'newest', 'oldest', 'size', 'type']) {
    const found: string[] = []
    for (let next: string | null = `${at}?limit=1&order=${order}`; next; ) {
      const reply = await house.ask('alice', 'GET', next)
      assert.equal(reply.body.total, 4)
      found.push(...names(reply.body))
      next = /<([^>]+)>/.exec(reply.headers.get('link') ?? '')?.[1] ?? null
    }
    assert.deepEqual(found, await list(`order=${order}`), order)
  }
  const counts = (await house.ask('alice', 'GET', `${at}/counts`)).body
  assert.deepEqual(counts.types, [
    { value: 'text/csv', count: 2 },
    { value: 'image/png', count: 1 },
    { value: 'text/plain', count: 1 },
  ])
  assert.deepEqual(counts.access, [
    { value: 'public', count: 3 },
    { value: 'restricted', count: 1 },
  ])
  assert.deepEqual(counts.categories, [{ value: 'Data', count: 1 }])
  assert.deepEqual(counts.directories, [
    { directory: '', count: 2, bytes: 7 },
    { directory: 'raw', count: 1, bytes: 2 },
    { directory: 'raw/2026', count: 1, bytes: 1 },
  ])
  assert.deepEqual([counts.total, counts.bytes], [4, 10])
})

test('a ZIP has the files in order, leaves out what its reader may not have, and says so at its end', async () => {
  const { dataset, ids } = await published({
    'a.txt': 'aaa',
    'raw/b.txt': 'bbb',
    'MANIFEST.TXT': 'mine',
    'c.txt': 'ccc',
  })
  const all = await house.ask(null, 'GET', `/v1/datasets/${dataset}/versions/1.0/zip`)
  assert.match(
    String(all.headers.get('content-disposition')),
    /attachment; filename="perma-tessera-[a-z0-9]+_1\.0\.zip"/,
  )
  assert.deepEqual(
    (await unzipped(all.bytes)).map(([name]) => name),
    ['a.txt', 'c.txt', 'MANIFEST.TXT', 'raw/b.txt', 'MANIFEST-1.TXT'],
  )
  await house.ask('alice', 'PATCH', `/v1/files/${ids['a.txt']}`, { restricted: true })
  await house.publish('root', dataset)
  const some = await house.ask(
    null,
    'GET',
    `/v1/datasets/${dataset}/versions/2.0/zip?files=${ids['raw/b.txt']},${ids['a.txt']}`,
  )
  const members = await unzipped(some.bytes)
  assert.deepEqual(
    members.map(([name]) => name),
    ['raw/b.txt', 'MANIFEST.TXT'],
  )
  assert.equal(members[1]![1], 'raw/b.txt (text/plain) 3 bytes.\r\na.txt IS RESTRICTED AND CANNOT BE DOWNLOADED\r\n')
  const none = await house.ask(null, 'GET', `/v1/datasets/${dataset}/versions/2.0/zip?files=${ids['a.txt']}`)
  assert.deepEqual([none.status, none.body.code], [403, 'nothing-to-download'])
  const strange = await house.ask(null, 'GET', `/v1/datasets/${dataset}/versions/2.0/zip?files=999999`)
  assert.equal(strange.status, 404)
})

test('a ZIP goes as far as the limit, and names what is beyond', async () => {
  const { dataset } = await published({ 'a.bin': 'a'.repeat(600_000), 'b.bin': 'b'.repeat(600_000), 'c.bin': 'c' })
  const { bytes } = await house.ask(null, 'GET', `/v1/datasets/${dataset}/versions/1.0/zip`)
  const members = await unzipped(bytes)
  assert.deepEqual(
    members.map(([name]) => name),
    ['a.bin', 'c.bin', 'MANIFEST.TXT'],
  )
  assert.match(members[2]![1], /b\.bin .* SKIPPED because .* limit of 1000000 bytes/)
})

test('a restricted file is known to all and had by those who were granted it, whatever an older version says', async () => {
  const { dataset, ids } = await published({ 'a.txt': 'aaa' })
  const id = ids['a.txt']!
  await house.ask('alice', 'PATCH', `/v1/files/${id}`, { restricted: true })
  assert.equal((await house.ask(null, 'GET', contentOf(id))).status, 200, 'a draft changes nothing for others')
  await house.publish('root', dataset)
  for (const at of [contentOf(id), contentOf(id, '?version=1.0')]) {
    const refused = await house.ask('bob', 'GET', at)
    assert.deepEqual(
      [refused.status, refused.body.code, refused.body.access],
      [403, 'dataset-file-not-open', 'restricted'],
    )
  }
  assert.equal((await house.ask(null, 'GET', contentOf(id))).status, 403)
  const facts = (await house.ask('bob', 'GET', `/v1/files/${id}`)).body
  assert.deepEqual([facts.name, facts.may_download, facts.may.request_access], ['a.txt', false, true])
  const listed = (await house.ask('bob', 'GET', `/v1/datasets/${dataset}/versions/1.0/files`)).body
  assert.equal(listed.items[0].may_download, false)

  const asked = await house.ask('bob', 'PUT', `/v1/files/${id}/access-request`)
  assert.deepEqual([asked.status, asked.body.state], [200, 'open'])
  assert.equal((await house.ask('bob', 'PUT', `/v1/files/${id}/access-request`)).status, 200)
  assert.equal((await house.ask('bob', 'GET', `/v1/files/${id}/access-requests`)).status, 403)
  const requests = (await house.ask('root', 'GET', `/v1/datasets/${dataset}/access-requests?state=open`)).body.items
  assert.deepEqual(
    requests.map((one: { account: { user_name: string } }) => one.account.user_name),
    ['bob'],
  )
  const bob = requests[0].account.id
  assert.equal((await house.ask('bob', 'PUT', `/v1/files/${id}/access-requests/${bob}/grant`)).status, 403)
  assert.equal((await house.ask('root', 'PUT', `/v1/files/${id}/access-requests/${bob}/grant`)).status, 204)
  assert.equal((await house.ask('bob', 'GET', contentOf(id))).status, 200)
  assert.equal(
    (await house.ask('bob', 'GET', `/v1/datasets/${dataset}/versions/2.0/files`)).body.items[0].may_download,
    true,
  )
  const needless = await house.ask('bob', 'PUT', `/v1/files/${id}/access-request`)
  assert.deepEqual([needless.status, needless.body.code], [409, 'file-access-not-needed'])
  assert.equal((await house.ask('root', 'PUT', `/v1/files/${id}/access-requests/${bob}/rejection`)).status, 204)
  assert.equal((await house.ask('bob', 'GET', contentOf(id))).status, 403)
  const unknown = await house.ask('root', 'PUT', `/v1/files/${id}/access-requests/${crypto.randomUUID()}/grant`)
  assert.equal(unknown.status, 404)
})

test('an embargo ends by itself on its day, and only an administrator changes one that the world was told of', async () => {
  const dataset = await house.makeDataset('alice')
  const id = await house.deposit('alice', dataset, 'a.txt', 'aaa')
  const dayIn = (days: number) => new Date(house.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10)
  const over = await house.ask('alice', 'PATCH', `/v1/files/${id}`, { embargo: { until: dayIn(0) } })
  assert.deepEqual([over.status, over.body.code], [422, 'embargo-invalid'])
  const until = dayIn(3)
  const set = await house.ask('alice', 'PATCH', `/v1/files/${id}`, { embargo: { until, reason: 'Patent' } })
  assert.deepEqual([set.body.access, set.body.embargo], ['embargoed', { until, reason: 'Patent' }])
  await house.publish('root', dataset)
  const refused = await house.ask(null, 'GET', contentOf(id))
  assert.deepEqual([refused.status, refused.body.access], [403, 'embargoed'])
  const ended = await house.ask('alice', 'PATCH', `/v1/files/${id}`, { embargo: null })
  assert.deepEqual([ended.status, ended.body.code], [422, 'embargo-invalid'])
  // Nor does what takes its place end it.
  const newer = await house.upload('alice', dataset, 'a.txt', 'a new one')
  const sooner = [{ upload: newer, replaces: id, embargo: { until: dayIn(1) } }]
  const shorter = await house.ask('alice', 'POST', `/v1/datasets/${dataset}/files`, { files: sooner })
  assert.deepEqual([shorter.status, shorter.body.code], [422, 'embargo-invalid'])
  const second = (await house.put('alice', dataset, 'a.txt', 'bbb')).body.items[0].id
  const third = (await house.put('alice', dataset, 'a.txt', 'ccc')).body.items[0].id
  const still = await house.ask('alice', 'PATCH', `/v1/files/${third}`, { embargo: null })
  assert.deepEqual([second === third, still.status, still.body.code], [false, 422, 'embargo-invalid'])
  assert.equal((await house.ask('alice', 'DELETE', `/v1/datasets/${dataset}/draft`)).status, 204)
  house.clock.pass(2 * 86_400)
  assert.equal((await house.ask(null, 'GET', contentOf(id))).status, 403)
  house.clock.pass(86_400)
  assert.equal((await house.ask(null, 'GET', contentOf(id))).status, 200)
  // It may be replaced then like any other, and not under an embargo that is over.
  const upload = await house.upload('alice', dataset, 'a.txt', 'bbb')
  const files = [{ upload, replaces: id, embargo: { until } }]
  const past = await house.ask('alice', 'POST', `/v1/datasets/${dataset}/files`, { files })
  assert.deepEqual([past.status, past.body.code], [422, 'embargo-invalid'])
  const replaced = await house.ask('alice', 'POST', `/v1/files/${id}/replacement`, { upload })
  assert.deepEqual([replaced.status, replaced.body.items?.[0].embargo?.until], [201, until])
})

test('edits hold from the next version on; what changes nothing makes no draft; a taken name is refused', async () => {
  const { dataset, ids } = await published({ 'a.txt': 'aaa', 'b.txt': 'bbb' })
  const id = ids['a.txt']!
  const same = await house.ask('alice', 'PATCH', `/v1/files/${id}`, { name: 'a.txt' })
  assert.equal(same.status, 200)
  assert.equal((await house.ask('alice', 'GET', `/v1/datasets/${dataset}/versions/draft/files`)).status, 404)
  const taken = await house.ask('alice', 'PATCH', `/v1/files/${id}`, { name: 'b.txt' })
  assert.deepEqual([taken.status, taken.body.file], [409, ids['b.txt']])
  for (const name of ['..', 'a/b', '']) {
    const odd = await house.ask('alice', 'PATCH', `/v1/files/${id}`, { name })
    assert.deepEqual([odd.status, odd.body.errors[0].pointer], [422, '#/name'])
  }
  const moved = await house.ask('alice', 'PATCH', `/v1/files/${id}`, {
    name: 'c.txt',
    directory: 'raw',
    tags: ['Survey'],
  })
  assert.equal(moved.body.path, 'raw/c.txt')
  assert.equal((await house.ask(null, 'GET', `/v1/files/${id}`)).body.path, 'a.txt')
  const shown = (await house.ask('alice', 'GET', `/v1/files/${id}`)).body
  assert.deepEqual(
    shown.versions.map((one: { version: string; path: string }) => [one.version, one.path]),
    [
      ['DRAFT', 'raw/c.txt'],
      ['1.0', 'a.txt'],
    ],
  )
  // As they are called there they may be asked for.
  for (const { version } of shown.versions)
    for (const url of [contentOf(id, `?version=${version}`), `/v1/datasets/${dataset}/versions/${version}/files`])
      assert.equal((await house.ask('alice', 'GET', url)).status, 200, url)
  assert.equal((await house.ask('bob', 'PATCH', `/v1/files/${id}`, { name: 'x' })).status, 403)
  const many = await house.ask('alice', 'PATCH', `/v1/datasets/${dataset}/files`, {
    files: Object.values(ids),
    restricted: true,
  })
  assert.deepEqual(many.body, { changed: 2 })
  const into = await house.ask('alice', 'PATCH', `/v1/datasets/${dataset}/files`, {
    files: Object.values(ids),
    directory: 'all',
  })
  assert.equal(into.status, 200)
  const { rows } = await sql<{ restricted: number }>`
    select restricted_count as restricted from dataset_versions where dataset_id = ${dataset} and state = 'draft'`.execute(
    house.db,
  )
  assert.equal(rows[0]?.restricted, 2)
})

test('a file that was published stays in its versions when it is deleted; one that was not is gone', async () => {
  const { dataset, ids } = await published({ 'a.txt': 'aaa', 'b.txt': 'bbb' })
  const fresh = await house.deposit('alice', dataset, 'c.txt', 'ccc')
  assert.deepEqual((await house.ask('alice', 'DELETE', `/v1/files/${ids['a.txt']}`)).body, { destroyed: false })
  assert.deepEqual((await house.ask('alice', 'DELETE', `/v1/files/${fresh}`)).body, { destroyed: true })
  assert.equal((await house.ask('alice', 'GET', `/v1/files/${fresh}`)).status, 404)
  const again = await house.ask('alice', 'DELETE', `/v1/files/${ids['a.txt']}`)
  assert.deepEqual([again.status, again.body.code], [409, 'dataset-file-not-in-draft'])
  await house.publish('root', dataset)
  assert.equal((await house.ask(null, 'GET', contentOf(ids['a.txt']!))).status, 200)
  const left = await house.ask(null, 'GET', `/v1/datasets/${dataset}/versions/2.0/files`)
  assert.deepEqual(names(left.body), ['b.txt'])
  const none = await house.ask('alice', 'POST', `/v1/datasets/${dataset}/files/deletion`, {
    files: [ids['b.txt'], 999_999],
  })
  assert.deepEqual([none.status, none.body.files], [409, [999_999]])
})

test('10,000 files are listed, counted, searched and published without anybody having to wait', async () => {
  const dataset = await house.makeDataset('alice')
  await house.deposit('alice', dataset, 'first.csv', 'x')
  await sql`with made as (
      insert into dataset_files (dataset_id, sha256, md5, bytes, media_type, original_name, created_at)
      select ${dataset}, encode(sha256(n::text::bytea), 'hex'), md5(n::text), n, 'text/csv', 'f', now()
      from generate_series(1, 9999) n returning id, bytes)
    insert into version_files (version_id, file_id, label, directory)
    select (select id from dataset_versions where dataset_id = ${dataset}), id, 'f' || lpad(bytes::text, 5, '0') || '.csv',
      'd' || bytes % 100 from made`.execute(house.db)
  await sql`analyze version_files, dataset_files`.execute(house.db)
  const at = `/v1/datasets/${dataset}/versions/draft/files`
  const times: Record<string, number> = {}
  const timed = async (what: string, query: string) => {
    const start = performance.now()
    const reply = await house.ask('alice', 'GET', `${at}${query}`)
    times[what] = performance.now() - start
    assert.equal(reply.status, 200)
    return reply.body
  }
  assert.equal((await timed('page', '?limit=100')).total, 10_000)
  assert.equal((await timed('search', '?search=f0999')).total, 10)
  assert.equal((await timed('counts', '/counts')).directories.length, 101)
  const start = performance.now()
  await house.deposit('alice', dataset, 'last.csv', 'y')
  times.add = performance.now() - start
  await house.publish('root', dataset)
  assert.equal((await house.ask(null, 'GET', `/v1/datasets/${dataset}/versions/1.0/files?limit=1`)).body.total, 10_001)
  // Far above what they take (some 100 ms beside eight others): for each file by itself even this would not do.
  for (const [what, ms] of Object.entries(times)) assert.ok(ms < 15_000, `${what} took ${ms} ms`)
})
