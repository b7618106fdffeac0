import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { testDatabase } from '#test/postgres.ts'
import { workTime } from '#test/work-time.ts'
import { markWords } from './mark-words.ts'
import { readQuestion } from './read-question.ts'
import { splitWords } from './split-words.ts'
import { WordVector } from './word-vector.ts'

const { db, close } = await testDatabase()
after(close)

const found = async (question: string, text: string): Promise<boolean> => {
  const { match } = readQuestion(question)
  const vector = new WordVector().add(text, 'A', 'title').add('Ames, Alice', 'B', 'authorName').words
  const { rows } = await sql<{
    found: boolean
  }>`select ${vector}::tsvector @@ ${match ?? "!'='"}::tsquery as found`.execute(db)
  return rows[0]!.found
}

const text = 'Tide pools of the test-file_1.txt, 潮溜まり, Ærø'
for (const [question, expected] of [
  ['tide', true],
  ['TIDE', true],
  ['sea tide', true],
  ['sea AND tide', false],
  ['pools AND tide', true],
  ['sea OR tide', true],
  ['+tide -pools', false],
  ['tide NOT sea', true],
  ['-sea', true],
  ['-tide', false],
  ['NOT tide', false],
  ['"tide pools"', true],
  ['"pools tide"', false],
  ['"tide pools', true],
  ['test', true],
  ['file', true],
  ['test-file-1.txt', true],
  ['the', true],
  ['ti*', true],
  ['tid?', true],
  ['*', true],
  ['*:*', true],
  ['title:tide', true],
  ['title:(sea OR tide)', true],
  ['title: tide', true],
  ['title_ss:"tide pools"', true],
  ['author:tide', false],
  ['author:Ames', true],
  ['authorName:al*', true],
  ['nosuchfield:tide', false],
  ['tide~2 sea^4', true],
  ['(sea AND wind) OR (tide AND pools)', true],
  ['(sea OR wind) AND tide', false],
  ['((((tide', true],
  ['tide))))', true],
  ['AND', true],
  ['', true],
  ['&& || !', true],
  ['ærø', true],
  ['潮溜', true],
  ['潮り', false],
  ['sea%20tide', true],
  ['pools%20of', true],
  [String.raw`tide\:pools`, true],
  ["'; drop table search_items; --", false],
] as const)
  test(`${JSON.stringify(question)} ${expected ? 'finds' : 'does not find'} “${text}”`, async () => {
    assert.equal(await found(question, text), expected)
  })

const piece = fc.oneof(
  fc.constantFrom(
    '(',
    ')',
    '"',
    '+',
    '-',
    '!',
    '*',
    '?',
    ':',
    '~',
    '^',
    '\\',
    '&&',
    '||',
    "'",
    '[',
    ']',
    '{',
    '}',
    '%',
    '<',
    '|',
    '&',
    '=',
  ),
  fc.constantFrom(' AND ', ' OR ', ' NOT ', ' TO ', ' ', '\t', 'title:', 'author:', 'subject_ss:', 'x:'),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('tide', 'pools', '%20', '\u0000', '\ud800', '潮', '０', 'ﬁ', 'İ'),
)
const anything = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))

test('nothing that can be asked is refused by the database, and what is found can be marked', async () => {
  await fc.assert(
    fc.asyncProperty(anything, anything, async (question, document) => {
      const { match, rank, phrase, sought } = readQuestion(question)
      const vector = new WordVector().add(document, 'C', 'title').words
      await sql`select ${vector}::tsvector @@ q from unnest(${[match, rank, phrase].filter((one) => one !== null)}::tsquery[]) q`.execute(
        db,
      )
      for (const snippet of markWords(document, sought)) {
        assert.ok(snippet.text.length > 0 && document.includes(snippet.text))
        let last = 0
        for (const [start, end] of snippet.marks) {
          assert.ok(start >= last && end > start && end <= snippet.text.length)
          last = end
        }
      }
    }),
    { numRuns: 400 },
  )
})

test('every word of a text finds it, and so does the text as a phrase', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (document) => {
      const words = splitWords(document)
      const texts = words.map(({ start, end }) => document.slice(start, end))
      fc.pre(texts.length > 0)
      const vector = new WordVector().add(document, 'C', 'title').words
      for (const question of [...texts.map((one) => `"${one}"`), `"${texts.slice(0, 30).join(' ')}"`]) {
        const { match } = readQuestion(question)
        const { rows } = await sql<{ yes: boolean }>`select ${vector}::tsvector @@ ${match}::tsquery as yes`.execute(db)
        assert.equal(rows[0]?.yes, true, question)
      }
    }),
    { numRuns: 150 },
  )
})

test('thousands of brackets and words are read in no time', () => {
  const worked = workTime()
  for (const part of ['(', 'tide ', '-', '"', 'a:b ', 'title:(', '\\'])
    assert.ok(readQuestion(part.repeat(20_000)).sought.length <= 64)
  assert.ok(worked() < 3000)
})

test('PostgreSQL takes the words of any text, however many and long', async () => {
  const distinct = (letter: string, length: number) =>
    Array.from({ length: 20_000 }, (_, i) => letter.repeat(length) + i).join(' ')
  for (const text of [distinct('x', 32), distinct('潮', 1), distinct('ß', 115), 'ﷺ'.repeat(500), '각'.repeat(500)]) {
    const { words, weighty } = new WordVector().add('tide', 'A', 'title').add(text, 'B', 'dsDescriptionValue')
    const { rows } = await sql<{
      found: boolean
    }>`select ${words}::tsvector @@ 'tide' and ${weighty}::tsvector @@ 'tide' as found`.execute(db)
    assert.equal(rows[0]?.found, true)
  }
})
