import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { openSealer } from './sealed.ts'

async function keyFile(t: TestContext): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'sealed-'))
  t.after(() => rm(directory, { recursive: true }))
  return path.join(directory, 'secrets', 'sealing-key')
}

test('a sealed text is had again by whoever has the key, after a restart too', async (t) => {
  const file = await keyFile(t)
  const text = 'whsec_ünïcode \n and more'
  const sealed = (await openSealer(file)).seal(text, 'run_callbacks:1')
  assert.doesNotMatch(sealed, /whsec|more/)
  assert.equal((await openSealer(file)).open(sealed, 'run_callbacks:1'), text)
  assert.equal((await stat(file)).mode & 0o777, 0o600)
})

test('the same text is sealed differently each time', async (t) => {
  const { seal } = await openSealer(await keyFile(t))
  assert.notEqual(seal('a', 'b'), seal('a', 'b'))
})

test('it opens for nothing else, with no other key, and not when altered', async (t) => {
  const { seal, open } = await openSealer(await keyFile(t))
  const sealed = seal('secret', 'run_callbacks:1')
  assert.equal(open(sealed, 'run_callbacks:2'), null)
  assert.equal((await openSealer(await keyFile(t))).open(sealed, 'run_callbacks:1'), null)
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const altered = Buffer.from(bytes)
    altered[at]! ^= 1
    assert.equal(open(`v1.${altered.toString('base64url')}`, 'run_callbacks:1'), null, `byte ${at}`)
  }
  for (const nonsense of ['', 'v1.', 'v1.AAAA', 'v2.AAAA', sealed.slice(0, 20)]) assert.equal(open(nonsense, 'x'), null)
})
