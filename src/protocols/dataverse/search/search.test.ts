import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type DataverseOverHttp, openDataverseOverHttp } from '#test/dataverse-over-http.ts'

let portal: DataverseOverHttp
let alice: string
let bob: string
let made: { id: number; pid: string; alias: string }
let file: number
before(async () => {
  portal = await openDataverseOverHttp()
  alice = (await portal.depositor('member', 'alice')).key
  bob = (await portal.depositor('member', 'bob')).key
  made = await portal.makeDataset(alice, 'Tide pools of Inchkeith', 'periwinkles & <limpets>')
  file = (await portal.add(alice, made.id, 'counts.csv', 'a,b\n', { description: 'Counted by hand' })).dataFile.id
})
after(() => portal.close())

const search = (key: string | null, query: string) => portal.data(key, 'GET', `/api/search?${query}`)
const names = async (key: string | null, query: string) =>
  (await search(key, query)).items.map(({ name }: { name: string }) => name)
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

describe('search', () => {
  test('finds drafts at once for who may see them, and for nobody else', async () => {
    assert.deepEqual(await names(alice, 'q=periwinkles'), ['Tide pools of Inchkeith'])
    assert.deepEqual(await names(bob, 'q=periwinkles'), [])
    assert.deepEqual(await names(null, 'q=periwinkles'), [])
    const { items } = await search(alice, 'q=periwinkles')
    assert.deepEqual(items[0].publicationStatuses, ['Unpublished', 'Draft'])
    assert.equal(items[0].published_at, undefined)
    const wrong = await portal.call('wrong', 'GET', '/api/search?q=x')
    assert.deepEqual([wrong.status, wrong.json().message], [401, 'Bad API key'])
  })

  test('tells datasets, files and collections in the shapes that clients take apart', async () => {
    await portal.publish(alice, made.id)
    const { id, pid, alias } = made
    const all = await search(null, `q=*&subtree=${alias}&sort=name&show_entity_ids=true`)
    assert.deepEqual(
      [all.q, all.total_count, all.start, all.count_in_response, all.spelling_alternatives],
      ['*', 2, 0, 2, {}],
    )
    const [csv, dataset] = all.items
    const { published_at, createdAt, updatedAt, versionId, citation, citationHtml, ...rest } = dataset
    for (const moment of [published_at, createdAt, updatedAt]) assert.match(moment, time)
    assert.match(
      citation,
      /^Ames, Alice, \d{4}, "Tide pools of Inchkeith", https:\/\/doi\.org\/10\.5072\/FK2\/\w+, Tessera, V1$/,
    )
    assert.match(citationHtml, /<a href="https:\/\/doi\.org\//)
    assert.ok(Number.isInteger(versionId))
    assert.deepEqual(rest, {
      name: 'Tide pools of Inchkeith',
      type: 'dataset',
      url: `https://doi.org/${pid.slice(4)}`,
      global_id: pid,
      description: 'Counts per square metre: periwinkles & <limpets>.',
      publisher: `The lab ${alias}`,
      identifier_of_dataverse: alias,
      name_of_dataverse: `The lab ${alias}`,
      publicationStatuses: ['Published'],
      storageIdentifier: `local://${pid.slice(4)}`,
      subjects: ['Earth and Environmental Sciences'],
      fileCount: 1,
      versionState: 'RELEASED',
      majorVersion: 1,
      minorVersion: 0,
      contacts: [{ name: 'Ames, Alice', affiliation: '' }],
      authors: ['Ames, Alice'],
      entity_id: id,
    })
    assert.deepEqual(
      [csv.type, csv.file_id, csv.dataset_id, csv.file_type, csv.file_content_type, csv.size_in_bytes, csv.description],
      ['file', String(file), String(id), 'Comma Separated Values', 'text/csv', 4, 'Counted by hand'],
    )
    assert.equal(csv.url, `https://data.example.org/api/access/datafile/${file}`)
    assert.deepEqual([csv.checksum.type, csv.checksum.value], ['MD5', csv.md5])
    assert.deepEqual([csv.dataset_name, csv.dataset_persistent_id], ['Tide pools of Inchkeith', pid])
    assert.deepEqual([csv.restricted, csv.canDownloadFile], [false, true])
    const [lab] = (await search(null, `q=${alias}&type=dataverse`)).items
    assert.deepEqual(
      [lab.type, lab.identifier, lab.parentDataverseName, lab.parentDataverseIdentifier, lab.datasetCount],
      ['dataverse', alias, 'Root', 'root', 1],
    )
    assert.ok(URL.canParse(lab.url))
  })

  test('counts facets and types, and shows where the words stand', async () => {
    const found = await search(null, 'q=periwinkles&show_facets=true&show_type_counts=true&show_relevance=true')
    assert.equal(found.facets.length, 1)
    assert.deepEqual(found.facets[0].subject_ss, {
      friendly: 'Subject',
      labels: [{ 'Earth and Environmental Sciences': 1 }],
    })
    assert.deepEqual(found.facets[0].publicationStatus.labels, [{ Published: 1 }])
    assert.deepEqual(found.total_count_per_object_type, { Dataverses: 0, Datasets: 1, Files: 0 })
    const [{ matches, score }] = found.items
    assert.ok(score > 0)
    const snippet = matches.find((one: object) => 'dsDescriptionValue' in one).dsDescriptionValue.snippets[0]
    assert.match(snippet, /<span class="search-term-match">periwinkles<\/span> &amp; &lt;limpets&gt;/)
  })

  test('narrows by type, filter and page', async () => {
    const { alias } = made
    assert.deepEqual(await names(null, `q=*&subtree=${alias}&type=file`), ['counts.csv'])
    const law = encodeURIComponent('subject_ss:"Law"')
    const earth = encodeURIComponent('subject_ss:"Earth and Environmental Sciences"')
    assert.deepEqual(await names(null, `q=*&subtree=${alias}&fq=${law}`), [])
    assert.deepEqual(
      await names(null, `q=*&type=dataset&subtree=${alias}&fq=${earth}&fq=publicationStatus:Published`),
      ['Tide pools of Inchkeith'],
    )
    assert.deepEqual(await names(null, `q=*&subtree=${alias}&fq=publicationStatus:Draft`), [])
    const second = await search(null, `q=*&subtree=${alias}&sort=name&order=asc&per_page=1&start=1`)
    assert.deepEqual([second.total_count, second.start, second.items[0].name], [2, 1, 'Tide pools of Inchkeith'])
    // A client that encodes twice still finds by its other words.
    assert.deepEqual(await names(null, 'q=periwinkles%2520nonsense'), ['Tide pools of Inchkeith'])
  })

  test('is refused in the words that clients know; broken questions are words', async () => {
    const told = async (query: string) => {
      const reply = await portal.call(null, 'GET', `/api/search?${query}`)
      return [reply.status, reply.json().message]
    }
    assert.deepEqual(await told(''), [400, 'q parameter is missing'])
    assert.deepEqual(await told('q=x&type=dog'), [400, "Invalid type 'dog'. Must be one of [dataverse, dataset, file]"])
    assert.deepEqual(await told('q=x&subtree=nowhere'), [400, 'Could not find dataverse with alias nowhere'])
    assert.deepEqual(await told('q=x&per_page=1001'), [400, '1001 results per page requested but max limit is 1000.'])
    for (const broken of ['(', '"', 'a:', '+', '[* TO', 'x AND', '~^', '\\'])
      assert.equal((await portal.call(null, 'GET', `/api/search?q=${encodeURIComponent(broken)}`)).status, 200, broken)
  })
})
