import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { z } from 'zod'
import { type AuditNote, anonymous, type Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import type { Changer } from '#src/database/change.ts'
import { endpoint } from './endpoint.ts'
import { openLog } from './log.ts'
import type { Route } from './serve.ts'
import { route } from './serve.ts'
import { openServer, type ServerNeeds } from './server.ts'

const Thing = z.object({ name: z.string() })
const readThing = endpoint({
  id: 'read-thing',
  method: 'GET',
  path: '/v1/things/:thing',
  summary: 'Read',
  access: 'models:refresh',
  resource: 'thing',
  params: z.object({ thing: z.string().max(20) }),
  query: z.object({ full: z.stringbool().optional() }),
  reply: Thing,
})
const makeThing = endpoint({
  id: 'make-thing',
  method: 'POST',
  path: '/v1/things',
  summary: 'Make',
  access: 'tokens:write',
  audit: 'token.issued',
  body: z.object({ name: z.string(), tags: z.array(z.string()).optional() }),
  reply: Thing,
  status: 201,
})

const routes: Route[] = [
  route(readThing, ({ params }) => ({ name: params.thing, secret: 'not promised' })),
  route(makeThing, ({ body, change }) => {
    if (body.name !== 'silent') change.note({ verb: 'token.issued', subjectType: 'thing', subjectId: body.name })
    return { name: body.name }
  }),
]

const callers: Record<string, Caller> = {
  all: { ...anonymous, via: 'token', tokenId: 'all', accountId: 'a', grants: Grants.ofRole('admin') },
  one: { ...anonymous, via: 'token', tokenId: 'one', accountId: 'a', grants: Grants.of(['models:refresh:jobs']) },
}

function open(over: Partial<ServerNeeds> = {}) {
  const notes: AuditNote[] = []
  const changer: Changer = async (actor, body) =>
    body({ tx: undefined as never, actor, note: (note) => notes.push(note), afterCommit: () => {} })
  const app = openServer({
    routes,
    verifiers: {
      verifyToken: (secret) => callers[secret] ?? null,
      verifySession: async (cookie) =>
        cookie === 'good' ? ({ ...callers.all, via: 'session', tokenId: null } as Caller) : null,
      sessionCookie: 'session',
    },
    changer,
    log: openLog('silent'),
    siteAddress: null,
    trustedProxies: [],
    corsDomains: [],
    rateLimits: { perToken: 0, perAddress: 0 },
    ...over,
  })
  return { app, notes }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('every request', () => {
  test('walks', async () => {
    const { app, notes } = open()
    for (const ask of [
      { url: '/v1/things/jobs' },
      { url: '/v1/things/jobs', headers: bearer('no') },
      { url: '/v1/things/jobs', headers: bearer('one') },
      { url: '/v1/things/jobs', method: 'HEAD', headers: bearer('one') },
      { url: '/v1/things/flights', headers: bearer('one') },
      { url: '/v1/things/flights?x=1&full=maybe', headers: bearer('all') },
      { url: '/v1/things/flights?full=1&full=1', headers: bearer('all') },
      { url: '/v1/things', headers: bearer('all') },
      { url: '/v1/nothing', headers: bearer('all') },
      { url: '/v1/things', method: 'POST', headers: bearer('all'), payload: { name: 1, tags: [1], x: 1 } },
      { url: '/v1/things', method: 'POST', headers: bearer('all'), payload: { name: 'n' } },
      { url: '/v1/things', method: 'POST', headers: bearer('all'), payload: { name: 'silent' } },
      {
        url: '/v1/things',
        method: 'POST',
        headers: { ...bearer('all'), 'content-type': 'text/plain' },
        payload: 'name=1',
      },
      { url: '/v1/things', method: 'POST', headers: { cookie: 'session=good' }, payload: { name: 'n' } },
      {
        url: '/v1/things',
        method: 'POST',
        headers: { cookie: 'session=good', 'sec-fetch-site': 'same-origin' },
        payload: { name: 'n' },
      },
      { url: '/v1/things', method: 'OPTIONS' },
      { url: '/v1/%zz', method: 'GET' },
    ] as const) {
      const reply = await app.inject(ask as never)
      console.log(
        ask.url,
        reply.statusCode,
        reply.body,
        reply.headers['www-authenticate'] ?? '',
        reply.headers.allow ?? '',
      )
    }
    console.log((await app.inject({ url: '/v1/things/jobs', headers: bearer('one') })).headers)
    assert.equal(notes.length, 2)
    await app.close()
  })
})
