import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { datasetsHouse, plainMetadata } from '#test/datasets.ts'

const told: { number: string; pids: readonly string[] }[] = []
let failing = false
const house = await datasetsHouse({
  onPublished: [
    async (_change, { number, path }) => {
      if (failing) throw new Error('the step fails')
      told.push({ number, pids: path.map(({ alias }) => alias) })
    },
  ],
})
const { ask, join, collection, draft, putFiles } = house

const publish = (url: string, type = 'major', who = 'alice') => ask(who, 'POST', `${url}/publish`, { type })
const edit = (url: string, over: object, headers: Record<string, string> = {}, who = 'alice') =>
  ask(who, 'PUT', `${url}/draft`, { metadata: plainMetadata(over) }, headers)
const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code]

before(async () => {
  await join('alice')
  await join('bob')
  await join('abel', 'admin')
})

test('a dataset is made, read, published, edited and published again', async () => {
  const alias = await collection()
  const made = await ask('alice', 'POST', `/v1/collections/${alias}/datasets`, { metadata: plainMetadata() })
  const { id, pid } = made.body
  assert.match(pid, /^perma:tessera\/[0-9A-Z]{6}$/)
  assert.equal(made.headers.location, `/v1/datasets/${encodeURIComponent(pid)}`)
  const url = `/v1/datasets/${id}`
  const shown = await ask('alice', 'GET', url)
  assert.deepEqual([shown.status, shown.body.version.number, shown.body.version.state], [200, 'DRAFT', 'draft'])
  assert.equal(
    shown.body.citation.text,
    `Ames, Alice, ${new Date().getUTCFullYear()}, "Tide pools of Inchkeith", http://localhost:8080/datasets/${pid}, Tessera, DRAFT VERSION`,
  )
  assert.equal((await ask('alice', 'GET', `/v1/datasets/${encodeURIComponent(pid.toLowerCase())}`)).body.id, id)
  assert.deepEqual(codeOf(await ask('', 'GET', url)), [404, 'dataset-not-found'])

  assert.deepEqual(codeOf(await publish(url, 'minor')), [409, 'dataset-first-version-major'])
  const published = await publish(url)
  assert.equal(published.status, 200, JSON.stringify(published.body))
  assert.deepEqual([published.body.version.number, published.body.latest_published], ['1.0', '1.0'])
  const seen = await ask('', 'GET', url)
  assert.deepEqual(
    [seen.status, seen.body.version.number, seen.body.my_rights, seen.body.has_draft],
    [200, '1.0', [], null],
  )

  const listed = async (who: string) =>
    (await ask(who, 'GET', `/v1/datasets?collection=${alias}`)).body.items.map(
      (item: { updated_at: string }) => item.updated_at,
    )
  house.clock.pass(60)
  const edited = await edit(url, { title: 'Tide pools', subtitle: 'North side' })
  assert.notEqual(edited.body.updated_at, seen.body.updated_at)
  assert.deepEqual(await listed('alice'), [edited.body.updated_at])
  const beside = await ask('', 'GET', url)
  assert.deepEqual([beside.body, beside.etag], [seen.body, seen.etag], 'nobody else is told of the draft')
  assert.deepEqual(await listed(''), [seen.body.updated_at])
  assert.deepEqual([edited.status, edited.body.version.number, edited.body.version.title], [200, 'DRAFT', 'Tide pools'])
  assert.equal((await ask('', 'GET', url)).body.version.title, 'Tide pools of Inchkeith')
  assert.equal((await publish(url, 'minor')).body.version.number, '1.1')
  assert.equal((await ask('', 'GET', url)).body.version.title, 'Tide pools')
  assert.equal((await ask('', 'GET', `${url}?version=1.0`)).body.version.title, 'Tide pools of Inchkeith')
  assert.equal((await ask('', 'GET', `${url}?version=1`)).body.version.number, '1.0')
  assert.deepEqual(codeOf(await ask('', 'GET', `${url}?version=7.0`)), [404, 'dataset-version-not-found'])
  assert.deepEqual(codeOf(await ask('', 'GET', `${url}?version=draft`)), [403, 'repository-right-missing'])
  assert.deepEqual(codeOf(await ask('alice', 'GET', `${url}?version=draft`)), [404, 'dataset-version-not-found'])
  assert.equal((await edit(url, { title: 'Pools' })).status, 200)
  assert.equal((await publish(url)).body.version.number, '2.0')
  assert.deepEqual(
    (await ask('', 'GET', `${url}/versions`)).body.items.map(({ number }: { number: string }) => number),
    ['2.0', '1.1', '1.0'],
  )
  assert.deepEqual((await house.verbs()).slice(-4), [
    'dataset.draft_changed',
    'dataset.published',
    'dataset.draft_changed',
    'dataset.published',
  ])
  assert.deepEqual(told.slice(-3), [
    { number: '1.0', pids: ['root', alias] },
    { number: '1.1', pids: ['root', alias] },
    { number: '2.0', pids: ['root', alias] },
  ])
})

