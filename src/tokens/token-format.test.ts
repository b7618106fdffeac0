import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isWellFormed, makeSecret, publicIdOf, tokenPattern } from './token-format.ts'

test('a new token is well formed, matches the documented pattern and carries its public id', () => {
  for (let i = 0; i < 500; i++) {
    const { id, secret } = makeSecret('token')
    assert.equal(secret.length, 56)
    assert.match(secret, /^\w+$/)
    assert.equal(tokenPattern.exec(`key="${secret}";`)?.[0], secret)
    assert.ok(isWellFormed(secret))
    assert.equal(publicIdOf(secret), id)
  }
})

test('the documented pattern is the one that holds', () => {
  const docs = readFileSync(new URL('../../docs/reference/tokens.md', import.meta.url), 'utf8')
  assert.ok(docs.includes(`\n${tokenPattern.source}\n`))
  const example = /^tsr_\w+$/m.exec(docs)?.[0] ?? ''
  assert.ok(isWellFormed(example))
})

test('the checksum is the CRC-32 of everything before it, so that anyone can check a find', () => {
  const body = 'tsr_000000000000_00000000000000000000000000000000_'
  const good = body + checksum(body)
  assert.equal(publicIdOf(good), '000000000000')
})

test('one wrong character anywhere is seen', () => {
  const { secret } = makeSecret('token')
  for (let at = 0; at < secret.length; at++) {
    for (const other of ['0', 'z', 'A', '_', '-', 'é', '\u0000']) {
      if (secret[at] === other) continue
      assert.equal(publicIdOf(secret.slice(0, at) + other + secret.slice(at + 1)), null)
    }
  }
})

test('a feed secret opens no API, and a token opens no feed', () => {
  const feed = makeSecret('feed')
  assert.equal(publicIdOf(feed.secret, 'feed'), feed.id)
  assert.equal(publicIdOf(feed.secret), null)
  assert.equal(publicIdOf(makeSecret('token').secret, 'feed'), null)
})

test('whatever is shown is judged without an error, and never taken for a token', () => {
  const near = fc
    .tuple(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(56), fc.nat(56))
    .map(
      ([noise, from, to]) => makeSecret('token').secret.slice(0, from) + noise + makeSecret('token').secret.slice(to),
    )
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (text) => {
      assert.equal(publicIdOf(text) !== null, isWellFormed(text) && tokenPattern.test(text))
    }),
    { numRuns: 2000 },
  )
})

test('a checksum over foreign characters does not make them a token', () => {
  const body = `tsr_${"';--".repeat(3)}_${'\u0000'.repeat(32)}_`
  assert.equal(publicIdOf(body + checksum(body)), null)
})

test('secrets are made of evenly spread characters and do not repeat', () => {
  const seen = new Set<string>()
  const counts = new Map<string, number>()
  for (let i = 0; i < 5000; i++) {
    const secret = makeSecret('token').secret.slice(17, 49)
    seen.add(secret)
    for (const character of secret) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  assert.equal(seen.size, 5000)
  const expected = (5000 * 32) / 62
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  // 61 degrees of freedom: 130 is passed by chance once in some millions of runs.
  assert.ok(counts.size === 62 && chiSquare < 130, `chi-square ${chiSquare}`)
})

/** A second computation of the checksum, bit by bit. */
function checksum(text: string): string {
  let crc = 0xffffffff
  for (const byte of Buffer.from(text)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  let rest = BigInt((crc ^ 0xffffffff) >>> 0)
  let digits = ''
  for (let i = 0; i < 6; i++) {
    digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'[Number(rest % 62n)] + digits
    rest /= 62n
  }
  return digits
}
