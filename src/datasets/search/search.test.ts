import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { Grants } from '#src/access/grants.ts'
import { datasetsHouse, plainMetadata } from '#test/datasets.ts'

const house = await datasetsHouse()
const { ask, join } = house

const search = async (who: string, query: string) => {
  const { status, body, headers } = await ask(who, 'GET', `/v1/search?${query}`)
  assert.equal(status, 200, JSON.stringify(body))
  return { ...body, link: String(headers.link ?? ''), names: body.items.map(({ name }: { name: string }) => name) }
}
const facet = (
  { facets }: { facets: { name: string; values: { value: string; count: number }[] }[] },
  name: string,
): Record<string, number> =>
  Object.fromEntries(facets.find((one) => one.name === name)?.values.map(({ value, count }) => [value, count]) ?? [])

async function collection(alias: string, name: string, parent = 'root'): Promise<void> {
  const made = await ask('alice', 'POST', '/v1/collections', { parent, alias, name, affiliation: 'Example U' })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.equal((await ask('alice', 'POST', `/v1/collections/${alias}/publish`)).status, 200)
}
async function dataset(where: string, over: object, { publish = true } = {}): Promise<string> {
  const made = await ask('alice', 'POST', `/v1/collections/${where}/datasets`, { metadata: plainMetadata(over) })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const url = `/v1/datasets/${made.body.id}`
  if (publish) assert.equal((await ask('alice', 'POST', `${url}/publish`, { type: 'major' })).status, 200)
  return url
}

let tides = ''
before(async () => {
  await join('alice')
  await join('bob')
  await join('abel', 'admin')
  await collection('shore', 'Shore Lab')
  await collection('birds', 'Birds of the shore', 'shore')
  await collection('law', 'Law school')
  tides = await dataset('shore', { title: 'Tide pools of Inchkeith', keyword: [{ keywordValue: 'sea star' }] })
  await dataset('birds', { title: 'Sandpipers, counted', author: [{ authorName: 'Tide, Tom' }] })
  await dataset('law', { title: 'Court rulings on shore rights', subject: ['Law'] })
  await dataset('law', { title: 'Hidden rulings', subject: ['Law'] }, { publish: false })
})

test('words are found anywhere in what is published, authors before titles, and any of several will do', async () => {
  assert.deepEqual((await search('', 'q=tide')).names, ['Sandpipers, counted', 'Tide pools of Inchkeith'])
  assert.deepEqual((await search('', 'q=rulings+sandpipers')).names.sort(), [
    'Court rulings on shore rights',
    'Sandpipers, counted',
  ])
  assert.deepEqual((await search('', 'q=TÏDE+-sandpipers')).names, ['Tide pools of Inchkeith'])
  assert.deepEqual((await search('', 'q=title:tide')).names, ['Tide pools of Inchkeith'])
  assert.deepEqual((await search('', 'q=author:tide')).names, ['Sandpipers, counted'])
  assert.deepEqual((await search('', 'q=inchk*')).names, ['Tide pools of Inchkeith'])
  assert.deepEqual((await search('', `q=${encodeURIComponent('"pools of inchkeith"')}`)).names, [
    'Tide pools of Inchkeith',
  ])
  assert.deepEqual((await search('', `q=${encodeURIComponent('"pools inchkeith"')}`)).names, [])
  assert.deepEqual((await search('', 'q=of')).names, ['Tide pools of Inchkeith', 'Birds of the shore'].reverse())
})

test('a collection whose name has the word comes first, and below a collection it is not itself', async () => {
  assert.deepEqual((await search('', 'q=shore')).names.slice(0, 2).sort(), ['Birds of the shore', 'Shore Lab'])
  const below = await search('', 'q=*&below=shore&sort=name')
  assert.deepEqual(below.names, ['Birds of the shore', 'Sandpipers, counted', 'Tide pools of Inchkeith'])
  assert.deepEqual(below.counts, { collection: 1, dataset: 2, file: 0 })
  assert.deepEqual((await search('', 'below=birds&below=law&type=dataset&sort=name')).names, [
    'Court rulings on shore rights',
    'Sandpipers, counted',
  ])
})