test('what is wrong with metadata is named with pointers and in words, and nothing is made', async () => {
  const alias = await collection()
  const { count: before } = await house.db
    .selectFrom('datasets')
    .select((q) => q.fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  const refused = await ask('alice', 'POST', `/v1/collections/${alias}/datasets`, {
    metadata: plainMetadata({ title: '', subject: ['Birds'], author: undefined }),
  })
  assert.deepEqual(codeOf(refused), [422, 'dataset-metadata-invalid'])
  assert.deepEqual(refused.body.errors, [
    { pointer: '#/metadata/citation/title', detail: 'Title is required.' },
    { pointer: '#/metadata/citation/author/0/authorName', detail: 'Author Name is required.' },
    { pointer: '#/metadata/citation/subject/0', detail: 'Subject does not know the value "Birds".' },
  ])
  assert.deepEqual(refused.body.fields[2], {
    field: 'subject',
    display_name: 'Subject',
    rule: 'vocabulary',
    value: 'Birds',
  })
  for (const metadata of [
    { citation: [] },
    { citation: { title: { toString: 'x' } } },
    JSON.parse('{"constructor": {}}'),
  ])
    assert.equal((await ask('alice', 'POST', `/v1/collections/${alias}/datasets`, { metadata })).status, 422)
  const odd = await ask('alice', 'POST', `/v1/collections/${alias}/datasets`, {
    metadata: plainMetadata({ title: 'a\0b' }),
  })
  assert.equal(odd.status, 400)
  const { count } = await house.db
    .selectFrom('datasets')
    .select((q) => q.fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  assert.equal(count, before)
})

test('a license is the usual one unless another, or none, or terms of use are given; not both', async () => {
  const alias = await collection()
  const made = async (over: object) => {
    const { url } = await draft(alias, over)
    const { version } = (await ask('alice', 'GET', url)).body
    return [version.license?.name ?? null, version.terms]
  }
  assert.deepEqual(await made({}), ['CC0 1.0', {}])
  assert.deepEqual(await made({ license: 'https://creativecommons.org/licenses/by/4.0/' }), ['CC BY 4.0', {}])
  assert.deepEqual(await made({ license: 'cc by 4.0' }), ['CC BY 4.0', {}])
  assert.deepEqual(await made({ license: null }), [null, {}])
  const terms = { terms_of_use: ' Ask first ', disclaimer: '', terms_of_access: 'By mail' }
  assert.deepEqual(await made({ terms }), [null, { terms_of_use: 'Ask first', terms_of_access: 'By mail' }])
  assert.deepEqual(await made({ license: 'CC0 1.0', terms: { terms_of_access: 'By mail' } }), [
    'CC0 1.0',
    { terms_of_access: 'By mail' },
  ])
  const url = `/v1/collections/${alias}/datasets`
  const metadata = plainMetadata()
  assert.deepEqual(codeOf(await ask('alice', 'POST', url, { metadata, license: 'WTFPL' })), [422, 'license-unknown'])
  assert.deepEqual(codeOf(await ask('alice', 'POST', url, { metadata, license: 'CC0 1.0', terms })), [
    422,
    'dataset-terms-invalid',
  ])
  const none = await draft(alias, { license: null })
  assert.deepEqual(codeOf(await publish(none.url)), [409, 'dataset-terms-missing'])
  const own = await draft(alias, { terms: { terms_of_use: 'Ask first' } })
  assert.equal((await publish(own.url)).status, 200)
})

test('two who write on the same ground: the second is told, and nothing is lost', async () => {
  const { url } = await draft(await collection())
  const { etag } = await ask('alice', 'GET', url)
  const both = await Promise.all([
    edit(url, { subtitle: 'one' }, { 'if-match': etag }),
    edit(url, { subtitle: 'two' }, { 'if-match': etag }),
  ])
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 412])
  const won = both.find(({ status }) => status === 200)!
  assert.equal(
    (await ask('alice', 'GET', url)).body.version.metadata.citation.subtitle,
    won.body.version.metadata.citation.subtitle,
  )
  assert.equal((await edit(url, { subtitle: 'three' }, { 'if-match': won.etag })).status, 200)
  assert.equal((await edit(url, { subtitle: 'four' }, { 'if-match': 'nonsense' })).status, 412)
  const known = await ask('alice', 'GET', url, undefined, { 'if-none-match': (await ask('alice', 'GET', url)).etag })
  assert.equal(known.status, 304)
})

