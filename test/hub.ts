import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** One part of a JSON Web Token. */
export const jwtPart = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JupyterHub that signs tokens, with a key pair of its own. */
export function makeHub(bits = 2048) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const header = { alg: 'RS256', typ: 'JWT' }
  return {
    publicKey,
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    /** A token with these claims, signed by RS256 whatever its header says. */
    sign(claims: unknown, { head = header as object, key = privateKey as KeyObject } = {}): string {
      const signed = `${jwtPart(head)}.${jwtPart(claims)}`
      return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`
    },
  }
}
