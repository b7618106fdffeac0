import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import jsonld from 'jsonld'
import { describedDataset } from '#test/described-dataset.ts'
import { dataCite } from './datacite.ts'
import type { Described } from './described.ts'
import { formatNamed, formats } from './formats.ts'
import { linkHeader, linkset } from './signposting.ts'

const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
})
const read = (name: string, described: Described = describedDataset) =>
  parser.parse(formatNamed(name)!.write(described))

/** The least that a draft may be. */
const bare: Described = {
  ...describedDataset,
  pid: 'perma:tessera/ABC123',
  pidUrl: 'https://data.example.org/datasets/perma:tessera/ABC123',
  metadata: { citation: { title: 'Bare' } },
  license: null,
  terms: {},
  publishedAt: null,
  releasedAt: null,
  version: 'DRAFT',
  files: [],
}

test('every format can be written of everything and of next to nothing', () => {
  for (const format of formats)
    for (const described of [describedDataset, bare]) {
      const text = format.write(described)
      if (format.extension === 'xml') assert.equal(XMLValidator.validate(text), true, format.name)
      else assert.ok(JSON.parse(text), format.name)
      assert.ok(
        !/undefined|\[object|NaN/.test(text),
        `${format.name}: ${text.match(/.{30}(undefined|\[object|NaN).{30}/)}`,
      )
    }
})

test('what people wrote is never markup, whatever they wrote', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      const { metadata } = describedDataset
      const described = {
        ...describedDataset,
        metadata: { ...metadata, citation: { ...metadata.citation, title: text, notesText: text } },
      }
      for (const { extension, name, write } of formats) {
        const written = write(described)
        if (extension === 'xml') assert.equal(XMLValidator.validate(written), true, name)
        else JSON.parse(written)
      }
    }),
    { numRuns: 40 },
  )
})

test('e-mail addresses of contacts are told in no format', () => {
  for (const { name, write } of formats) assert.ok(!write(describedDataset).includes('alice@example.org'), name)
})

test('DataCite has people, organizations, funders, places and dates where it looks for them', () => {
  const it = dataCite(describedDataset)
  assert.equal(it.doi, '10.5072/FK2/J8SJZB')
  assert.deepEqual(it.creators[0], {
    name: 'Ames, Alice',
    nameType: 'Personal',
    givenName: 'Alice',
    familyName: 'Ames',
    affiliation: [{ name: 'Example University' }],
    nameIdentifiers: [
      {
        nameIdentifier: 'https://orcid.org/0000-0002-1825-0097',
        nameIdentifierScheme: 'ORCID',
        schemeUri: 'https://orcid.org',
      },
    ],
  })
  assert.deepEqual(it.fundingReferences[0], { funderName: 'Shore Fund', awardNumber: 'SF-12' })
  assert.deepEqual(it.relatedIdentifiers, [
    { relatedIdentifier: '10.1234/limpets', relatedIdentifierType: 'DOI', relationType: 'IsSupplementTo' },
  ])
  assert.deepEqual(it.language, 'en')
  assert.equal(it.geoLocations[1]?.geoLocationBox?.northBoundLatitude, 56.04)
  assert.ok(it.dates.some(({ date, dateType }) => dateType === 'Collected' && date === '2026-06/2026-08'))
  const { resource } = read('Datacite')
  assert.equal(resource.identifier['#text'], '10.5072/FK2/J8SJZB')
  assert.equal(resource.titles.title[0], 'Tide pools of Inchkeith: <counts> & "cover"')
  assert.equal(dataCite(bare).doi, undefined)
  assert.equal(read('Datacite', bare).resource.identifier['@_identifierType'], 'URL')
})

test('DDI tells tables by their variables, and other files beside them', () => {
  const { codeBook } = read('ddi')
  assert.equal(codeBook.fileDscr.fileTxt.fileName, 'raw/2026/counts.csv')
  assert.deepEqual(
    codeBook.dataDscr.var.map((one: Record<string, string>) => one['@_name']),
    ['day', 'limpets'],
  )
  assert.equal(codeBook.otherMat.labl, 'people.txt')
  assert.equal(codeBook.stdyDscr.citation.titlStmt.IDNo[0]['@_agency'], 'DOI')
})

test('files that are not for everybody are told, but not where to get them', () => {
  const { distribution } = JSON.parse(formatNamed('schema.org')!.write(describedDataset))
  assert.deepEqual(
    distribution.map((one: { contentUrl?: string }) => one.contentUrl),
    ['https://data.example.org/v1/files/55/content', undefined],
  )
  const croissant = JSON.parse(formatNamed('croissant')!.write(describedDataset))
  assert.deepEqual(
    croissant.distribution.map((one: { name: string }) => one.name),
    ['raw/2026/counts.csv'],
  )
  assert.equal(croissant.recordSet[0].field[1].dataType, 'sc:Integer')
  const slim = JSON.parse(formatNamed('croissantSlim')!.write(describedDataset))
  assert.equal(slim.recordSet, undefined)
})

test('the forms of JSON-LD mean what they say: every member expands to an address', async () => {
  // The public contexts only map names into their vocabulary, as far as these documents use them.
  const contexts: Record<string, string> = {
    'https://schema.org': 'http://schema.org/',
    'https://w3id.org/ro/crate/1.1/context': 'http://schema.org/',
  }
  const documentLoader = async (url: string) => ({
    contextUrl: undefined,
    documentUrl: url,
    document: { '@context': { '@vocab': contexts[url] } },
  })
  for (const name of ['schema.org', 'OAI_ORE', 'croissant', 'ro-crate']) {
    const document = JSON.parse(formatNamed(name)!.write(describedDataset))
    const expanded = JSON.stringify(
      await jsonld.expand(document, { documentLoader, base: 'https://data.example.org/' }),
    )
    assert.ok(expanded.includes('Tide pools of Inchkeith'), name)
    assert.ok(expanded.includes('counts.csv'), name)
  }
})

test('an RO-Crate is one flat graph in which everything that is named stands', () => {
  const { '@graph': graph } = JSON.parse(formatNamed('ro-crate')!.write(describedDataset))
  const ids = new Set(graph.map((one: { '@id': string }) => one['@id']))
  assert.equal(ids.size, graph.length, 'no entity twice')
  const root = graph.find((one: { '@id': string }) => one['@id'] === './')
  for (const link of [...root.hasPart, ...root.author, root.license, root.publisher])
    assert.ok(ids.has(link['@id']), link['@id'])
})

test('signposts lead to the id, the licence, the authors, the descriptions and the files', () => {
  const header = linkHeader(describedDataset)
  for (const part of [
    '<https://doi.org/10.5072/FK2/J8SJZB>; rel="cite-as"',
    '<https://orcid.org/0000-0002-1825-0097>; rel="author"',
    '<http://creativecommons.org/licenses/by/4.0>; rel="license"',
    '<https://data.example.org/v1/files/55/content>; rel="item"; type="text/csv"',
    'rel="linkset"; type="application/linkset+json"',
  ])
    assert.ok(header.includes(part), part)
  assert.ok(!header.includes('files/56'), 'what is closed is no item')
  const many = { ...describedDataset, files: Array.from({ length: 2000 }, () => describedDataset.files[0]!) }
  assert.ok(linkHeader(many).length < 4000)
  assert.equal((linkset(many).linkset as { item: unknown[] }[])[0]?.item.length, 2000)
})