test('many who write at once into a published dataset write into one draft', async () => {
  const { id, url } = await draft(await collection())
  await publish(url)
  const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => edit(url, { subtitle: `No. ${i}` })))
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  const versions = await house.db
    .selectFrom('dataset_versions')
    .select(['state', 'revision'])
    .where('dataset_id', '=', id)
    .execute()
  assert.deepEqual(versions.filter(({ state }) => state === 'draft').length, 1)
  assert.equal(versions.find(({ state }) => state === 'draft')?.revision, 9, 'each of them is counted')
})

test('two who publish at once publish once', async () => {
  const { url } = await draft(await collection())
  const both = await Promise.all([publish(url), publish(url)])
  assert.deepEqual(both.map(codeOf).sort(), [
    [200, undefined],
    [409, 'dataset-already-published'],
  ])
  assert.deepEqual((await ask('', 'GET', `${url}/versions`)).body.items.length, 1)
})

test('what is written as it stands changes nothing', async () => {
  const { url } = await draft(await collection())
  await publish(url)
  const same = await edit(url, {})
  assert.deepEqual([same.status, same.body.version.number], [200, '1.0'])
  assert.equal((await house.verbs()).at(-1), 'dataset.published')
})

test('a version is minor only while its files are those of the one before', async () => {
  const { id, url } = await draft(await collection())
  const [a] = await putFiles(id, ['a.txt', 'b.txt'])
  await publish(url)
  await edit(url, { subtitle: 'x' })
  assert.equal((await publish(url, 'minor')).body.version.number, '1.1', 'its files were taken over')
  assert.equal((await ask('', 'GET', url)).body.version.files.count, 2)
  await edit(url, { subtitle: 'y' })
  await putFiles(id, ['c.txt'])
  assert.deepEqual(codeOf(await publish(url, 'minor')), [409, 'dataset-minor-refused'])
  assert.equal((await publish(url)).body.version.number, '2.0')
  const files = await house.db
    .selectFrom('dataset_files')
    .select(['id', 'published_at'])
    .where('dataset_id', '=', id)
    .execute()
  assert.ok(files.every(({ published_at }) => published_at !== null))
  assert.ok(files.some((file) => file.id === a))
})

test('restricted files need terms of access or people who may ask', async () => {
  const alias = await collection()
  const { id, url } = await draft(alias, { access_requests: false })
  await putFiles(id, ['secret.txt'], { restricted: true })
  assert.deepEqual(codeOf(await publish(url)), [409, 'dataset-access-terms-missing'])
  const metadata = plainMetadata()
  await ask('alice', 'PUT', `${url}/draft`, { metadata, access_requests: true })
  assert.equal((await publish(url)).status, 200)
})

test('nothing is published in a collection that is not, nor without metadata that the collection asks for', async () => {
  const alias = await collection({ published: false })
  const { url } = await draft(alias)
  const refused = await publish(url)
  assert.deepEqual([...codeOf(refused), refused.body.collection], [409, 'dataset-collection-unpublished', alias])
  await ask('alice', 'POST', `/v1/collections/${alias}/publish`)
  const input_levels = [{ field: 'kindOfData', required: true }]
  assert.equal((await ask('alice', 'PATCH', `/v1/collections/${alias}`, { input_levels })).status, 200)
  assert.deepEqual(codeOf(await publish(url)), [422, 'dataset-metadata-invalid'])
  assert.equal((await edit(url, { kindOfData: ['survey'] })).status, 200)
  assert.equal((await publish(url)).status, 200)
})

