import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noSuch } from './no-such.ts'

test('a name that is nearly right is told the right one, and a wild one is not', () => {
  const metrics = [{ name: 'job_count' }, { name: 'total_cpu_hours' }]
  assert.equal(noSuch('metric', 'jobcount', metrics), 'There is no metric jobcount. Did you mean job_count?')
  assert.equal(noSuch('metric', 'temperature', metrics), 'There is no metric temperature.')
  assert.equal(noSuch('metric', 'jobcount', []), 'There is no metric jobcount.')
})
