import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askOf, changesOf, isSameWritten, mergeWritten, type Written } from './written.ts'

const written = (more: Partial<Written> = {}): Written => ({
  metadata: { citation: { title: 'Tides' } },
  license: 'CC0 1.0',
  terms: {},
  accessRequests: true,
  note: '',
  ...more,
})

test('terms of use are sent only where there is no licence, terms of access always', () => {
  const terms = { terms_of_use: 'Ask me.', terms_of_access: 'By mail.', disclaimer: ' ' }
  assert.deepEqual(askOf(written({ terms })).terms, { terms_of_access: 'By mail.' })
  assert.deepEqual(askOf(written({ terms, license: null })).terms, {
    terms_of_use: 'Ask me.',
    terms_of_access: 'By mail.',
  })
})

test('what would change nothing at the server is no change', () => {
  assert.ok(isSameWritten(written(), written({ terms: { terms_of_use: 'hidden by the licence' } })))
  assert.ok(
    isSameWritten(written(), written({ metadata: { citation: { subtitle: ' ', title: 'Tides ' } }, note: ' ' })),
  )
  assert.ok(!isSameWritten(written(), written({ note: 'x' })))
})

test('changes are named', () => {
  const b = written({
    metadata: { citation: { title: 'Ebbs' } },
    license: null,
    terms: { terms_of_use: 'x' },
    note: 'n',
  })
  assert.deepEqual(
    changesOf([], written(), b, ({ field }) => field),
    ['title', 'Licence', 'Terms', 'Note on this version'],
  )
})

test('when somebody else was quicker, what only they changed is taken over and what I wrote stays', () => {
  const base = written({ terms: { disclaimer: 'a', terms_of_access: 'b' } })
  const mine = written({ note: 'mine', terms: { disclaimer: 'mine', terms_of_access: 'b' } })
  const theirs = written({
    metadata: { citation: { title: 'Tides', subtitle: 'theirs' } },
    license: 'CC BY 4.0',
    terms: { disclaimer: 'a', terms_of_access: 'theirs' },
  })
  const { merged, conflicts, taken } = mergeWritten([], { base, mine, theirs })
  assert.deepEqual(merged, {
    metadata: { citation: { title: 'Tides', subtitle: 'theirs' } },
    license: 'CC BY 4.0',
    accessRequests: true,
    note: 'mine',
    terms: { disclaimer: 'mine', terms_of_access: 'theirs' },
  })
  assert.deepEqual([conflicts, taken.map(({ field }) => field)], [[], ['subtitle']])
})
