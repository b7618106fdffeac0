import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type DataverseOverHttp, openDataverseOverHttp } from '#test/dataverse-over-http.ts'

let portal: DataverseOverHttp
before(async () => {
  portal = await openDataverseOverHttp()
})
after(() => portal.close())

test('what has been published is counted, by month, by days, by subject and category', async () => {
  const { key } = await portal.depositor()
  const { id } = await portal.makeDataset(key)
  await portal.makeDataset(key)
  const file = (await portal.add(key, id, 'a.txt', 'a')).dataFile.id
  await portal.publish(key, id)
  const count = async (at: string) => (await portal.data(null, 'GET', `/api/info/metrics/${at}`)).count
  assert.deepEqual([await count('dataverses'), await count('datasets'), await count('files')], [2, 1, 1])
  const month = portal.house.clock.now().toISOString().slice(0, 7)
  assert.equal(await count(`datasets/toMonth/${month}`), 1)
  assert.equal(await count('datasets/toMonth/2001-01'), 0)
  assert.equal(await count('files/pastDays/30'), 1)
  assert.equal(await count('datasets/?dataLocation=remote'), 0)
  assert.equal(await count('datasets/?dataLocation=local'), 1)
  assert.equal(await count('downloads'), 0)
  await portal.call(null, 'GET', `/api/access/datafile/${file}`)
  await new Promise((resolve) => setTimeout(resolve, 60))
  assert.equal(await count('downloads'), 1)
  assert.deepEqual(await portal.data(null, 'GET', '/api/info/metrics/datasets/bySubject'), [
    { subject: 'Earth and Environmental Sciences', count: 1 },
  ])
  assert.deepEqual(await portal.data(null, 'GET', '/api/info/metrics/datasets/bySubject/toMonth/2001-01'), [])
  assert.deepEqual(await portal.data(null, 'GET', '/api/info/metrics/dataverses/byCategory'), [
    { category: 'Uncategorized', count: 2 },
  ])
  for (const at of [
    'datasets/toMonth/2026-13',
    'datasets/pastDays/0',
    'downloads/pastDays/30',
    'downloads/toMonth/2001-01',
  ])
    assert.equal((await portal.call(null, 'GET', `/api/info/metrics/${at}`)).status, 400, at)
})
