import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { Problem } from '#src/problem/problem.ts'
import { makeHub } from '#test/hub.ts'
import { openHubKey } from './hub-key.ts'

const directory = mkdtempSync(path.join(tmpdir(), 'tessera-hub-key-'))
after(() => rmSync(directory, { recursive: true }))

const fileOf = (text: string): string => {
  const file = path.join(directory, 'hub.pem')
  writeFileSync(file, text)
  return file
}
const refuses = (file: string, why: RegExp): void =>
  assert.throws(
    () => openHubKey(file),
    (error: unknown) =>
      error instanceof Problem &&
      error.code === 'hub-key-unusable' &&
      why.test(error.message) &&
      /hub\.pem/.test(error.message),
  )

test('an RSA public key is taken, in either PEM form', () => {
  const { publicKey, pem } = makeHub()
  assert.ok(openHubKey(fileOf(pem)).equals(publicKey))
  assert.ok(openHubKey(fileOf(publicKey.export({ type: 'pkcs1', format: 'pem' }).toString())).equals(publicKey))
})

test('anything else is refused with the file and the reason', () => {
  refuses(path.join(directory, 'nowhere', 'hub.pem'), /cannot be read \(ENOENT\)/)
  refuses(fileOf(''), /no public key/)
  refuses(fileOf('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'), /cannot be read/)
  refuses(fileOf(makeHub().privatePem), /private key/)
  refuses(fileOf(makeHub(1024).pem), /1024 bits/)
  const spki = { type: 'spki', format: 'pem' } as const
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export(spki).toString()
  refuses(fileOf(curve), /for ec, not for RSA/)
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey.export(spki).toString()
  refuses(fileOf(pss), /for rsa-pss, not for RSA/)
})
