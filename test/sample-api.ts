import { Writable } from 'node:stream'
import { z } from 'zod'
import { type Actor, type AuditNote, anonymous, type Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import type { Changer } from '#src/database/change.ts'
import type { Dialect } from '#src/http/dialect.ts'
import { endpoint } from '#src/http/endpoint.ts'
import { openLog } from '#src/http/log.ts'
import { openMetrics } from '#src/http/metrics.ts'
import { many, pageQuery } from '#src/http/parameters.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { openServer, type ServerNeeds } from '#src/http/server.ts'

/** A small API in which every duty of a server can be seen at work. */
export const Thing = z.object({ name: z.string(), tags: z.array(z.string()).optional() }).meta({ id: 'Thing' })

export const readThing = endpoint({
  id: 'read-thing',
  method: 'GET',
  path: '/v1/things/:thing',
  summary: 'Read a thing',
  access: 'models:refresh',
  resource: 'thing',
  params: z.object({ thing: z.string().regex(/^[a-z]{1,20}$/) }),
  query: z.object({ tag: many(z.string()).optional(), depth: z.coerce.number().int().optional() }),
  reply: Thing,
})

export const listThings = endpoint({
  id: 'list-things',
  method: 'GET',
  path: '/v1/things',
  summary: 'List things',
  access: 'signed_in',
  query: z.object(pageQuery(5, 2)),
  reply: z.object({ things: z.array(Thing) }),
})

export const makeThing = endpoint({
  id: 'make-thing',
  method: 'POST',
  path: '/v1/things',
  summary: 'Make a thing',
  access: 'tokens:write',
  audit: 'token.issued',
  idempotent: true,
  body: z.object({ name: z.string().max(100), tags: z.array(z.string()).optional() }),
  reply: Thing.extend({ secret: z.string() }),
  secrets: ['secret'],
  status: 201,
})

export const deleteThing = endpoint({
  id: 'delete-thing',
  method: 'DELETE',
  path: '/v1/things/:name',
  summary: 'Delete a thing',
  access: 'tokens:write',
  audit: 'token.revoked',
  params: z.object({ name: z.string() }),
})

export const openDoor = endpoint({
  id: 'read-door',
  method: 'GET',
  path: '/v1/door',
  summary: 'Read what anybody may',
  access: 'public',
  reply: z.object({ open: z.boolean() }),
})

export const maybeKnown = endpoint({
  id: 'read-greeting',
  method: 'GET',
  path: '/v1/greeting',
  summary: 'Be greeted',
  access: 'optional',
  reply: z.object({ hello: z.string() }),
})

export const ownSession = endpoint({
  id: 'read-own-session',
  method: 'GET',
  path: '/v1/own-session',
  summary: 'Read the own session',
  access: 'signed_in',
  shown: 'session',
  reply: z.object({ id: z.string() }),
})

/** A foreign tongue: tokens in a header and in parameters, and errors of its own. */
export const foreign: Dialect = {
  name: 'foreign',
  prefixes: ['/foreign/'],
  tokenHeaders: ['x-foreign-key'],
  tokenParameters: ['Bearer'],
  renderProblem: (problem, { status }) => ({
    status,
    type: 'application/json',
    body: { message: problem.title, code: problem.code },
  }),
}

export const foreignRead = endpoint({
  id: 'foreign-read',
  method: 'GET',
  path: '/foreign/things',
  summary: 'Read in a foreign tongue',
  access: 'signed_in',
  dialect: foreign,
  query: z.looseObject({ realm: z.string().optional() }),
  reply: z.unknown(),
})

export const foreignPost = endpoint({
  id: 'foreign-post',
  method: 'POST',
  reads: true,
  path: '/foreign/things',
  summary: 'Ask in a foreign tongue',
  access: 'signed_in',
  dialect: foreign,
  accepts: ['application/x-www-form-urlencoded'],
  body: z.looseObject({ realm: z.string().optional() }),
  reply: z.unknown(),
})

const things = ['ada', 'bob', 'cleo', 'dan', 'eve'].map((name) => ({ name }))

const byAll: Caller = {
  ...anonymous,
  via: 'token',
  accountId: 'a1',
  accountName: 'ada',
  tokenId: 'all',
  grants: Grants.ofRole('admin'),
}
const bySecond: Caller = { ...byAll, tokenId: 'second' }
const byOne: Caller = { ...byAll, tokenId: 'one', grants: Grants.of(['models:refresh:jobs']) }
const bySession: Caller = { ...byAll, via: 'session', tokenId: null, sessionId: 's1' }

/** Tokens of the sample: `all` may do everything, `one` may refresh the model jobs, `slow-…` answer asynchronously. */
export const callers: Readonly<Record<string, Caller>> = { all: byAll, one: byOne, second: bySecond }

export const sampleRoutes: readonly Route[] = [
  // A member that is not promised, to see that it does not leave.
  route(readThing, ({ params, query }) => ({ name: params.thing, tags: query.tag ?? [], internal: 'not promised' })),
  route(listThings, () => ({ things })),
  route(makeThing, ({ body, change }) => {
    if (body.name === 'wrong verb') change.note({ verb: 'token.revoked', subjectType: 'thing', subjectId: body.name })
    else if (body.name !== 'unaudited')
      change.note({ verb: 'token.issued', subjectType: 'thing', subjectId: body.name })
    return { ...body, secret: 's3cret' }
  }),
  route(deleteThing, ({ params, change }) => {
    if (params.name === 'nothing') return respond({ unchanged: true })
    change.note({ verb: 'token.revoked', subjectType: 'thing', subjectId: params.name })
    return undefined
  }),
  route(openDoor, () => ({ open: true })),
  route(maybeKnown, ({ caller }) => ({ hello: caller.accountName ?? 'stranger' })),
  route(ownSession, ({ caller }) => ({ id: caller.sessionId ?? '' })),
  route(foreignRead, ({ query, caller }) => ({ asked: query, by: caller.tokenId })),
  route(foreignPost, ({ body, caller }) => ({ asked: body, by: caller.tokenId })),
]

export interface Sample {
  readonly app: ReturnType<typeof openServer>
  /** What was noted by changes that held. */
  readonly notes: AuditNote[]
  readonly refusals: { reason: string; actor: Actor }[]
  readonly exposed: string[]
  /** Everything that was logged. */
  logged(): string
}

/** Opens the sample; a changer over a real database may be given, otherwise changes live in memory. */
export function openSample(over: Partial<ServerNeeds> = {}): Sample {
  const notes: AuditNote[] = []
  const refusals: Sample['refusals'] = []
  const exposed: string[] = []
  const lines: string[] = []
  const inMemory: Changer = async (actor, body) => {
    const noted: AuditNote[] = []
    const result = await body({
      tx: undefined as never,
      actor,
      note: (n) => noted.push(n),
      afterCommit: () => undefined,
    })
    notes.push(...noted)
    return result
  }
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk))
      done()
    },
  })
  const app = openServer({
    routes: sampleRoutes,
    verifiers: {
      sessionCookie: 'sample',
      verifyToken: (secret) => {
        if (secret.startsWith('slow-')) return Promise.resolve(callers[secret.slice(5)] ?? null)
        return callers[secret] ?? null
      },
      verifySession: (cookie) => Promise.resolve(cookie === 'good' ? bySession : null),
      onTokenExposed: (secret) => exposed.push(secret),
    },
    changer: inMemory,
    log: openLog('debug', sink),
    metrics: openMetrics({ ofProcess: false }),
    checks: {},
    version: '1.2.3',
    siteAddress: null,
    trustedProxies: [],
    corsDomains: [],
    rateLimits: { perToken: 0, perAddress: 0 },
    onRefused: (reason, actor) => refusals.push({ reason, actor }),
    ...over,
  })
  return { app, notes, refusals, exposed, logged: () => lines.join('') }
}

export const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` })
