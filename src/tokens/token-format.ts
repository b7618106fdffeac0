import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

/*
 * A token reads `tsr_<public id>_<secret>_<checksum>`, 56 characters in all:
 *
 *   tsr_          says that it is a Tessera token, so that a secret scanner finds it
 *   12 base62     public id: names the token on pages, in logs and in the audit trail; no secret
 *   32 base62     secret: 190 random bits
 *   6 base62      CRC-32 of everything before it, so that a scanner is certain and a typing error is seen without asking
 *
 * Letters, digits and underscores only: a double click selects the whole. Another format would have another prefix or length.
 */

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const idLength = 12
const secretLength = 32
const checksumLength = 6

/** What a secret opens: the API, or nothing but the calendar of expiry dates. */
const prefixes = { token: 'tsr_', feed: 'tsrfeed_' } as const
export type SecretKind = keyof typeof prefixes

/** For secret scanners, as documented: what it finds is a token of ours if `isWellFormed` agrees. */
export const tokenPattern = /\btsr_[0-9A-Za-z]{12}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}\b/

const whole = {
  token: new RegExp(`^${tokenPattern.source}$`),
  feed: /^tsrfeed_[0-9A-Za-z]{12}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}$/,
} as const

/** A new secret and the public id in it, from the system's secure random numbers. */
export function makeSecret(kind: SecretKind): { id: string; secret: string } {
  const id = randomText(idLength)
  const body = `${prefixes[kind]}${id}_${randomText(secretLength)}_`
  return { id, secret: body + checksumOf(body) }
}

/** Whether the text can be one of our secrets at all; decided without hashing or asking, so that garbage costs nothing. */
export function isWellFormed(text: string, kind: SecretKind = 'token'): boolean {
  const prefix = prefixes[kind]
  const bodyLength = prefix.length + idLength + secretLength + 2
  return (
    text.length === bodyLength + checksumLength &&
    text.startsWith(prefix) &&
    checksumOf(text.slice(0, bodyLength)) === text.slice(bodyLength)
  )
}

/** The public id in a secret; null when it is none of ours. */
export function publicIdOf(text: string, kind: SecretKind = 'token'): string | null {
  if (!isWellFormed(text, kind) || !whole[kind].test(text)) return null
  const start = prefixes[kind].length
  return text.slice(start, start + idLength)
}

function randomText(length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) text += alphabet[randomInt(alphabet.length)]
  return text
}

/** CRC-32 in base62, padded to six characters. */
function checksumOf(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let i = 0; i < checksumLength; i++) {
    digits = alphabet[rest % 62] + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
