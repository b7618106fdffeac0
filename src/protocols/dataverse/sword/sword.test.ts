import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { XMLParser } from 'fast-xml-parser'
import { zipOfTexts } from '#test/clients/dataverse/zip.ts'
import { type DataverseOverHttp, openDataverseOverHttp } from '#test/dataverse-over-http.ts'

let portal: DataverseOverHttp
let alice: string
let bob: string
before(async () => {
  portal = await openDataverseOverHttp()
  alice = (await portal.depositor('member', 'alice')).key
  bob = (await portal.depositor('member', 'bob')).key
})
after(() => portal.close())

const root = '/dvn/api/data-deposit/v1.1/swordv2'
const base = `https://data.example.org${root}`
const basic = (key: string, password = '') => ({
  authorization: `Basic ${Buffer.from(`${key}:${password}`).toString('base64')}`,
})
const ask = (key: string, method: string, at: string, body?: string | Uint8Array, headers = {}) =>
  portal.call(null, method, `${root}${at}`, body, { ...basic(key), ...headers })
const xml = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false })
const summary = (text: string) => xml.parse(text)['sword:error'].summary

const entry = (inside: string) =>
  `<?xml version="1.0"?><entry xmlns="http://www.w3.org/2005/Atom" xmlns:dcterms="http://purl.org/dc/terms/">${inside}</entry>`
const whole = entry(`<dcterms:title>Tide &lt;pools&gt; &amp; "more"</dcterms:title>
  <dcterms:creator affiliation="Example U">Ames, Alice</dcterms:creator>
  <dcterms:description>Counts per square metre.</dcterms:description>
  <dcterms:subject>Physics</dcterms:subject><dcterms:subject>sandpipers</dcterms:subject>
  <dcterms:contributor type="Contact">alice@example.org</dcterms:contributor>
  <dcterms:date>2013-07-11</dcterms:date>`)

test('a token is the user of HTTP Basic; who shows none, or another, is told so in XML', async () => {
  const none = await portal.call(null, 'GET', `${root}/service-document`)
  assert.deepEqual([none.status, none.headers.get('www-authenticate')], [401, 'Basic realm="SWORD2"'])
  assert.match(none.headers.get('content-type') ?? '', /^application\/xml/)
  assert.equal(summary(none.text), 'Only authenticated users can perform the requested operation')
  for (const key of ['wrong', '', 'c6527048-5bdc-48b0-a1d5-ed1b62c8113b']) {
    const reply = await ask(key, 'GET', '/service-document')
    assert.deepEqual([reply.status, summary(reply.text)], [403, 'Bad API key'], key)
  }
  // Clients send an empty password, or the word None.
  for (const password of ['', 'None', 'a:b']) {
    const reply = await portal.call(null, 'GET', `${root}/service-document`, undefined, basic(alice, password))
    assert.equal(reply.status, 200)
  }
  const key = await portal.call(null, 'GET', `${root}/service-document?key=${alice}`)
  assert.equal(key.status, 401)
  assert.ok(!key.text.includes(alice))
  const nowhere = await ask(alice, 'GET', '/nowhere')
  assert.equal(nowhere.status, 404)
  assert.match(nowhere.headers.get('content-type') ?? '', /xml/)
  assert.equal((await ask(alice, 'PUT', '/service-document')).status, 405)
})

test('the service document lists collections into which the caller may deposit, the workspace first', async () => {
  const { alias } = await portal.makeDataset(alice)
  const reply = await ask(alice, 'GET', '/service-document/')
  assert.match(reply.headers.get('content-type') ?? '', /^application\/atomserv\+xml/)
  assert.match(reply.text, /<service [^>]*><workspace><atom:title>Tessera<\/atom:title>/)
  const { collection } = xml.parse(reply.text).service.workspace
  const found = [collection].flat().find((one) => one['@href'] === `${base}/collection/dataverse/${alias}`)
  assert.equal(found['atom:title'], `The lab ${alias}`)
  assert.equal(found['sword:acceptPackaging'], 'http://purl.org/net/sword/package/SimpleZip')
  const viewer = (await portal.depositor('viewer')).key
  assert.ok(!(await ask(viewer, 'GET', '/service-document')).text.includes('<collection '))
})

