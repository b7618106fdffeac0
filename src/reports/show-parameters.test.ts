import assert from 'node:assert/strict'
import { test } from 'node:test'
import { workTime } from '#test/work-time.ts'
import { fillMarkdown, namesIn } from './show-parameters.ts'

test('a value is text in the Markdown around it, and what names no parameter stays', () => {
  const parameters = [{ name: 'queue', label: 'Queue', type: 'text', value: '*gpu*', shown: '*gpu*' }] as const
  assert.equal(fillMarkdown('{{ queue }} {{queue}} {{other}}', parameters), '\\*gpu\\* \\*gpu\\* {{other}}')
  assert.deepEqual(namesIn('{{ queue }} {{a b}} {{}} {{x'), ['queue', 'a b', ''])
})

test('Markdown that is made to be slow is looked through at once', () => {
  const worked = workTime()
  for (const bad of [`{{${' '.repeat(20_000)}`, `{{${'\n'.repeat(20_000)}x`, '{{ '.repeat(7000), '{'.repeat(20_000)]) {
    assert.deepEqual(namesIn(bad), [])
    assert.equal(fillMarkdown(bad, []), bad)
  }
  assert.ok(worked() < 1000)
})
