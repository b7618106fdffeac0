import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readQuestion } from '#src/datasets/search/read-question.ts'
import { workTime } from '#test/work-time.ts'
import { search } from './contract.ts'
import { readAsk } from './read-ask.ts'

const read = (text: string) => {
  const given: Record<string, string | string[]> = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const before = given[name]
    given[name] = before === undefined ? value : [before, value].flat()
  }
  return readAsk(search.query.parse(given))
}

test('a question as pyDataverse and the TypeScript client ask it', () => {
  assert.deepEqual(read('q=tide&type=dataverse&type=file&subtree=lab&sort=date&order=desc&per_page=5&start=10'), {
    question: 'tide',
    types: ['collection', 'file'],
    below: ['lab'],
    filters: [],
    narrowing: [],
    sort: 'date',
    order: 'desc',
    limit: 5,
    offset: 10,
    countTypes: false,
    matches: false,
  })
  const more = read('q=*&show_facets=true&show_type_counts=TRUE&show_relevance=true')
  assert.equal(more.facets?.includes('subject'), true)
  assert.deepEqual([more.countTypes, more.matches, more.limit, more.offset], [true, true, 10, 0])
})

test('filters narrow by facets; what is none narrows as a question', () => {
  const { filters, narrowing } = read(
    `q=*&${[
      'subject_ss:"Medicine, Health and Life Sciences"',
      'publicationStatus:In Review',
      'authorName_ss:("Ames, Alice" OR "Bo \\"Bob\\" Day")',
      'title:tide*',
      'publicationDate:[2020 TO 2024]',
      'nonsense',
    ]
      .map((one) => `fq=${encodeURIComponent(one)}`)
      .join('&')}`,
  )
  assert.deepEqual(filters, [
    { facet: 'subject', values: ['Medicine, Health and Life Sciences'] },
    { facet: 'state', values: ['in_review'] },
    { facet: 'author', values: ['Ames, Alice', 'Bo "Bob" Day'] },
  ])
  assert.deepEqual(narrowing, ['title:tide*', 'publicationDate:[2020 TO 2024]', 'nonsense'])
  assert.deepEqual(read('q=*&fq=dvObjectType:(dataverses OR datasets)').types, ['collection', 'dataset'])
})

test('what is wrong is told in the words that clients know', () => {
  const told = (text: string) => {
    try {
      return read(text)
    } catch (error) {
      return (error as { details: { detail?: string } }).details.detail
    }
  }
  assert.equal(told(''), 'q parameter is missing')
  assert.equal(told('q=x&type=dog'), "Invalid type 'dog'. Must be one of [dataverse, dataset, file]")
  assert.equal(told('q=x&per_page=1001'), '1001 results per page requested but max limit is 1000.')
  assert.equal(told('q=x&start=-1'), 'Invalid start: -1')
})

test('however long and odd a filter or a question is, it is read in no time', () => {
  const many = ' '.repeat(200_000)
  const worked = workTime()
  read(`q=*&fq=a:x${many}y`)
  read(`q=*&fq=subject_ss:a${many}R`)
  readQuestion(`${'%41'.repeat(60_000)} `)
  assert.ok(worked() < 3000, `${worked()} ms`)
})