test('when a step of publishing fails, nothing is published', async () => {
  const { url } = await draft(await collection())
  failing = true
  const failed = await publish(url)
  failing = false
  assert.equal(failed.status, 500)
  assert.deepEqual(
    [(await ask('', 'GET', url)).status, (await ask('alice', 'GET', url)).body.version.number],
    [404, 'DRAFT'],
  )
  assert.equal((await publish(url)).body.version.number, '1.0')
})

test('administrators put a draft in the place of the current version', async () => {
  const { id, url } = await draft(await collection())
  await putFiles(id, ['a.txt'])
  await publish(url)
  await edit(url, { title: 'Corrected' })
  assert.deepEqual(codeOf(await publish(url, 'updatecurrent')), [403, 'dataset-update-current-refused'])
  const updated = await publish(url, 'updatecurrent', 'abel')
  assert.deepEqual(
    [updated.body.version.number, updated.body.version.title, updated.body.has_draft],
    ['1.0', 'Corrected', false],
  )
  assert.equal(updated.body.version.files.count, 1)
  await edit(url, { title: 'More' })
  await putFiles(id, ['b.txt'])
  assert.deepEqual(codeOf(await publish(url, 'updatecurrent', 'abel')), [409, 'dataset-minor-refused'])
})

test('a draft is thrown away; a dataset only as long as it was never published, unless an administrator destroys it', async () => {
  const alias = await collection()
  const never = await draft(alias)
  const files = await putFiles(never.id, ['a.txt'])
  assert.equal((await ask('bob', 'DELETE', never.url)).status, 404)
  assert.equal((await ask('alice', 'DELETE', never.url)).status, 204)
  assert.equal((await ask('alice', 'GET', never.url)).status, 404)
  assert.deepEqual(await house.db.selectFrom('dataset_files').select('id').where('id', 'in', files).execute(), [])

  const { id, url, pid } = await draft(alias)
  await publish(url)
  await edit(url, { title: 'Draft' })
  const [added] = await putFiles(id, ['late.txt'])
  const refused = await ask('alice', 'DELETE', url)
  assert.deepEqual(
    [...codeOf(refused), refused.body.versions, refused.body.has_draft],
    [409, 'dataset-published', 1, true],
  )
  assert.equal((await ask('alice', 'DELETE', `${url}/draft`)).status, 204)
  assert.deepEqual((await ask('alice', 'GET', url)).body.version.title, 'Tide pools of Inchkeith')
  assert.deepEqual(await house.db.selectFrom('dataset_files').select('id').where('id', '=', added!).execute(), [])
  assert.deepEqual(codeOf(await ask('alice', 'DELETE', `${url}/draft`)), [409, 'dataset-without-draft'])
  assert.deepEqual(codeOf(await ask('alice', 'DELETE', `${url}?destroy=true`)), [403, 'repository-admins-only'])
  assert.equal((await ask('abel', 'DELETE', `${url}?destroy=true`)).status, 204)
  assert.equal((await ask('', 'GET', `/v1/datasets/${encodeURIComponent(pid)}`)).status, 404)
})

test('what was deaccessioned stays to be read with the reason; a new draft may follow', async () => {
  const { url } = await draft(await collection())
  await publish(url)
  await edit(url, { title: 'Second' })
  await publish(url)
  const deaccession = (version: string, body: object = { reason: 'Wrong file' }, who = 'alice') =>
    ask(who, 'POST', `${url}/versions/${version}/deaccession`, body)
  assert.deepEqual(codeOf(await deaccession('draft')), [409, 'dataset-deaccession-refused'])
  assert.deepEqual(codeOf(await deaccession('latest')), [409, 'dataset-deaccession-refused'])
  assert.deepEqual(codeOf(await deaccession('9.0')), [404, 'dataset-version-not-found'])
  assert.equal((await deaccession('1.0', { reason: '' })).status, 400)
  assert.equal((await deaccession('1.0', { reason: 'x', url: 'javascript:alert(1)' })).status, 400)
  assert.deepEqual(codeOf(await deaccession('1.0', { reason: 'x' }, 'bob')), [403, 'repository-right-missing'])
  const one = await deaccession('2.0', { reason: 'Wrong file', url: 'https://example.org/right' })
  assert.equal(one.status, 200, JSON.stringify(one.body))
  assert.equal((await ask('', 'GET', url)).body.version.number, '1.0', 'the latest that is left')
  assert.deepEqual(codeOf(await deaccession('2.0')), [409, 'dataset-deaccession-refused'])
  assert.equal((await deaccession('all')).status, 200)
  const tombstone = (await ask('', 'GET', url)).body
  assert.deepEqual(
    [tombstone.version.number, tombstone.version.state, tombstone.latest_published],
    ['2.0', 'deaccessioned', null],
  )
  assert.deepEqual(
    [tombstone.version.deaccession.reason, tombstone.version.deaccession.url],
    ['Wrong file', 'https://example.org/right'],
  )
  assert.match(tombstone.citation.text, /V2, DEACCESSIONED VERSION$/)
  assert.equal((await edit(url, { title: 'Third' })).status, 200)
  assert.equal((await publish(url, 'minor')).body.version.number, '2.1')
  assert.equal((await ask('', 'GET', url)).body.version.number, '2.1')
})

