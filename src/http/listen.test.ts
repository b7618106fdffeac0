import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import { Problem } from '#src/problem/problem.ts'
import { openSample } from '#test/sample-api.ts'
import { listen } from './listen.ts'

test('a port that is taken is told in a sentence, with its remedy', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { app } = openSample()
  try {
    await assert.rejects(listen(app, { host: '127.0.0.1', port }), (error) => {
      assert.ok(error instanceof Problem)
      assert.match(error.message, new RegExp(`127\\.0\\.0\\.1, port ${port}\\. Another program listens`))
      assert.match(error.details.hint ?? '', /\[general\] port/)
      return true
    })
  } finally {
    await app.close()
    other.close()
  }
})

test('an address of another machine is told in a sentence', async () => {
  const { app } = openSample()
  try {
    await assert.rejects(listen(app, { host: '192.0.2.1', port: 0 }), /This machine does not have that address/)
  } finally {
    await app.close()
  }
})
