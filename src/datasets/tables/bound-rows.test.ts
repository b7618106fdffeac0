import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { boundRows, fewestBytes } from './bound-rows.ts'

const chunks = (...texts: string[]) => Readable.from(texts.map((text) => Buffer.from(text)))

test('as many bytes as may be go through, and not one more', async () => {
  const bounds = { mostBytes: 10, longestPauseMs: 10_000 }
  assert.equal((await buffer(chunks('12345', '67890').pipe(boundRows(bounds)))).toString(), '1234567890')
  await assert.rejects(buffer(chunks('12345', '67890', '1').pipe(boundRows(bounds))), /more than 10 bytes/)
})

test('whoever reads no further is not waited for for ever', async () => {
  const endless = new Readable({
    read() {
      this.push(Buffer.alloc(65_536))
    },
  })
  const rows = endless.pipe(boundRows({ mostBytes: Number.POSITIVE_INFINITY, longestPauseMs: 50 }))
  const failed = new Promise<Error>((resolve) => rows.once('error', resolve))
  rows.read(1)
  assert.match((await failed).message, /too long/)
  endless.destroy()
})

test('what rows have at least is never more than what they have', () => {
  const columns = [{ name: 'a' }, { name: 'größe' }]
  assert.ok(fewestBytes(1, columns, 'csv') <= ',\n'.length)
  assert.ok(fewestBytes(1, columns, 'ndjson') <= Buffer.byteLength('{"a":1,"größe":2}\n'))
})
