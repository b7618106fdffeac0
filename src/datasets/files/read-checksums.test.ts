import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { Problem } from '#src/problem/problem.ts'
import { compareChecksums, readChecksums } from './read-checksums.ts'

const content = Buffer.from('count\n1\n')
const of = (name: string, form: 'hex' | 'base64'): string => createHash(name).update(content).digest(form)

test('checksums are read from every header that clients send them in', () => {
  const headers = {
    'repr-digest': `sha-256=:${of('sha256', 'base64')}:, sha-512=:${of('sha512', 'base64')}:, unixsum=:AAA=:`,
    'content-md5': of('md5', 'base64'),
    'x-checksum-sha1': of('sha1', 'hex').toUpperCase(),
  }
  assert.deepEqual(readChecksums(headers), {
    sha256: of('sha256', 'hex'),
    sha512: of('sha512', 'hex'),
    md5: of('md5', 'hex'),
    sha1: of('sha1', 'hex'),
  })
  assert.deepEqual(readChecksums({ digest: `SHA-256=${of('sha256', 'base64')}` }), { sha256: of('sha256', 'hex') })
  assert.deepEqual(readChecksums({ 'content-type': 'text/csv' }), {})
})

test('a header that cannot be read, or contradicts another, is refused instead of passed over', () => {
  for (const headers of [
    { 'content-md5': 'x' },
    { 'x-checksum-sha256': 'abc' },
    { 'repr-digest': 'sha-256' },
    { 'repr-digest': 'sha-256=:AAAA:' },
    { 'x-checksum-md5': '0'.repeat(32), 'content-md5': of('md5', 'base64') },
  ])
    assert.throws(
      () => readChecksums(headers),
      (error: Problem) => error.code === 'checksum-invalid',
      JSON.stringify(headers),
    )
})

test('one wrong checksum among right ones is told, with both', () => {
  const found = { md5: of('md5', 'hex'), sha256: of('sha256', 'hex') }
  compareChecksums({ ...found }, found)
  assert.throws(
    () => compareChecksums({ md5: found.md5, sha256: '0'.repeat(64) }, found),
    (error: unknown) =>
      error instanceof Problem &&
      error.code === 'checksum-mismatch' &&
      error.details.extensions?.found === found.sha256,
  )
})