test('a number is given once, also when the version that had it was deaccessioned', async () => {
  const { id, url } = await draft(await collection())
  await putFiles(id, ['a.txt'])
  await publish(url)
  await edit(url, { title: 'Second' })
  await putFiles(id, ['b.txt'])
  await publish(url)
  await ask('alice', 'POST', `${url}/versions/2.0/deaccession`, { reason: 'Wrong file' })
  assert.equal((await edit(url, { title: 'Third' })).body.version.files.count, 1, 'made of the latest that stands')
  assert.deepEqual(codeOf(await publish(url, 'updatecurrent', 'abel')), [409, 'dataset-minor-refused'])
  assert.deepEqual(codeOf(await publish(url, 'minor')), [409, 'dataset-minor-refused'])
  assert.equal((await publish(url)).body.version.number, '3.0')
  await ask('alice', 'POST', `${url}/versions/3.0/deaccession`, { reason: 'Wrong again' })
  await ask('alice', 'POST', `${url}/versions/1.0/deaccession`, { reason: 'Wrong again' })
  await edit(url, { title: 'Fourth' })
  assert.deepEqual(codeOf(await publish(url, 'updatecurrent', 'abel')), [403, 'dataset-update-current-refused'])
  assert.equal((await publish(url, 'minor')).body.version.number, '3.1')
})

test('differences tell what changed in metadata, terms and files', async () => {
  const { id, url } = await draft(await collection(), { license: 'CC0 1.0' })
  const [, , b] = await putFiles(id, ['a.txt', 'gone.txt', 'b.txt'])
  await publish(url)
  const first = (await ask('', 'GET', `${url}/versions/1.0/differences`)).body
  assert.deepEqual([first.before, first.after, first.files.added.length, first.metadata.length], [null, '1.0', 3, 5])
  await ask('alice', 'PUT', `${url}/draft`, {
    metadata: plainMetadata({ title: 'New', kindOfData: ['survey'] }),
    license: 'CC BY 4.0',
  })
  const draftId = (await ask('alice', 'GET', url)).body.version.id
  await house.db.deleteFrom('version_files').where('version_id', '=', draftId).where('label', '=', 'gone.txt').execute()
  await house.db
    .updateTable('version_files')
    .set({ label: 'A.txt', restricted: true })
    .where('version_id', '=', draftId)
    .where('label', '=', 'a.txt')
    .execute()
  await house.db.deleteFrom('version_files').where('version_id', '=', draftId).where('label', '=', 'b.txt').execute()
  const [, replacing] = await putFiles(id, ['new.txt', 'b2.txt'])
  await house.db
    .updateTable('dataset_files')
    .set({ previous_file_id: b!, root_file_id: b! })
    .where('id', '=', replacing!)
    .execute()
  const { body } = await ask('alice', 'GET', `${url}/versions/draft/differences`)
  assert.deepEqual([body.before, body.after], ['1.0', 'DRAFT'])
  assert.deepEqual(body.metadata, [
    { block: 'citation', field: 'title', display_name: 'Title', before: 'Tide pools of Inchkeith', after: 'New' },
    { block: 'citation', field: 'kindOfData', display_name: 'Data Type', before: null, after: ['survey'] },
  ])
  assert.deepEqual(body.terms, [{ name: 'license', before: 'CC0 1.0', after: 'CC BY 4.0' }])
  const names = (files: { name: string }[]) => files.map(({ name }) => name)
  assert.deepEqual([names(body.files.added), names(body.files.removed)], [['new.txt'], ['gone.txt']])
  assert.deepEqual(
    body.files.replaced.map((one: { before: { name: string }; after: { name: string } }) => [
      one.before.name,
      one.after.name,
    ]),
    [['b.txt', 'b2.txt']],
  )
  assert.deepEqual(
    body.files.changed.map((one: { members: string[] }) => one.members),
    [['name', 'restricted']],
  )
  assert.equal((await ask('', 'GET', `${url}/versions/1.0/differences?with=draft`)).status, 403)
  assert.equal((await ask('alice', 'GET', `${url}/versions/1.0/differences?with=draft`)).body.before, 'DRAFT')
})

