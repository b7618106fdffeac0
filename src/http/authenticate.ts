import type { FastifyRequest } from 'fastify'
import { anonymous, type Caller } from '#src/access/caller.ts'
import type { Problem } from '#src/problem/problem.ts'
import { acceptedMedia } from './bodies.ts'
import { cookieOf } from './cookies.ts'
import { type Endpoint, isMutating } from './endpoint.ts'
import { credentialsAmbiguous, sessionRequired, tokenInUrl, tokenInvalid, tokenMissing } from './problems.ts'
import type { Call } from './request.ts'
import { acceptsCookie, isSafe, isSameOrigin, refuseCrossSite } from './same-origin.ts'

export interface ShownFrom {
  readonly address: string
  readonly client: string | null
  /** The same request shows it once more: no further use. */
  readonly again?: boolean
}

/** Given by `app.ts`, so that this tool knows no room. Null means refused, for whatever reason. */
export interface Verifiers {
  /** Answers synchronously whenever it can; a promise costs the hot path a turn of the loop. */
  verifyToken(secret: string, from: ShownFrom): Caller | null | Promise<Caller | null>
  verifySession(cookie: string, from: ShownFrom): Caller | null | Promise<Caller | null>
  /** Of dialects that accept JSON Web Tokens; missing where nobody signs any that we believe. */
  readonly verifyJwt?: (text: string, from: ShownFrom) => Promise<Caller | null>
  /** Name of the session cookie. */
  readonly sessionCookie: string
  /** A token stood in an address, where proxies and histories keep it. */
  onTokenExposed?(secret: string, from: ShownFrom): void
}

type Duty = (request: FastifyRequest, call: Call) => Caller | Promise<Caller>

/**
 * Finds out who is asking, from a token or a session, or refuses (401). A token that is shown always decides: the
 * cookie beside it is never looked at. `countRefused` may turn the refusal into a 429.
 */
export function authenticator(
  contract: Endpoint,
  needs: { verifiers: Verifiers; siteAddress: string | null; countRefused(call: Call): void },
): Duty {
  const { verifiers, siteAddress, countRefused } = needs
  const ours = contract.dialect === undefined
  // Any page can post a form, without a preflight: that must not sign its reader in as somebody else.
  const takesForms = isMutating(contract) && acceptedMedia(contract).some((type) => !type.endsWith('json'))
  const otherSecrets = contract.dialect?.otherSecrets
  const verifyJwt = contract.dialect?.acceptsJwt ? verifiers.verifyJwt : undefined
  const refuse = (call: Call, problem: Problem): never => {
    countRefused(call)
    throw problem
  }
  const anonymousOr401 = (call: Call): Caller =>
    contract.access === 'optional' ? anonymous : refuse(call, noCredential())

  /** The session's secret as the dialect shows it; without one, or with a dead one, the cookie decides. */
  const byShownSession = (secret: string, call: Call): Caller | Promise<Caller> => {
    const caller = verifiers.verifySession(secret, fromOf(call))
    if (caller instanceof Promise) return caller.then((found) => found ?? bySession(call))
    return caller ?? bySession(call)
  }

  const bySession = (call: Call): Caller | Promise<Caller> => {
    const cookie = contract.shown === 'token' ? null : cookieOf(call.headers.cookie, verifiers.sessionCookie)
    if (cookie === null) return anonymousOr401(call)
    const accepted = acceptsCookie(call.raw, siteAddress)
    if (!accepted && isSafe(call.raw)) return anonymousOr401(call)
    const settle = (caller: Caller | null): Caller => {
      if (caller === null) return anonymousOr401(call)
      if (!accepted) throw refuseCrossSite()
      const { [expectedAccount]: expected } = call.headers
      if (expected !== undefined && expected !== caller.accountId) throw otherSession()
      return caller
    }
    const caller = verifiers.verifySession(cookie, fromOf(call))
    return caller instanceof Promise ? caller.then(settle) : settle(caller)
  }

  const byToken = (token: string, call: Call): Caller | Promise<Caller> => {
    if (contract.shown === 'session') throw sessionRequired()
    const settle = (caller: Caller | null): Caller | Promise<Caller> => {
      if (caller !== null) return caller
      if (contract.access === 'optional' && contract.dialect?.ignoresBadTokens) return bySession(call)
      return refuse(call, badToken())
    }
    const from = fromOf(call)
    const caller = verifyJwt && jwtShape.test(token) ? verifyJwt(token, from) : verifiers.verifyToken(token, from)
    return caller instanceof Promise ? caller.then(settle) : settle(caller)
  }

  return (request, call) => {
    if (ours) refuseTokenInUrl(call, verifiers)
    if (contract.access === 'public') {
      if (takesForms && isSameOrigin(call.raw, siteAddress) === false) throw refuseCrossSite()
      return anonymous
    }
    const token = ours ? bearerOf(call) : shownToken(contract, request, call)
    if (token !== null) {
      if (!ours) call.showed(token)
      return contract.access === 'optional' && otherSecrets?.test(token) ? anonymous : byToken(token, call)
    }
    const session = ours ? null : shownSession(contract, request, call)
    return session === null ? bySession(call) : byShownSession(session, call)
  }
}

/**
 * A page says whose it is: where somebody else has signed in meanwhile in another window, the cookie is theirs, and what
 * one person was shown and decided must not happen in the name of another.
 */
const expectedAccount = 'x-expected-account'

