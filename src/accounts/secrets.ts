import { createHash, randomBytes, randomInt } from 'node:crypto'

/** 256 random bits as 43 characters that are safe in cookies and addresses. */
export const makeSecret = (): string => randomBytes(32).toString('base64url')

const secretShape = /^[A-Za-z0-9_-]{43}$/

/** Whether it could be one of ours: garbage is refused before any hash or query. */
export const isSecretShaped = (text: string): boolean => secretShape.test(text)

/** What is kept of a secret. Random bits this many need no slow hash. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret, 'utf8').digest()

/** Without those that look alike, or like a vowel in the wrong place. */
const readable = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A password to read from a screen and type once: 99 bits in four groups of five. */
export function makeReadablePassword(): string {
  const group = () => Array.from({ length: 5 }, () => readable[randomInt(readable.length)]).join('')
  return [group(), group(), group(), group()].join('-')
}
