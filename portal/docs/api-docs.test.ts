import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { whoMayCall } from './access-words.ts'
import { type ApiDocument, groupsOf, type Operation, searchGroups } from './api-document.ts'
import { buildRequest, curlOf, firstTry, missingOf } from './request.ts'
import { descriptionOf, factsOf, fieldsOf, typeText } from './schema-words.ts'

const operation = (over: object = {}) => ({
  operationId: 'show-thing',
  tags: ['things'],
  summary: 'One thing',
  security: [{ token: ['things:read'] }, { session: ['things:read'] }],
  parameters: [],
  responses: {
    '200': { description: 'OK', content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
    '404': { $ref: '#/components/responses/Problem404' },
  },
  ...over,
})
const document = {
  servers: [{ url: 'https://data.example.org' }],
  paths: {
    '/metrics': { get: operation({ operationId: 'read-metrics', tags: ['metrics'], security: [] }) },
    '/v1/things/{thing}': {
      get: operation(),
      patch: operation({
        operationId: 'change-thing',
        summary: 'Change a thing',
        parameters: [
          { name: 'thing', in: 'path', required: true, schema: { type: 'string' } },
          {
            name: 'tag',
            in: 'query',
            required: false,
            schema: { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'string' }] },
          },
          { name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string' } },
        ],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { type: 'object' }, example: { name: 'text' } } },
        },
      }),
    },
    '/v1/tokens': { post: operation({ operationId: 'issue-token', tags: ['tokens'], security: [{ session: [] }] }) },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['id'],
        properties: {
          id: { type: 'string', format: 'uuid' },
          parts: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
        },
      },
    },
    responses: { Problem404: { description: 'There is none.' } },
  },
} as ApiDocument

const named = (id: string): Operation => {
  const found = groupsOf(document)
    .flatMap(({ operations }) => operations)
    .find((one) => one.id === id)
  assert.ok(found, id)
  return found
}

describe('the API’s description becomes pages', () => {
  test('in groups: what people come for first, what machines ask last', () => {
    assert.deepEqual(
      groupsOf(document).map(({ label, operations }) => `${label}: ${operations.map(({ id }) => id).join(' ')}`),
      ['Tokens: issue-token', 'Things: show-thing change-thing', 'Metrics: read-metrics'],
    )
  })

  test('that say who may call, and how one shows who one is', () => {
    assert.equal(whoMayCall(named('read-metrics')), 'Anybody, without a token.')
    assert.equal(whoMayCall(named('show-thing')), 'Who holds the permission, with a token or a session.')
    assert.equal(whoMayCall(named('issue-token')), 'Anybody known, with a session of the portal (no token).')
    assert.equal(
      whoMayCall({ shows: { token: true, session: true, nobody: true }, permission: null }),
      'Anybody; what is answered depends on who asks.',
    )
  })

  test('whose replies are found where the document refers to them', () => {
    const { done, refused } = named('show-thing')
    assert.equal(done.status, '200')
    assert.deepEqual(done.media, ['application/json'])
    assert.deepEqual(
      refused.map(({ status, description }) => `${status} ${description}`),
      ['404 There is none.'],
    )
  })

  test('that a search finds by all of its words', () => {
    const ids = (search: string) =>
      searchGroups(groupsOf(document), search).flatMap(({ operations }) => operations.map(({ id }) => id))
    assert.deepEqual(ids('change THING'), ['change-thing'])
    assert.deepEqual(ids('patch /v1'), ['change-thing'])
    assert.deepEqual(ids('nothing'), [])
    assert.equal(ids('').length, 4)
  })
})

describe('a schema in words', () => {
  const { schemas } = document.components
  test('says what a value is', () => {
    for (const [schema, words] of [
      [{ type: 'string', format: 'date' }, 'day (YYYY-MM-DD)'],
      [{ enum: ['a', 'b'] }, 'one of a, b'],
      [{ type: 'array', items: { type: 'integer' } }, 'list of whole number'],
      [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'text or null'],
      [{ anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'string' }] }, 'text or a list of it'],
      [{ $ref: '#/components/schemas/Thing' }, 'Thing'],
      [{}, 'anything'],
    ] as const)
      assert.equal(typeText(schema, schemas), words)
  })

  test('tells its bounds, its default and what is said of its parts', () => {
    assert.deepEqual(factsOf({ type: 'integer', minimum: 1, maximum: 36500, default: 50 }), [
      'Default: 50',
      '1 to 36,500',
    ])
    assert.deepEqual(factsOf({ type: 'string', maxLength: 80 }), ['At most 80 characters'])
    assert.equal(
      descriptionOf({ anyOf: [{ type: 'null' }, { type: 'array', items: { description: 'Of it.' } }] }),
      'Of it.',
    )
  })

  test('unrolls what holds itself once', () => {
    const fields = fieldsOf({ $ref: '#/components/schemas/Thing' }, schemas)
    assert.deepEqual(
      fields.map(({ name, required }) => [name, required]),
      [
        ['id', true],
        ['parts', false],
      ],
    )
    assert.deepEqual(fields[1]?.fields, [])
  })
})

describe('what is typed becomes a request', () => {
  const change = named('change-thing')
  const tried = {
    ...firstTry(change),
    parameters: { 'path thing': "it's / new", 'query tag': 'a b\n\nc,d', 'header Idempotency-Key': 'k1' },
  }

  test('with what is filled in, and nothing else', () => {
    assert.deepEqual(firstTry(change).body, '{\n  "name": "text"\n}')
    assert.deepEqual(missingOf(change, firstTry(change)), ['thing'])
    assert.deepEqual(missingOf(change, tried), [])
    const built = buildRequest(change, tried)
    assert.equal(built.address, "/v1/things/it's%20%2F%20new?tag=a+b&tag=c,d")
    assert.deepEqual(built.headers, { 'Content-Type': 'application/json', 'Idempotency-Key': 'k1' })
    assert.equal(buildRequest(change, firstTry(change)).address, '/v1/things/{thing}')
  })

  test('a form is written as forms are', () => {
    const form = { ...tried, media: 'application/x-www-form-urlencoded', body: 'token=a=b &c\n\nhint=x' }
    assert.equal(buildRequest(change, form).body, 'token=a%3Db+%26c&hint=x')
  })

  test('a shell passes it on as it stands, and reads the token from its environment', async () => {
    const built = buildRequest(change, { ...tried, body: `{"name": "it's $HOME \\"here\\""}` })
    const command = curlOf(built, 'https://data.example.org/', true)
    const script = `curl() { for part in "$@"; do printf '%s\\n' "$part"; done; }\n${command}`
    const { stdout } = await promisify(execFile)('sh', ['-c', script], { env: { TESSERA_TOKEN: 'tsr_test' } })
    assert.deepEqual(stdout.trimEnd().split('\n'), [
      '-X',
      'PATCH',
      "https://data.example.org/v1/things/it's%20%2F%20new?tag=a+b&tag=c,d",
      '-H',
      'Authorization: Bearer tsr_test',
      '-H',
      'Content-Type: application/json',
      '-H',
      'Idempotency-Key: k1',
      '--data-raw',
      `{"name":"it's $HOME \\"here\\""}`,
    ])
  })
})
