import { test } from 'node:test'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { respond } from './respond.ts'
import { route } from './serve.ts'

const read = endpoint({
  id: 'read',
  method: 'GET',
  path: '/v1/x/:x',
  summary: 'Read',
  access: 'public',
  params: z.object({ x: z.string() }),
  reply: z.object({ kind: z.enum(['a', 'b']), items: z.array(z.object({ n: z.number() })) }),
})
const change = endpoint({
  ...read,
  id: 'change',
  method: 'POST',
  audit: 'token.issued',
  body: z.object({ y: z.number() }),
})
const items: readonly { readonly n: number }[] = [{ n: 1 }]

test('a route that does not keep its promise does not compile', () => {
  route(read, () => ({ kind: 'a', items }))
  route(read, async () => ({ kind: 'b', items: [{ n: 1, more: 'dropped by the presenter' }] }))
  route(read, () => respond({ body: { kind: 'a', items }, etag: 'v1' }))
  route(change, ({ body, change, params }) => {
    change.note({ verb: 'token.issued', subjectType: 'x', subjectId: params.x })
    return { kind: 'a', items: [{ n: body.y }] }
  })
  // @ts-expect-error a word that is not promised
  route(read, () => ({ kind: 'c', items }))
  // @ts-expect-error a missing member
  route(read, () => ({ kind: 'a' }))
  // @ts-expect-error the wrong type, deep inside
  route(read, async () => ({ kind: 'a', items: [{ n: '1' }] }))
  // @ts-expect-error the same in a reply with headers
  route(read, () => respond({ body: { kind: 'a', items: [{ n: '1' }] }, etag: 'v1' }))
  // @ts-expect-error a parameter that is not in the path
  route(read, ({ params }) => ({ kind: params.z, items }))
  // @ts-expect-error a reading endpoint has no body
  route(read, ({ body }) => ({ kind: 'a', items: [{ n: body.y }] }))
  // @ts-expect-error nor a change
  route(read, ({ change }) => ({ kind: 'a', items: [{ n: change.tx }] }))
  // @ts-expect-error an audit verb that is not in the list
  endpoint({ ...change, audit: 'token.polished' })
  // @ts-expect-error a permission that is not in the list
  endpoint({ ...read, access: 'tokens:polish' })
})
