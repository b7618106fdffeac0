import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { datasetsHouse, plainMetadata } from '#test/datasets.ts'

const house = await datasetsHouse()
const { ask, join, collection, draft, putFiles, db } = house

before(() => join('alice'))

test('what a version says of its files follows every change to them, however it is made', async () => {
  const { id, url } = await draft(await collection())
  const counts = async (version = 'latest') => {
    const { files } = (await ask('alice', 'GET', `${url}?version=${version}`)).body.version
    return [files.count, files.bytes, files.restricted]
  }
  assert.deepEqual(await counts(), [0, 0, 0])
  const [a, b] = await putFiles(id, ['a', 'b', 'c'])
  await putFiles(id, ['d'], { restricted: true })
  assert.deepEqual(await counts(), [4, 40, 1])
  await db.updateTable('version_files').set({ restricted: true }).where('file_id', 'in', [a!, b!]).execute()
  assert.deepEqual(await counts(), [4, 40, 3])
  await db.updateTable('version_files').set({ label: 'z' }).where('file_id', '=', a!).execute()
  await db.deleteFrom('version_files').where('file_id', '=', a!).execute()
  assert.deepEqual(await counts(), [3, 30, 2])
  await ask('alice', 'POST', `${url}/publish`, { type: 'major' })
  await ask('alice', 'PUT', `${url}/draft`, { metadata: plainMetadata({ title: 'Next' }) })
  await putFiles(id, ['e'])
  assert.deepEqual(
    [await counts('1.0'), await counts('draft')],
    [
      [3, 30, 2],
      [4, 40, 2],
    ],
  )
  const versions = await db.selectFrom('version_files').select('version_id').distinct().orderBy('version_id').execute()
  const [from, to] = versions.map(({ version_id }) => version_id)
  await db.deleteFrom('version_files').where('version_id', '=', from!).execute()
  await db.updateTable('version_files').set({ version_id: from! }).where('version_id', '=', to!).execute()
  assert.deepEqual(
    [await counts('1.0'), await counts('draft')],
    [
      [4, 40, 2],
      [0, 0, 0],
    ],
  )
})