/** A plain object, because whoever gets it may keep it or spread it. */
const fromOf = ({ address, client, admitted }: Call): ShownFrom => ({ address, client, again: admitted })

/** Three parts in base64url (RFC 7515); the last is empty where nobody has signed. */
const jwtShape = /^[\w-]+\.[\w-]+\.[\w-]*$/

const authorizationHeader = /^authorization$/i

/** The token of `Authorization: Bearer`; null when there is none or another scheme. */
function bearerOf(call: Call): string | null {
  const header = call.headers.authorization
  if (header === undefined) return null
  // Node keeps the first of several and drops the rest: two parsers on the way could each believe another one.
  let seen = 0
  const { rawHeaders } = call.raw
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    if (name.length === 13 && authorizationHeader.test(name)) seen++
  }
  if (seen > 1) throw ambiguous()
  if (header.length < 7 || header.slice(0, 7).toLowerCase() !== 'bearer ') return null
  return header.slice(7).trim()
}

/** The user name of `Authorization: Basic`; null when there is none. */
function basicUserOf({ headers: { authorization = '' } }: Call): string | null {
  const [, encoded] = /^basic +([A-Za-z0-9+/_=-]*) *$/i.exec(authorization) ?? []
  if (encoded === undefined) return null
  return Buffer.from(encoded, 'base64').toString('utf8').split(':', 1)[0] ?? ''
}

/** The token wherever the contract's dialect lets it stand. The same one twice is fine; two different ones are not. */
function shownToken(contract: Endpoint, request: FastifyRequest, call: Call): string | null {
  const { dialect } = contract
  const { tokenHeaders = [], tokenParameters = [], tokenNeverInBody, firstTokenCounts } = dialect ?? {}
  const shown = new Set<unknown>()
  const basic = dialect?.tokenAsBasicUser ? basicUserOf(call) : null
  if (basic !== null) shown.add(basic)
  for (const name of tokenHeaders) if (call.headers[name] !== undefined) shown.add(call.headers[name])
  for (const source of tokenNeverInBody ? [request.query] : [request.query, request.body])
    for (const name of tokenParameters) for (const value of takeParameter(source, name)) shown.add(value)
  const bearer = bearerOf(call)
  if (bearer !== null) shown.add(bearer)
  if (shown.size > 1 && !firstTokenCounts) throw ambiguous()
  const [token] = shown
  // A second look finds nothing any more in the query, from which the first took it.
  return token === undefined ? call.shown() : String(token)
}

/** A session's secret outside its cookie, where the contract's dialect knows such a place. */
function shownSession(contract: Endpoint, request: FastifyRequest, call: Call): string | null {
  const name = contract.shown === 'token' ? undefined : contract.dialect?.sessionShownAs
  if (name === undefined) return null
  const shown = new Set([...[call.headers[name] ?? []].flat(), ...takeParameter(request.query, name)])
  if (shown.size > 1) throw ambiguous()
  const [secret] = shown
  return secret === undefined ? null : String(secret)
}

/** Takes a parameter out, so that no handler, log or error ever sees the secret. */
function takeParameter(source: unknown, name: string): unknown[] {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name)) return []
  const fields = source as Record<string, unknown>
  const value = fields[name]
  delete fields[name]
  return Array.isArray(value) ? value : [value]
}

const tokenShape = /(?:^|[^A-Za-z0-9])(tsr_[A-Za-z0-9_]{20,})/
const tokenParameter = /[?&](?:access_token|api_key|apikey|bearer)=([^&]*)/i

/** RFC 6750 allows tokens in addresses, ASVS 14.2.1 forbids it, and logs prove it right. */
function refuseTokenInUrl(call: Call, verifiers: Verifiers): void {
  const { url } = call
  if (!url.includes('?') && !url.includes('tsr_')) return
  const found = tokenShape.exec(url)?.[1] ?? tokenParameter.exec(url)?.[1]
  if (found === undefined) return
  verifiers.onTokenExposed?.(found, fromOf(call))
  throw tokenInUrl({
    detail: 'Addresses end up in logs, histories and referrers, so this token counts as exposed.',
    hint: 'Send it as the header "Authorization: Bearer …", and rotate this one.',
    headers: { 'www-authenticate': `${challenge}, error="invalid_request"` },
  })
}

const challenge = 'Bearer realm="tessera"'

/** RFC 6750 §3: who shows nothing is told the scheme and no error code. */
const noCredential = () =>
  tokenMissing({
    detail: 'The request shows neither.',
    hint: 'Send "Authorization: Bearer <token>". Tokens are made under My Profile → API Token.',
    headers: { 'www-authenticate': challenge },
  })

const otherSession = () =>
  tokenMissing({
    detail: 'The session is that of another account than X-Expected-Account names.',
    hint: 'Load the page anew: somebody else has signed in in this browser.',
    headers: { 'www-authenticate': challenge },
  })

/** One answer for unknown, expired and revoked: the difference would help only those who guess. */
const badToken = () =>
  tokenInvalid({
    detail: 'It is malformed, unknown, expired or revoked.',
    hint: 'Check that it was copied whole, or make a new one under My Profile → API Token.',
    headers: {
      'www-authenticate': `${challenge}, error="invalid_token", error_description="The token is malformed, unknown, expired or revoked"`,
    },
  })

const ambiguous = () =>
  credentialsAmbiguous({
    hint: 'Show one token, once.',
    headers: { 'www-authenticate': `${challenge}, error="invalid_request"` },
  })
