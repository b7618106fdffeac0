import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hubKeyUnusable } from './problems.ts'

const leastBits = 2048
const publicKey = /^-----BEGIN (?:RSA )?PUBLIC KEY-----/m

/** The RSA key in `[jupyterhub] public_key_file`, by which the hub's tokens are told from forged ones; refuses any other. */
export function openHubKey(file: string): KeyObject {
  const unusable = (detail: string, cause?: unknown) =>
    hubKeyUnusable({
      detail: `${file} ${detail}`,
      hint: 'Put the public half of the key with which the JupyterHub signs (PEM, RSA) there, or leave [jupyterhub] public_key_file empty.',
      cause,
    })
  let pem: string
  try {
    pem = readFileSync(file, 'utf8')
  } catch (cause) {
    throw unusable(`cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unreadable'}).`, cause)
  }
  // Node would work the public key out of a private one; but who holds that signs for everybody.
  if (pem.includes('PRIVATE KEY')) throw unusable('holds a private key, which must not leave the hub.')
  if (!publicKey.test(pem)) throw unusable('holds no public key in PEM format.')
  const key = parse(pem)
  if (key === null) throw unusable('holds a public key that cannot be read.')
  // A key for RSA-PSS is of another type, and cannot be the one of RS256.
  if (key.asymmetricKeyType !== 'rsa') throw unusable(`holds a key for ${key.asymmetricKeyType}, not for RSA.`)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < leastBits) throw unusable(`holds a key of ${bits} bits; ${leastBits} are the least.`)
  return key
}

function parse(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem)
  } catch {
    return null
  }
}
