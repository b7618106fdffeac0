import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factText, healthWords } from './health-words.ts'

test('the worst is said first, and all is well only when all is', () => {
  const check = (label: string, state: 'ok' | 'degraded' | 'failing') => ({ label, state })
  assert.equal(healthWords([check('Disk', 'ok'), check('Queue', 'ok')]), 'All is well.')
  assert.equal(
    healthWords([
      check('Disk', 'degraded'),
      check('Queue', 'ok'),
      check('Mail', 'degraded'),
      check('Database', 'failing'),
    ]),
    'Failing: Database. Needs attention: Disk, Mail.',
  )
})

test('a figure is shown in its unit, with its limit where it has one', () => {
  const fact = (kind: 'count' | 'bytes' | 'milliseconds' | 'seconds', value: number | null, of: number | null = null) =>
    factText({ name: 'x', label: 'X', kind, value, of })
  assert.equal(fact('count', 9, 97), '9 of 97')
  assert.equal(fact('bytes', 1024 ** 2, 1024 ** 3), '1.0 MiB of 1.0 GiB')
  assert.equal(fact('milliseconds', 4.8), '5 ms')
  assert.equal(fact('seconds', 90_061), '1 d 1 h')
  assert.equal(fact('count', null), 'not known')
  assert.equal(fact('seconds', null), 'none')
  assert.equal(factText({ name: 'v', label: 'V', kind: 'text', value: '18.4' }), '18.4')
})
