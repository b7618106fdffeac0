import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { hireHasher } from './hash-workers.ts'

const content = Buffer.from('limpets')
const md5 = createHash('md5').update(content).digest('hex')

test('what is asked of a content that was given up fails, before and after', async () => {
  const hash = hireHasher(['md5'])
  const asked = [hash.update(content), hash.digest()]
  hash.drop()
  for (const one of [...asked, hash.update(content), hash.digest()]) await assert.rejects(one, /given up/)
})

test('who comes in the moment in which an idle worker goes is not served by it', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  hireHasher(['md5']).drop()
  t.mock.timers.tick(60_000)
  const hash = hireHasher(['md5'])
  await hash.update(content)
  assert.equal((await hash.digest()).get('md5'), md5)
})
