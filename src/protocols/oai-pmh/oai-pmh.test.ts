import assert from 'node:assert/strict'
import { test } from 'node:test'
import { XMLParser } from 'fast-xml-parser'
import { openHarvest } from '#src/datasets/harvest/harvest.ts'
import { datasetsHouse, plainMetadata } from '#test/datasets.ts'
import { oaiRoutes } from './routes.ts'

const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (name) => ['record', 'header', 'metadataFormat', 'set'].includes(name),
})

const house = await datasetsHouse({
  moreRoutes: (needs) =>
    oaiRoutes({
      harvest: openHarvest(needs),
      title: 'Example & Co',
      siteAddress: 'http://localhost:8080',
      adminAddress: 'portal@example.org',
      clock: needs.clock,
    }),
})
await house.join('root', 'admin')

async function oai(query: string, status = 200) {
  const answer = await house.ask('', 'GET', `/oai${query}`)
  assert.equal(answer.status, status, String(answer.body))
  return parser.parse(answer.body as string)['OAI-PMH']
}

async function published(title: string, collection = 'root'): Promise<{ id: number; pid: string }> {
  const made = await house.ask('root', 'POST', `/v1/collections/${collection}/datasets`, {
    metadata: plainMetadata({ title }),
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  house.clock.pass(10)
  const answer = await house.ask('root', 'POST', `/v1/datasets/${made.body.id}/publish`, { type: 'major' })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return made.body
}

test('a harvester learns who answers, in which formats, and that nothing is there yet', async () => {
  const { Identify } = await oai('?verb=Identify')
  assert.equal(Identify.repositoryName, 'Example & Co')
  assert.equal(Identify.baseURL, 'http://localhost:8080/oai')
  const { ListMetadataFormats } = await oai('?verb=ListMetadataFormats')
  assert.deepEqual(
    ListMetadataFormats.metadataFormat.map((one: { metadataPrefix: string }) => one.metadataPrefix),
    ['Datacite', 'oai_datacite', 'oai_dc', 'dcterms', 'oai_ddi'],
  )
  assert.equal((await oai('?verb=ListRecords&metadataPrefix=oai_dc')).error['@_code'], 'noRecordsMatch')
})

test('what it asks wrongly is refused in the protocol’s own words, and not said again', async () => {
  for (const [query, code] of [
    ['', 'badVerb'],
    ['?verb=Steal', 'badVerb'],
    ['?verb=Identify&verb=Identify', 'badVerb'],
    ['?verb=Identify&color=red', 'badArgument'],
    ['?verb=GetRecord&identifier=x', 'badArgument'],
    ['?verb=GetRecord&identifier=perma:x/y&metadataPrefix=oai_dc', 'idDoesNotExist'],
    ['?verb=ListRecords&metadataPrefix=marc', 'cannotDisseminateFormat'],
    ['?verb=ListRecords&metadataPrefix=oai_dc&from=yesterday', 'badArgument'],
    ['?verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-31', 'badArgument'],
    ['?verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01&until=2026-01-01T00:00:00Z', 'badArgument'],
    ['?verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-01&until=2026-01-01', 'badArgument'],
    ['?verb=ListRecords&resumptionToken=nonsense', 'badResumptionToken'],
    ['?verb=ListRecords&resumptionToken=e30&metadataPrefix=oai_dc', 'badArgument'],
    ['?verb=ListSets&resumptionToken=e30', 'badResumptionToken'],
    ['?verb=%3Cscript%3E', 'badVerb'],
  ] as const) {
    const reply = await oai(query)
    assert.equal(reply.error['@_code'], code, query)
    assert.equal(reply.request['@_verb'], undefined)
  }
})

test('it gets every published dataset once, in pages, by set and by time, and hears of what was taken back', async () => {
  const part = await house.ask('root', 'POST', '/v1/collections', {
    parent: 'root',
    alias: 'shore',
    name: 'Shore',
    contacts: [{ email: 'a@example.org' }],
  })
  assert.equal(part.status, 201, JSON.stringify(part.body))
  assert.equal((await house.ask('root', 'POST', '/v1/collections/shore/publish')).status, 200)
  const draft = await house.ask('root', 'POST', '/v1/collections/root/datasets', {
    metadata: plainMetadata({ title: 'Draft' }),
  })
  const made: { id: number; pid: string }[] = []
  for (let at = 0; at < 52; at++) made.push(await published(`Number ${at}`, at % 26 === 0 ? 'shore' : 'root'))

  const first = await oai('?verb=ListRecords&metadataPrefix=oai_dc')
  assert.equal(first.ListRecords.record.length, 50)
  const token = first.ListRecords.resumptionToken['#text']
  const rest = await oai(`?verb=ListRecords&resumptionToken=${token}`)
  assert.equal(rest.ListRecords.record.length, 2)
  assert.equal(rest.ListRecords.resumptionToken['#text'], undefined, 'the last page says that it is')
  const seen = [...first.ListRecords.record, ...rest.ListRecords.record].map((one) => one.header[0].identifier)
  assert.deepEqual(
    seen,
    made.map(({ pid }) => pid),
  )
  assert.ok(!seen.includes(draft.body.pid))
  assert.equal(first.ListRecords.record[0].metadata['oai_dc:dc']['dc:title'], 'Number 0')

  const shore = await oai('?verb=ListIdentifiers&metadataPrefix=oai_dc&set=shore')
  assert.equal(shore.ListIdentifiers.header.length, 2)
  assert.equal(shore.ListIdentifiers.header[0].setSpec, 'shore')
  const { ListSets } = await oai('?verb=ListSets')
  assert.deepEqual(ListSets.set, [{ setSpec: 'shore', setName: 'Shore' }])

  const at = first.ListRecords.record[3].header[0].datestamp
  const only = await oai(`?verb=ListIdentifiers&metadataPrefix=oai_dc&from=${at}&until=${at}`)
  assert.deepEqual(
    only.ListIdentifiers.header.map((one: { identifier: string }) => one.identifier),
    [made[3]!.pid],
  )

  house.clock.pass(60)
  const gone = await house.ask('root', 'POST', `/v1/datasets/${made[3]!.id}/versions/1.0/deaccession`, {
    reason: 'wrong',
  })
  assert.equal(gone.status, 200)
  const { GetRecord } = await oai(
    `?verb=GetRecord&metadataPrefix=Datacite&identifier=${encodeURIComponent(made[3]!.pid)}`,
  )
  assert.equal(GetRecord.record[0].header[0]['@_status'], 'deleted')
  assert.equal(GetRecord.record[0].metadata, undefined)
  const later = await oai(`?verb=ListIdentifiers&metadataPrefix=oai_dc&from=${GetRecord.record[0].header[0].datestamp}`)
  assert.equal(later.ListIdentifiers.header.length, 1, 'it is the last that changed')

  const form = await house.ask('', 'POST', '/oai', undefined)
  assert.equal(form.status, 200)
})

test('crawlers find every published page in the sitemap, and the sitemap in robots.txt', async () => {
  const robots = await house.ask('', 'GET', '/robots.txt')
  assert.equal(robots.status, 200)
  assert.match(String(robots.body), /^Sitemap: http:\/\/localhost:8080\/sitemap\.xml$/m)
  const index = parser.parse(String((await house.ask('', 'GET', '/sitemap.xml')).body))
  const part = new URL(index.sitemapindex.sitemap.loc).pathname
  const { urlset } = parser.parse(String((await house.ask('', 'GET', part)).body))
  assert.equal(urlset.url.length, 51)
  assert.match(urlset.url[0].loc, /^http:\/\/localhost:8080\/datasets\/perma%3Atessera\/[0-9A-Z]{6}$/)
})

test('a version is exported in every format, and a draft only to those who may see it', async () => {
  const { id, pid } = await published('Exported')
  const { items } = (await house.ask('', 'GET', '/v1/export-formats')).body
  assert.ok(items.length >= 16)
  for (const { name, media_type } of items) {
    const answer = await house.ask('', 'GET', `/v1/datasets/${encodeURIComponent(pid)}/versions/1.0/export/${name}`)
    assert.equal(answer.status, 200, name)
    assert.ok(String(answer.headers['content-type']).startsWith(media_type), name)
    assert.ok(JSON.stringify(answer.body).includes('Exported'), name)
  }
  const links = await house.ask('', 'GET', `/v1/datasets/${id}/versions/latest/export/linkset`)
  assert.equal(links.body.linkset[0].anchor, `http://localhost:8080/datasets/${pid}`)
  assert.equal((await house.ask('', 'GET', `/v1/datasets/${id}/versions/1.0/export/marc`)).status, 404)
  const draft = await house.ask('root', 'POST', '/v1/collections/root/datasets', { metadata: plainMetadata() })
  const asked = `/v1/datasets/${draft.body.id}/versions/draft/export/ddi`
  assert.equal((await house.ask('', 'GET', asked)).status, 404)
  assert.equal((await house.ask('root', 'GET', asked)).status, 200)
})
