import { createHmac, timingSafeEqual } from 'node:crypto'
import { anonymous, type Caller } from '#src/access/caller.ts'
import { refused } from '../problems.ts'

export interface SigningNeeds {
  /** Of this installation; with another one all signed addresses are void. */
  readonly signingKey: string
  readonly siteAddress: string
  readonly clock: { now(): Date }
  /** Who a token or an account speaks for now; null when it no longer stands. */
  callerOfToken(id: string): Promise<Caller | null>
  callerOfAccount(id: string): Promise<Caller | null>
}

/** A large file may wait for others before it is sent. */
const minutes = { GET: 10, PUT: 24 * 60 } as const

/**
 * An address (`/api/access/datafile/55?format=original`) at which whoever has it may read, for ten minutes, what the caller
 * may read, and no longer than the caller's token or account stands; or, with PUT, send what the caller may send, for a day.
 */
export function signUrl(needs: SigningNeeds, caller: Caller, address: string, method: 'GET' | 'PUT' = 'GET'): string {
  const until = new Date(needs.clock.now().getTime() + minutes[method] * 60_000)
  const url = new URL(address, 'http://localhost')
  url.searchParams.set('until', until.toISOString().replace('Z', '000'))
  url.searchParams.set('user', caller.accountName ?? 'guest')
  url.searchParams.set('method', method)
  const who = signerOf(caller)
  url.searchParams.set('token', `${who}.${signatureOf(needs, url, who, method)}`)
  return `${needs.siteAddress}${url.pathname}${url.search}`
}

/** Whom a signed address speaks for; null: it is none. */
export async function callerOfUrl(
  needs: SigningNeeds,
  address: string,
  method: 'GET' | 'PUT' = 'GET',
): Promise<Caller | null> {
  const url = new URL(address, 'http://localhost')
  const shown = url.searchParams.get('token')
  if (shown === null) return null
  const at = shown.lastIndexOf('.')
  const who = shown.slice(0, Math.max(at, 0))
  const until = Date.parse(`${url.searchParams.get('until')?.slice(0, 23)}Z`)
  const given = Buffer.from(shown.slice(at + 1), 'hex')
  const right = Buffer.from(signatureOf(needs, url, who, method), 'hex')
  const isRight = given.length === right.length && timingSafeEqual(given, right)
  // Not a number is not in the future either.
  const caller = isRight && until > needs.clock.now().getTime() ? await callerNamed(needs, who) : null
  if (caller === null) throw refused(401, 'Bad signed URL')
  return caller
}

const signerOf = ({ tokenId, accountId }: Caller): string => {
  if (tokenId !== null) return `t:${tokenId}`
  return accountId === null ? 'guest' : `a:${accountId}`
}

async function callerNamed(needs: SigningNeeds, who: string): Promise<Caller | null> {
  if (who === 'guest') return anonymous
  return who.startsWith('t:') ? needs.callerOfToken(who.slice(2)) : needs.callerOfAccount(who.slice(2))
}

/** Of the path and of every parameter, in whatever order and spelling they come back; a key beside it changes nothing. */
function signatureOf(
  { signingKey }: SigningNeeds,
  { pathname, searchParams }: URL,
  who: string,
  method: string,
): string {
  const parameters = [...searchParams].filter(([name]) => name !== 'token' && name !== 'key').sort()
  const signed = JSON.stringify([method, decodeURIComponent(pathname), parameters, who])
  return createHmac('sha512', signingKey).update(signed).digest('hex')
}
