import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actor, localCaller } from '#src/access/caller.ts'
import { accountsOver } from '#test/accounts.ts'
import { testDatabase } from '#test/postgres.ts'
import { shippedShelf } from '#test/shipped-models.ts'
import { takeReport } from '../may-see-report.ts'
import { makeWeeklyUsage } from './weekly-usage.ts'

test('the demo’s report fits the models that ship, is for everybody, and is made once', async () => {
  await using database = await testDatabase()
  const { needs } = accountsOver(database)
  const check = { shelf: await shippedShelf(), clock: { now: () => new Date() } }
  const make = () =>
    needs.change(actor(localCaller('system', 'first start')), (change) => makeWeeklyUsage(check, change))
  assert.deepEqual([await make(), await make()], [true, false])
  const viewer = { ...localCaller('system', 'vera'), via: 'session' as const, role: 'viewer' as const }
  const report = await takeReport(database.db, viewer, 'weekly-usage')
  assert.deepEqual([report.version, report.owner_id, report.shared_with], [1, null, 'viewer'])
  assert.deepEqual(
    report.definition.blocks.map(({ type }) => type),
    ['text', 'number', 'number', 'chart', 'table'],
  )
})