test('results are counted and narrowed by what they are about', async () => {
  const all = await search('', 'type=dataset')
  assert.deepEqual(facet(all, 'subject'), { 'Earth and Environmental Sciences': 2, Law: 1 })
  assert.deepEqual(facet(all, 'author'), { 'Ames, Alice': 2, 'Tide, Tom': 1 })
  assert.deepEqual(facet(all, 'collection'), { birds: 1, law: 1, shore: 1 })
  assert.deepEqual(facet(all, 'keyword'), { 'sea star': 1 })
  const law = await search('', 'type=dataset&subject=Law')
  assert.deepEqual([law.names, facet(law, 'subject')], [['Court rulings on shore rights'], { Law: 1 }])
  const either = await search('', 'subject=Law&subject=Earth+and+Environmental+Sciences&keyword=sea+star')
  assert.deepEqual(either.names, ['Tide pools of Inchkeith'])
  assert.deepEqual((await search('', 'collection=birds&type=dataset')).names, ['Sandpipers, counted'])
  assert.equal((await search('', 'subject=Nothing')).total, 0)
})

test('drafts are found by those who may see them only, and by tokens that reach so far', async () => {
  await join('reader', 'member', Grants.of(['datasets:read:shore']))
  const counts = async (who: string) => (await search(who, 'type=dataset')).total
  assert.deepEqual([await counts(''), await counts('bob'), await counts('alice'), await counts('abel')], [3, 3, 4, 4])
  const hidden = (await search('alice', 'q=hidden')).items[0]
  assert.deepEqual(
    [hidden.states, hidden.version, hidden.published_at],
    [['unpublished', 'draft'], { number: 'DRAFT', state: 'draft' }, null],
  )
  assert.deepEqual((await search('alice', 'state=draft')).names, ['Hidden rulings'])
  await join('narrow', 'admin', Grants.of(['datasets:read:shore']))
  assert.equal(await counts('narrow'), 3)
  await join('lawyer', 'admin', Grants.of(['datasets:read:law']))
  assert.equal(await counts('lawyer'), 4)
  await join('writer', 'admin', Grants.of(['datasets:write']))
  assert.equal(await counts('writer'), 3)
})

test('an editor finds the draft and the public the release, each by its own words', async () => {
  const metadata = plainMetadata({ title: 'Rock pools of Cramond', keyword: [{ keywordValue: 'sea star' }] })
  assert.equal((await ask('alice', 'PUT', `${tides}/draft`, { metadata })).status, 200)
  assert.deepEqual((await search('', 'q=pools')).names, ['Tide pools of Inchkeith'])
  assert.deepEqual((await search('alice', 'q=pools')).names, ['Rock pools of Cramond'])
  assert.deepEqual((await search('alice', 'q=inchkeith')).names, [])
  assert.deepEqual((await search('', 'q=cramond')).names, [])
  assert.deepEqual((await search('alice', 'q=pools&state=published')).names, ['Tide pools of Inchkeith'])
  assert.deepEqual((await search('alice', 'q=cramond')).items[0].states, ['draft'])
  assert.equal((await ask('alice', 'POST', `${tides}/publish`, { type: 'minor' })).status, 200)
  assert.deepEqual((await search('', 'q=pools')).names, ['Rock pools of Cramond'])
  assert.deepEqual((await search('alice', 'q=pools')).names, ['Rock pools of Cramond'])
})

test('pages follow each other without gaps, in each order', async () => {
  for (const order of ['q=shore+tide', 'sort=name', 'sort=date', 'sort=date&order=asc']) {
    const whole = (await search('alice', `${order}&limit=100`)).names
    const seen: string[] = []
    let url = `/v1/search?${order}&limit=2`
    while (url !== '') {
      const { body, headers } = await ask('alice', 'GET', url)
      seen.push(...body.items.map(({ name }: { name: string }) => name))
      url = /<([^>]+)>/.exec(String(headers.link ?? ''))?.[1] ?? ''
    }
    assert.deepEqual(seen, whole, order)
    assert.deepEqual((await search('alice', `${order}&limit=2&offset=2`)).names, whole.slice(2, 4))
  }
})

