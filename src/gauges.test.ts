import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from 'prom-client'
import { registerGauges } from './gauges.ts'

test('operators see the age of every refreshed model, and whether tokens are verified from memory', async () => {
  const registry = new Registry()
  let held = true
  const snapshots = new Map([['jobs', { finishedAt: new Date('2026-03-01T00:00:00Z'), rows: 7 }]])
  registerGauges(registry, {
    verifier: { malformed: () => 3 },
    lease: { held: () => held },
    live: { models: ['jobs', 'flights'], snapshot: (model) => (snapshots.get(model) as never) ?? null },
    clock: { now: () => new Date('2026-03-01T00:01:00Z') },
    schedules: async () => ({ active: 5, overdue: 2 }),
  })
  const text = await registry.metrics()
  assert.match(text, /^tessera_tokens_malformed 3$/m)
  assert.match(text, /^tessera_lease_held 1$/m)
  assert.match(text, /^tessera_model_age_seconds\{model="jobs"\} 60$/m)
  assert.match(text, /^tessera_model_rows\{model="jobs"\} 7$/m)
  assert.match(text, /^tessera_schedules_active 5$/m)
  assert.match(text, /^tessera_schedules_overdue 2$/m)
  assert.doesNotMatch(text, /flights/, 'a model that was never refreshed has no age')
  held = false
  assert.match(await registry.metrics(), /^tessera_lease_held 0$/m)
})