test('a dataset is made of an entry, told, published, edited and deleted', async () => {
  const { alias } = await portal.makeDataset(alice)
  const made = await ask(alice, 'POST', `/collection/dataverse/${alias}`, whole, {
    'content-type': 'application/atom+xml',
  })
  assert.equal(made.status, 201, made.text)
  const pid = (made.headers.get('location') ?? '').replace(`${base}/edit/study/`, '')
  assert.match(pid, /^doi:10\.5072\/FK2\/\w{6}$/)
  const receipt = xml.parse(made.text).entry
  assert.equal(receipt['@xml:base'], `${base}/edit/study/${pid}`)
  assert.match(receipt.bibliographicCitation['#text'], /^Ames, Alice, \d{4}, "Tide <pools> & "more""/)
  const version = await portal.data(alice, 'GET', `/api/datasets/:persistentId/versions/:draft?persistentId=${pid}`)
  const { fields } = version.metadataBlocks.citation
  const value = (name: string) => fields.find(({ typeName }: { typeName: string }) => typeName === name)?.value
  assert.deepEqual(
    [value('title'), value('subject'), value('productionDate')],
    ['Tide <pools> & "more"', ['Physics'], '2013-07-11'],
  )
  assert.equal(value('keyword')[0].keywordValue.value, 'sandpipers')

  const feed = xml.parse((await ask(alice, 'GET', `/collection/dataverse/${alias}`)).text).feed
  assert.equal(feed.dataverseHasBeenReleased['#text'], 'true')
  assert.equal(feed.dataverseHasBeenReleased['@xmlns'], 'http://purl.org/net/sword/terms/state')
  const listed = feed.entry.find((one: Record<string, string>) => one.id === `${base}/edit/study/${pid}`)
  assert.deepEqual([listed['@xml:base'], listed.title['#text']], [`${base}/edit/study/${pid}`, 'Tide <pools> & "more"'])

  const zip = await zipOfTexts({ 'a.txt': 'a', 'raw/b – ü.txt': 'b' })
  const packed = {
    'content-type': 'application/zip',
    'content-disposition': 'filename=x.zip',
    packaging: 'http://purl.org/net/sword/package/SimpleZip',
  }
  const added = await ask(alice, 'POST', `/edit-media/study/${pid}`, zip, packed)
  assert.equal(added.status, 201, added.text)
  const other = await ask(alice, 'POST', `/edit-media/study/${pid}`, zip, { ...packed, packaging: 'http://x.org/y' })
  assert.equal(other.status, 415)
  assert.equal((await ask(bob, 'POST', `/edit-media/study/${pid}`, zip, packed)).status, 400)
  assert.equal((await ask(alice, 'POST', `/edit-media/study/${pid}`, 'no zip', packed)).status, 400)

  const statement = async () => xml.parse((await ask(alice, 'GET', `/statement/study/${pid}`)).text).feed
  const stated = await statement()
  const state = (feed: { category: Record<string, string>[] }) =>
    Object.fromEntries(feed.category.map((one) => [one['@term'], one['#text']]))
  assert.deepEqual(state(stated), { latestVersionState: 'DRAFT', locked: 'false', isMinorUpdate: 'false' })
  const sources = stated.entry.map((one: { content: Record<string, string> }) => one.content['@src'])
  const [, file, name] = /\/edit-media\/file\/(\d+)\/(.+)$/.exec(sources[1]) ?? []
  assert.equal(decodeURIComponent(name ?? ''), 'b – ü.txt')

  assert.equal((await ask(bob, 'DELETE', `/edit-media/file/${file}`)).status, 400)
  assert.equal((await ask(alice, 'DELETE', `/edit-media/file/${file}/${name}`)).status, 204)
  const gone = await ask(alice, 'DELETE', `/edit-media/file/${file}`)
  assert.deepEqual([gone.status, summary(gone.text)], [400, `File with ID ${file} not found.`])

  assert.equal((await ask(alice, 'POST', `/edit/study/${pid}`)).status, 400)
  assert.equal((await ask(bob, 'POST', `/edit/study/${pid}`, undefined, { 'in-progress': 'false' })).status, 400)
  const published = await ask(alice, 'POST', `/edit/study/${pid}`, undefined, { 'in-progress': 'false' })
  assert.equal(published.status, 200, published.text)
  assert.equal(state(await statement()).latestVersionState, 'RELEASED')
  const edit = { fields: [{ typeName: 'subtitle', value: 'North side' }] }
  await portal.data(alice, 'PUT', `/api/datasets/:persistentId/editMetadata?persistentId=${pid}`, edit)
  await ask(alice, 'POST', `/edit/study/${pid}`, undefined, { 'in-progress': 'false' })
  assert.equal(
    (await portal.data(null, 'GET', `/api/datasets/:persistentId/versions/:latest?persistentId=${pid}`))
      .versionMinorNumber,
    1,
  )

  const left = /file\/(\d+)\//.exec(sources[0])?.[1]
  assert.equal((await ask(alice, 'DELETE', `/edit-media/file/${left}`)).status, 204)
  assert.equal(state(await statement()).latestVersionState, 'DRAFT')
  assert.equal((await ask(alice, 'DELETE', `/edit/study/${pid}`)).status, 204)
  assert.equal(state(await statement()).latestVersionState, 'RELEASED')
})

test('a collection is published', async () => {
  const alias = 'unpublished-lab'
  const lab = { alias, name: 'Lab', dataverseContacts: [{ contactEmail: 'pi@example.org' }] }
  await portal.data(alice, 'POST', '/api/dataverses/root', lab, 201)
  const publish = (key: string) => ask(key, 'POST', `/edit/dataverse/${alias}`, undefined, { 'in-progress': 'false' })
  assert.equal((await publish(bob)).status, 400)
  assert.equal((await publish(alice)).status, 200)
  const again = await publish(alice)
  assert.deepEqual([again.status, summary(again.text)], [400, `Dataverse ${alias} has already been published.`])
})

test('what cannot be read is refused, and nothing is made of it', async () => {
  const { alias } = await portal.makeDataset(alice)
  const post = (body: string) =>
    ask(alice, 'POST', `/collection/dataverse/${alias}`, body, { 'content-type': 'application/atom+xml' })
  for (const body of [
    '',
    '<entry>',
    '{"no": "xml"}',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><entry><title>&e;</title></entry>',
    entry('<dcterms:description>no title</dcterms:description>'),
  ]) {
    const reply = await post(body)
    assert.equal(reply.status, 400, body)
    assert.ok(summary(reply.text).length > 0)
  }
  assert.equal((await ask(alice, 'POST', '/collection/dataverse/nowhere', whole)).status, 400)
  assert.equal((await ask(alice, 'GET', '/edit/study/doi:10.5072/FK2/NOTHERE')).status, 400)
  assert.equal((await ask(alice, 'GET', '/edit/study/garbage')).status, 400)
  const feed = xml.parse((await ask(alice, 'GET', `/collection/dataverse/${alias}`)).text).feed
  assert.equal([feed.entry].flat().length, 1)
})
