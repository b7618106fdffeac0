import assert from 'node:assert/strict'
import { test } from 'node:test'
import { workTime } from '#test/work-time.ts'
import { readMarkdown } from './markdown.ts'

test('a line that opens too many quotes and lists opens none; up to eight are as written', () => {
  assert.deepEqual(readMarkdown(`${'> '.repeat(9)}deep`), [{ is: 'paragraph', parts: [{ is: 'text', text: 'deep' }] }])
  assert.equal(readMarkdown('plain\n> - 1. quoted')[1]?.is, 'quote')
})

test('text that is made to be slow is read at once', () => {
  const worked = workTime()
  const blank = ' '.repeat(20_000)
  for (const bad of [
    `>${' '.repeat(2000)}`.repeat(8),
    `>${blank}x`,
    `${'1'.repeat(20_000)}x`,
    `${'> '.repeat(8)}${blank}x`,
    `a${blank}b`,
  ])
    readMarkdown(bad)
  assert.ok(worked() < 1000, String(worked()))
})
