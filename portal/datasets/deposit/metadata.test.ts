import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Block,
  changedFields,
  cleaned,
  complaintIn,
  complaintsOf,
  merge,
  shownFields,
  valueText,
} from './metadata.ts'

const field = (name: string, more: object = {}) => ({
  name,
  title: name,
  display_name: name,
  type: 'TEXT',
  multiple: false,
  required: false,
  display_on_create: false,
  ...more,
})
const blocks: Block[] = [
  {
    name: 'citation',
    display_name: 'Citation',
    fields: [
      field('subtitle'),
      field('title', { required: true }),
      field('author', {
        required: true,
        multiple: true,
        children: [field('authorName', { required: true }), field('affiliation')],
      }),
      field('keyword', { multiple: true, display_on_create: true }),
    ],
  },
]
const of = (citation: Record<string, never> | object) => ({ citation }) as never

test('what is blank is not sent, and what is sent is trimmed', () => {
  assert.deepEqual(
    cleaned({
      citation: {
        title: ' Tides ',
        subtitle: '  ',
        author: [{ authorName: 'Ames ', affiliation: '' }, { authorName: '' }],
      },
      geospatial: { country: [''] },
    }),
    { citation: { title: 'Tides', author: [{ authorName: 'Ames' }] } },
  )
})

test('fields that differ are told in the order of the blocks; blanks and the order of parts make no difference', () => {
  const a = of({ title: 'A', author: [{ authorName: 'x', affiliation: 'y' }], keyword: [''] })
  const b = of({ title: 'B', author: [{ affiliation: 'y', authorName: 'x' }], odd: 'z' })
  assert.deepEqual(
    changedFields(blocks, a, b).map((at) => at.field),
    ['title', 'odd'],
  )
})

test('two edits of one beginning come together; what both changed differently is a conflict, and mine stands', () => {
  const base = of({ title: 'A', subtitle: 's', keyword: ['k'] })
  const mine = of({ title: 'mine', subtitle: 's', keyword: ['k', 'l'] })
  const theirs = of({ title: 'theirs', subtitle: 'new', keyword: ['k', 'l'] })
  const { merged, conflicts, taken } = merge(blocks, { base, mine, theirs })
  assert.deepEqual(merged, { citation: { title: 'mine', subtitle: 'new', keyword: ['k', 'l'] } })
  assert.deepEqual([conflicts.map((at) => at.field), taken.map((at) => at.field)], [['title'], ['subtitle']])
})

test('what they took out stays out, unless I changed it', () => {
  const base = of({ title: 'A', subtitle: 's', keyword: ['k'] })
  const { merged, conflicts } = merge(blocks, {
    base,
    mine: of({ title: 'A', subtitle: 's', keyword: ['mine'] }),
    theirs: of({ title: 'A' }),
  })
  assert.deepEqual(merged, { citation: { title: 'A', keyword: ['mine'] } })
  assert.deepEqual(
    conflicts.map((at) => at.field),
    ['keyword'],
  )
})

test('a complaint is found by its place, and by the places around it', () => {
  const complaints = complaintsOf([
    { pointer: '#/metadata/citation/author/0/authorName', detail: 'Author Name is required' },
    { pointer: '#/license', detail: 'is none' },
  ])
  assert.equal(complaintIn(complaints, 'citation/author/0/authorName'), 'Author Name is required')
  assert.equal(complaintIn(complaints, 'citation/author'), 'Author Name is required')
  assert.equal(complaintIn(complaints, 'citation/aut'), undefined)
})

test('required fields come first; what is neither usual, filled in nor complained about waits to be asked for', () => {
  const ask = { metadata: {}, complaints: complaintsOf(), opened: new Set<string>(), everything: false }
  const names = (more: object = {}) => shownFields(blocks[0]!, { ...ask, ...more }).shown.map(({ name }) => name)
  assert.deepEqual(names(), ['title', 'author', 'keyword'])
  assert.deepEqual(names({ opened: new Set(['citation subtitle']) }), ['title', 'author', 'subtitle', 'keyword'])
  assert.deepEqual(names({ metadata: of({ author: [{ authorName: 'x' }] }) }), ['title', 'author', 'keyword'])
  assert.deepEqual(names({ everything: true }), ['title', 'author', 'subtitle', 'keyword'])
})

test('a value is told in one line', () => {
  assert.equal(
    valueText([{ authorName: 'Ames, Alice', affiliation: 'U' }, { authorName: 'Bode' }]),
    'Ames, Alice, U; Bode',
  )
  assert.equal(valueText(['a', '', 'b']), 'a; b')
})
