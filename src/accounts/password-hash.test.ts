import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hash as argon2 } from '@node-rs/argon2'
import { makePasswordHasher } from './password-hash.ts'

describe('a password’s hash', () => {
  const hasher = makePasswordHasher()

  test('is argon2id at the cost that OWASP asks for, salted', async () => {
    const [one, other] = await Promise.all([hasher.hash('same words twice'), hasher.hash('same words twice')])
    assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22,}\$[A-Za-z0-9+/]{43}$/)
    assert.notEqual(one, other)
    assert.equal(hasher.needsRehash(one), false)
  })

  test('knows its password, however its accents were typed, and no other', async () => {
    const hash = await hasher.hash('caf\u00e9 au lait sans sucre')
    assert.equal(await hasher.verify(hash, 'cafe\u0301 au lait sans sucre', 'known'), true)
    assert.equal(await hasher.verify(hash, 'cafe au lait sans sucre', 'known'), false)
  })

  test('that does not exist is never right, not even for the decoy’s password', async () => {
    assert.equal(await hasher.verify(null, 'nobody has this password', 'stranger'), false)
  })

  test('made at a lower cost asks to be made anew', async () => {
    assert.equal(hasher.needsRehash(await argon2('cheap', { memoryCost: 8192, timeCost: 1 })), true)
  })
})

describe('a flood of sign-ins', () => {
  test('is worked off a few at a time, known people first, and turned away beyond its bound', async () => {
    const hasher = makePasswordHasher({ atOnce: 1, mostWaiting: 3 })
    const done: string[] = []
    const ask = (who: string, standing: 'known' | 'stranger') =>
      hasher.verify(null, who, standing).then(
        () => done.push(who),
        (problem: { code: string }) => done.push(`${who} ${problem.code}`),
      )
    await Promise.all([
      ...['s1', 's2', 's3', 's4', 's5'].map((who) => ask(who, 'stranger')),
      ...['k1', 'k2'].map((who) => ask(who, 'known')),
    ])
    assert.deepEqual(done.slice(0, 2).sort(), ['s1', 's5 sign-in-busy'])
    assert.deepEqual(done.slice(2), ['k1', 'k2', 's2', 's3', 's4'])
    await ask('later', 'stranger')
    assert.equal(done.at(-1), 'later', 'and it is open again afterwards')
  })
})