test('in review only those who publish change it; it is returned with a reason, or published', async () => {
  const alias = await collection()
  await ask('alice', 'POST', `/v1/collections/${alias}/assignments`, { assignee: 'bob', role: 'dsContributor' })
  const { url } = await draft(alias, {}, 'bob')
  assert.deepEqual(codeOf(await publish(url, 'major', 'bob')), [403, 'repository-right-missing'])
  assert.equal((await ask('bob', 'POST', `${url}/submit`)).body.locks[0].type, 'in_review')
  assert.deepEqual(codeOf(await ask('bob', 'POST', `${url}/submit`)), [409, 'dataset-in-review'])
  const locked = await edit(url, { title: 'No' }, {}, 'bob')
  assert.deepEqual([...codeOf(locked), locked.body.locks[0].type], [409, 'dataset-locked', 'in_review'])
  assert.equal((await edit(url, { title: 'By the curator' })).status, 200)
  assert.deepEqual((await ask('alice', 'GET', '/v1/datasets?in_review=true')).body.items.length, 1)
  assert.deepEqual(codeOf(await ask('bob', 'POST', `${url}/return`, { reason: 'x' })), [
    403,
    'repository-right-missing',
  ])
  assert.deepEqual((await ask('alice', 'POST', `${url}/return`, { reason: 'Which island?' })).body.locks, [])
  assert.deepEqual(codeOf(await ask('alice', 'POST', `${url}/return`, { reason: 'x' })), [409, 'dataset-not-in-review'])
  assert.equal((await edit(url, { title: 'Inchkeith' }, {}, 'bob')).status, 200)
  await ask('bob', 'POST', `${url}/submit`)
  const published = await publish(url)
  assert.deepEqual([published.body.version.number, published.body.locks], ['1.0', []])
})

test('a preview link shows one draft to whoever has it, until it is published', async () => {
  const alias = await collection()
  const { id, url, pid } = await draft(alias)
  const other = await draft(alias)
  assert.deepEqual(codeOf(await ask('alice', 'GET', `${url}/preview-link`)), [404, 'preview-link-not-found'])
  const made = await ask('alice', 'POST', `${url}/preview-link`)
  assert.equal(made.status, 200, JSON.stringify(made.body))
  const { token } = made.body
  assert.deepEqual(
    [made.body.url, made.headers['cache-control']],
    [`http://localhost:8080/datasets/${pid}#preview=${token}`, 'no-store'],
  )
  assert.deepEqual((await ask('alice', 'GET', `${url}/preview-link`)).body.token, token)
  assert.deepEqual(codeOf(await ask('alice', 'POST', `${url}/preview-link`)), [409, 'preview-link-exists'])
  assert.equal((await ask('bob', 'GET', `${url}/preview-link`)).status, 404)
  const shown = { 'preview-token': token }
  const seen = await ask('', 'GET', url, undefined, shown)
  assert.deepEqual(
    [seen.status, seen.body.version.number, seen.body.my_rights],
    [200, 'DRAFT', ['ViewUnpublishedDataset', 'DownloadFile']],
  )
  assert.equal((await ask('', 'GET', url, undefined, { cookie: `a=b; tessera_preview=${token}` })).status, 200)
  assert.equal((await ask('', 'GET', other.url, undefined, shown)).status, 404)
  assert.equal((await ask('bob', 'PUT', `${url}/draft`, { metadata: plainMetadata() }, shown)).status, 404)
  const kept = await house.db
    .selectFrom('preview_links')
    .selectAll()
    .where('dataset_id', '=', id)
    .executeTakeFirstOrThrow()
  assert.ok(!JSON.stringify(kept).includes(token), 'kept sealed')
  assert.ok(!house.logged().includes(token), 'not in the log')
  assert.equal((await ask('', 'GET', url, undefined, { 'preview-token': `${token.slice(0, -1)}x` })).status, 404)
  await publish(url)
  await edit(url, { title: 'Next' })
  assert.equal((await ask('', 'GET', url, undefined, shown)).body.version.number, '1.0', 'it ended')
  await ask('alice', 'POST', `${url}/preview-link`)
  assert.equal((await ask('alice', 'DELETE', `${url}/preview-link`)).status, 204)
  assert.deepEqual(codeOf(await ask('alice', 'DELETE', `${url}/preview-link`)), [404, 'preview-link-not-found'])
})

