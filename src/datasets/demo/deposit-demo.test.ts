import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localCaller } from '#src/access/caller.ts'
import { datasetsHouse } from '#test/datasets.ts'
import { depositDemo } from './deposit-demo.ts'

test('a newcomer finds a published dataset with a table in it, which is made once', async () => {
  const house = await datasetsHouse()
  const { needs, files } = house
  const caller = localCaller('system', 'first start')
  const pid = await depositDemo({ needs, files }, caller)
  const shown = await house.ask('', 'GET', `/v1/datasets/${encodeURIComponent(pid)}`)
  assert.equal(shown.status, 200)
  assert.equal(shown.body.version.number, '1.0')
  const { items } = (await house.ask('', 'GET', `/v1/datasets/${shown.body.id}/versions/1.0/files`)).body
  assert.deepEqual(items.map(({ name }: { name: string }) => name).sort(), ['README.md', 'temperatures.csv'])
  const table = items.find(({ name }: { name: string }) => name === 'temperatures.csv')
  const text = String((await house.ask('', 'GET', `/v1/files/${table.id}/content`)).body)
  assert.equal(text.trim().split('\n').length, 1 + 12 * 24 * 30)
  assert.ok(!/NaN|undefined/.test(text))
  await assert.rejects(depositDemo({ needs, files }, caller), { code: 'collection-alias-taken' })
})
