import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { keptSecret } from './kept-secret.ts'

test('whoever asks first makes the secret, and everyone gets the same', async (t) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-secret-'))
  t.after(() => rm(directory, { recursive: true }))
  const file = path.join(directory, 'secrets', 'salt')
  const secrets = await Promise.all(Array.from({ length: 8 }, () => keptSecret(file)))
  assert.equal(new Set([...secrets, await keptSecret(file)]).size, 1)
  assert.match(secrets[0] ?? '', /^[\w-]{43}$/)
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(path.dirname(file)), ['salt'])
})
