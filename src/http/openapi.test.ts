import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { openSample } from '#test/sample-api.ts'
import { bodySchemaOf } from './endpoint.ts'
import { SchemaBook } from './schema-book.ts'

type Document = {
  openapi: string
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string
        security: Record<string, string[]>[]
        parameters: { name: string; in: string; required: boolean }[]
        responses: Record<string, unknown>
        requestBody?: { content: Record<string, unknown> }
      }
    >
  >
  components: {
    schemas: Record<
      string,
      { properties?: Record<string, unknown>; required?: string[]; additionalProperties?: unknown }
    >
    responses: Record<string, unknown>
  }
}

const document = async () => {
  const { app } = openSample()
  const reply = await app.inject({ url: '/v1/openapi.json' })
  return { app, reply, api: reply.json() as Document }
}

test('the description is served with a tag and may be kept', async () => {
  const { app, reply, api } = await document()
  assert.equal(api.openapi, '3.1.0')
  assert.match(String(reply.headers['cache-control']), /public/)
  const again = await app.inject({ url: '/v1/openapi.json', headers: { 'if-none-match': String(reply.headers.etag) } })
  assert.equal(again.statusCode, 304)
})

test('what is served is described, and what is described is served', async () => {
  const { app, api } = await document()
  const described = Object.entries(api.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  )
  const served = app.contracts.filter(({ hidden }) => !hidden).map(({ method, path }) => `${method} ${path}`)
  assert.deepEqual(described.sort(), served.sort())
})

test('every reference leads somewhere, and every name is unique', async () => {
  const { api } = await document()
  const text = JSON.stringify(api)
  const references = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)]
  assert.ok(references.length > 10)
  const components = api.components as Record<string, Record<string, unknown>>
  for (const [, kind = '', name = ''] of references) assert.ok(components[kind]?.[name], `${kind}/${name}`)
  assert.doesNotMatch(text, /\$defs/)
  const ids = Object.values(api.paths).flatMap((operations) =>
    Object.values(operations).map(({ operationId }) => operationId),
  )
  assert.equal(new Set(ids).size, ids.length)
})

test('an operation says what it needs, takes and answers', async () => {
  const { api } = await document()
  const make = api.paths['/v1/things']?.post
  assert.deepEqual(make?.security, [{ token: ['tokens:write'] }, { session: ['tokens:write'] }])
  assert.deepEqual(
    make?.parameters.map(({ name }) => name),
    ['Idempotency-Key'],
  )
  assert.deepEqual(Object.keys(make?.responses ?? {}).sort(), [
    '201',
    '400',
    '401',
    '403',
    '409',
    '413',
    '415',
    '422',
    '429',
    'default',
  ])
  const read = api.paths['/v1/things/{thing}']?.get
  assert.deepEqual(
    read?.parameters.map(({ name, in: where, required }) => [name, where, required]),
    [
      ['thing', 'path', true],
      ['tag', 'query', false],
      ['depth', 'query', false],
    ],
  )
  assert.deepEqual(api.paths['/v1/door']?.get?.security, [])
  assert.deepEqual(api.paths['/v1/greeting']?.get?.security.at(-1), {})
  assert.deepEqual(Object.keys(api.paths['/foreign/things']?.post?.requestBody?.content ?? {}), [
    'application/x-www-form-urlencoded',
  ])
})

test('a named shape that reads otherwise coming in than going out gets two names', () => {
  const book = new SchemaBook()
  const Inner = z.object({ at: z.iso.datetime(), kind: z.string().default('x') }).meta({ id: 'Inner' })
  const Outer = z.object({ inner: Inner }).meta({ id: 'Outer' })
  assert.deepEqual(book.refer(Outer, 'output'), { $ref: '#/components/schemas/Outer' })
  assert.deepEqual(book.refer(Outer, 'input'), { $ref: '#/components/schemas/OuterInput' })
  assert.deepEqual(book.refer(z.array(Inner), 'output'), {
    type: 'array',
    items: { $ref: '#/components/schemas/Inner' },
  })
  const { Inner: out, InnerInput, OuterInput } = book.components()
  assert.deepEqual(out?.required, ['at', 'kind'])
  assert.deepEqual(InnerInput?.required, ['at'])
  assert.deepEqual(OuterInput?.properties, { inner: { $ref: '#/components/schemas/InnerInput' } })
  assert.doesNotMatch(JSON.stringify(book.components()), /pattern|additionalProperties/)
})

test('the Postman collection holds every operation, with a body that its endpoint takes', async () => {
  const { app } = openSample()
  const collection = (await app.inject({ url: '/v1/postman.json' })).json()
  assert.equal(collection.info.schema, 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json')
  const items = collection.item.flatMap((folder: { item: unknown[] }) => folder.item)
  assert.equal(items.length, app.contracts.filter(({ hidden }) => !hidden).length)
  for (const contract of app.contracts) {
    const shape = bodySchemaOf(contract)
    if (!shape) continue
    const item = items.find((item: { name: string }) => item.name === contract.summary)
    if (item.request.body.mode === 'raw')
      assert.ok(shape.safeParse(JSON.parse(item.request.body.raw)).success, contract.id)
  }
})