test('what is found where nothing narrows is what is found where everything is looked at', async () => {
  for (const who of ['', 'alice', 'abel'])
    for (const order of ['sort=name', 'sort=name&order=desc', 'sort=date', 'sort=date&order=asc']) {
      // The root itself is not below it.
      const broad = await search(who, `${order}&limit=100&type=dataset&type=file`)
      const close = await search(who, `${order}&limit=100&type=dataset&type=file&below=root`)
      assert.deepEqual(broad.names, close.names, `${who} ${order}`)
      assert.deepEqual([broad.total, broad.facets], [close.total, close.facets], `${who} ${order}`)
      assert.deepEqual([broad.counts.dataset, broad.counts.file], [close.counts.dataset, close.counts.file])
    }
})

test('where the words stand is told as places in plain text', async () => {
  await dataset('law', {
    title: 'On <b>tags</b> & such',
    dsDescription: [{ dsDescriptionValue: `${'x'.repeat(300)} tags` }],
  })
  const { matches } = (await search('', 'q=tags')).items[0]
  assert.deepEqual(matches[0], {
    field: 'title',
    snippets: [{ text: 'On <b>tags</b> & such', marks: [[6, 10]] }],
  })
  const [snippet] = matches.find((one: { field: string }) => one.field === 'dsDescriptionValue').snippets
  assert.equal(snippet.text.slice(...snippet.marks[0]), 'tags')
  assert.deepEqual((await search('', 'q=tags&highlight=false')).items[0].matches, [])
})

test('what is deleted, moved or deaccessioned is found so at once', async () => {
  const url = await dataset('law', { title: 'Wandering albatross' })
  assert.equal((await ask('abel', 'POST', `${url}/move`, { to: 'birds' })).status, 200)
  assert.equal((await search('', 'q=albatross&below=shore')).total, 1)
  assert.equal((await ask('abel', 'POST', '/v1/collections/birds/move', { to: 'law' })).status, 200)
  assert.deepEqual(
    [(await search('', 'q=albatross&below=shore')).total, (await search('', 'q=albatross&below=law')).total],
    [0, 1],
  )
  const gone = await ask('alice', 'POST', `${url}/versions/1.0/deaccession`, { reason: 'The birds have flown.' })
  if (gone.status === 403)
    assert.equal(
      (await ask('abel', 'POST', `${url}/versions/1.0/deaccession`, { reason: 'The birds have flown.' })).status,
      200,
    )
  assert.equal((await search('', 'q=albatross')).total, 0)
  assert.deepEqual((await search('abel', 'q=albatross')).items[0].states, ['deaccessioned'])
})

test('facets of very many hits are reckoned, and say so; totals and collections are counted', async () => {
  const before = await search('', 'type=dataset')
  assert.deepEqual([...new Set(before.facets.map((one: { approximate: boolean }) => one.approximate))], [false])
  await sql`
    insert into search_items (type, subject_id, collection_id, dataset_id, released, path, terms, sort_name, sort_date,
      boost, fingerprint, words, weighty)
    select i.type, 1000000000 + n * 100000 + i.subject_id, i.collection_id, i.dataset_id, true, i.path, i.terms, i.sort_name,
      i.sort_date, i.boost, '', i.words, i.weighty
    from search_items i, generate_series(1, 5000) n where i.type = 'dataset' and i.released`.execute(house.db)
  for (const more of ['', '&below=root']) {
    const all = await search('', `type=dataset${more}`)
    assert.equal(all.total, before.total * 5001)
    assert.deepEqual(
      facet(all, 'collection'),
      Object.fromEntries(Object.entries(facet(before, 'collection')).map(([alias, n]) => [alias, n * 5001])),
    )
    const approximate = all.facets.filter((one: { approximate: boolean }) => one.approximate)
    assert.deepEqual(
      approximate.map((one: { name: string }) => one.name),
      all.facets.map((one: { name: string }) => one.name).filter((name: string) => name !== 'collection'),
    )
    for (const [subject, n] of Object.entries(facet(before, 'subject'))) {
      const found = facet(all, 'subject')[subject] ?? 0
      assert.ok(Math.abs(found - n * 5001) < 0.05 * all.total, `${subject}: ${found} of ${n * 5001}`)
    }
  }
})