test('administrators lock a dataset against everybody', async () => {
  const { id, url } = await draft(await collection())
  const { addLock, removeLocks } = await import('./review-dataset.ts')
  await assert.rejects(
    house.change('alice', (change) => addLock(house.needs, change, id, 'ingest')),
    { code: 'repository-admins-only' },
  )
  await house.change('abel', (change) => addLock(house.needs, change, id, 'ingest'))
  await assert.rejects(
    house.change('abel', (change) => addLock(house.needs, change, id, 'ingest')),
    { code: 'dataset-lock-held' },
  )
  assert.deepEqual(codeOf(await edit(url, { title: 'No' })), [409, 'dataset-locked'])
  assert.deepEqual(codeOf(await publish(url)), [409, 'dataset-locked'])
  assert.equal((await ask('alice', 'GET', `${url}/locks`)).body.items[0].type, 'ingest')
  await house.change('abel', (change) => removeLocks(change, id, null))
  assert.equal((await publish(url)).status, 200)
})

test('lists show what the reader may see, last changed first, page by page', async () => {
  const alias = await collection()
  const urls = []
  for (const title of ['One', 'Two', 'Three']) {
    house.clock.pass(1)
    urls.push(await draft(alias, { metadata: plainMetadata({ title }) }))
  }
  house.clock.pass(1)
  await publish(urls[0]!.url)
  const titles = (list: { body: { items: { title: string }[] } }) => list.body.items.map(({ title }) => title)
  const base = `/v1/datasets?collection=${alias}`
  assert.deepEqual(titles(await ask('alice', 'GET', base)), ['One', 'Three', 'Two'])
  assert.deepEqual(titles(await ask('', 'GET', base)), ['One'])
  assert.deepEqual(titles(await ask('bob', 'GET', `${base}&mine=true`)), [])
  assert.deepEqual(titles(await ask('alice', 'GET', `${base}&state=draft&mine=true`)), ['Three', 'Two'])
  const page = await ask('alice', 'GET', `${base}&limit=2`)
  const next = /<([^>]+)>/.exec(String(page.headers.link))![1]!
  assert.deepEqual([titles(page), titles(await ask('alice', 'GET', next))], [['One', 'Three'], ['Two']])
  const contents = await ask('alice', 'GET', `/v1/collections/${alias}/contents?limit=2`)
  assert.deepEqual(titles(contents), ['One', 'Two'])
  const rest = await ask('alice', 'GET', /<([^>]+)>/.exec(String(contents.headers.link))![1]!)
  assert.deepEqual(titles(rest), ['Three'])
  assert.deepEqual(titles(await ask('bob', 'GET', `/v1/collections/${alias}/contents`)), ['One'])
})

test('odd addresses name nothing', async () => {
  for (const odd of [
    '0',
    '99999999999999',
    'perma%3Atessera%2FNOPE00',
    'doi%3A10.5072%2FX',
    "perma%3A'%3B--",
    '..%2F..%2Fx',
    'NaN',
    '-1',
    '%00',
    'a'.repeat(500),
  ])
    assert.equal((await ask('abel', 'GET', `/v1/datasets/${odd}`)).status, 404, odd)
  for (const odd of ['nope', '0', '99999999999999', '..%2Fx', '%27'])
    assert.equal((await ask('abel', 'GET', `/v1/collections/${odd}`)).status, 404, odd)
})
