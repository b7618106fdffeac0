import fc from 'fast-check'
import type { JsonSchema } from '#src/http/schema-book.ts'

/** Requests made from an OpenAPI document: right ones, and the same with something wrong in one to three places. */

export interface Shot {
  readonly method: string
  /** With its query; percent-encoded, or deliberately badly so. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly method: string
  readonly path: string
  readonly security: readonly Readonly<Record<string, unknown>>[]
  readonly parameters: readonly {
    name: string
    in: 'path' | 'query' | 'header'
    required: boolean
    schema: JsonSchema
  }[]
  readonly requestBody?: { content: Readonly<Record<string, { schema: JsonSchema }>> }
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, { schema?: JsonSchema }>> }>>
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, 'method' | 'path'>>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
}

/** Words that mean something here (names of models, ids of tokens), by the member or parameter that takes them. */
export type Words = Readonly<Record<string, readonly string[]>>

export const operationsOf = ({ paths }: ApiDocument): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
  )

const days = [
  '2024-02-29',
  '2024-02-30',
  '2026-13-01',
  '0000-01-01',
  '0000-00-00',
  '0001-01-01',
  '9999-12-31',
  '10000-01-01',
]
const moments = [
  ...days.map((day) => `${day}T12:00:00Z`),
  '2030-01-31T24:00:00Z',
  '2030-01-31T12:00:60Z',
  '2030-01-31T12:00:00+99:99',
  '2030-01-31T12:00:00.123456789+14:00',
  '+275760-09-13T00:00:00Z',
]
/** Texts that some layer below might read as more than a text. */
const nastyTexts = [
  ...days,
  ...moments,
  ...[
    '',
    ' ',
    ',',
    '-',
    '-name',
    ':',
    '=',
    '.',
    '..',
    '../../etc/passwd',
    '/etc/passwd',
    'C:\\',
    '~',
    '*',
    '?',
    '[',
    '{}',
    '[]',
  ],
  ...[
    '0',
    '-0',
    '-1',
    '1.5',
    '1e9',
    '1e309',
    'NaN',
    'Infinity',
    '0x10',
    '1_000',
    '٣',
    '9'.repeat(40),
    'null',
    'true',
    'undefined',
  ],
  ...[
    "'",
    '"',
    '`',
    '\\',
    "' or '1'='1",
    "'; drop table tokens; --",
    '$1',
    '$$',
    '%',
    '_',
    '%s',
    '?::int',
    '--',
    '/*',
    ';',
  ],
  ...['\0', 'a\0b', '\r\n', 'a\r\nset-cookie: b=c', '\t', '\u001b[2J', '\u2028', '\ufeff', '\ufffe', '\u0085'],
  ...['👩‍👩‍👧‍👦', '\u202eabc', 'e\u0301', 'ß', 'İ', '\ud800', 'a\udc00', '𝒳'.repeat(50), 'ﷺ'.repeat(100)],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'length',
    '<script>alert(1)</script>',
    '$' + '{7*7}',
    '{{7*7}}',
  ],
  ...['x'.repeat(300), 'x'.repeat(9_000), 'é'.repeat(2_000)],
  ...['tsr_', 'Bearer x', '00000000-0000-0000-0000-000000000000', 'a'.repeat(12), 'aW52YWxpZA', 'eyJ9'],
]
const nastyText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...nastyTexts) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
)

const nested = (depth: number): unknown =>
  depth === 0 ? 1 : depth % 2 ? [nested(depth - 1)] : { a: nested(depth - 1) }
const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  nastyText,
  fc.constantFrom<unknown>(
    ...[null, true, false, 0, -0, -1, 0.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, -(2 ** 63), 1e21],
    ...[[], {}, [null], [[]], [''], { '': '' }, { length: 1 }, { toString: 1 }, { constructor: { prototype: 1 } }],
    ...[nested(100), Array(2_000).fill('x'), Array(70).fill(1), 'x'.repeat(100_000)],
  ),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Cursors of ours hold JSON; somebody else's may hold any. */
const nastyCursor = fc
  .oneof(
    nastyValue,
    fc.tuple(nastyValue),
    fc.tuple(nastyValue, nastyValue),
    fc.tuple(fc.constantFrom(...moments, 'jobs@1'), nastyValue),
    fc.tuple(nastyText, fc.constantFrom('8e03978e-40d5-43dd-bc93-6894a57f9324', 'aaaaaaaaaaaa', 1, 1e15)),
  )
  .map((key) => Buffer.from(JSON.stringify(key)).toString('base64url'))

/** A value that fits the schema, of the words that mean something where there are such. */
function fitting(schema: JsonSchema, name: string, api: Api, depth = 0): fc.Arbitrary<unknown> {
  const {
    $ref,
    const: only,
    enum: choices,
    anyOf,
    oneOf,
    items,
    pattern,
    examples,
  } = schema as JsonSchema & {
    const?: unknown
    enum?: unknown[]
    anyOf?: JsonSchema[]
    oneOf?: JsonSchema[]
    items?: JsonSchema
    pattern?: string
    examples?: unknown[]
  }
  if ($ref !== undefined) return fitting(api.schemas[$ref.split('/').at(-1) ?? ''] ?? {}, name, api, depth + 1)
  if (depth > 8) return fc.constant(null)
  if (only !== undefined) return fc.constant(only)
  if (choices) return fc.constantFrom(...choices)
  const alternatives = anyOf ?? oneOf
  if (alternatives) return fc.oneof(...alternatives.map((one) => fitting(one, name, api, depth + 1)))
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object') {
    const properties = Object.entries(schema.properties ?? {})
    const model = Object.fromEntries(properties.map(([key, member]) => [key, fitting(member, key, api, depth + 1)]))
    return members(model, schema.required ?? [], api)
  }
  if (type === 'array') {
    const minLength = Number(schema.minItems ?? 0)
    return fc.array(fitting(items ?? {}, name, api, depth + 1), { minLength, maxLength: Math.max(minLength, 3) })
  }
  if (type === 'integer' || type === 'number') {
    const min = Number(schema.minimum ?? -5)
    return fc.oneof(fc.integer({ min, max: Math.min(Number(schema.maximum ?? 1e6), min + 50) }), fc.constant(min))
  }
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  const words = Object.hasOwn(api.words, name) ? api.words[name] : undefined
  const text = textFor(schema, pattern, examples)
  return words ? fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: text }) : text
}

const absent = Symbol('absent')

/**
 * Optional members are seldom there, for most of them together contradict each other. Where nothing is required, foreign
 * clients are spoken to, and what the words know is.
 */
function members(model: Readonly<Record<string, fc.Arbitrary<unknown>>>, required: readonly string[], { words }: Api) {
  const lax = required.length === 0
  const parts = Object.entries(model).map(([name, value]): [string, fc.Arbitrary<unknown>] => {
    if (required.includes(name)) return [name, value]
    const weight = lax && Object.hasOwn(words, name) ? 12 : 1
    return [name, fc.oneof({ weight: 4, arbitrary: fc.constant(absent) }, { weight, arbitrary: value })]
  })
  return fc
    .record(Object.fromEntries(parts))
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== absent)))
}

function textFor(
  { format, minLength, maxLength }: JsonSchema,
  pattern?: string,
  examples: unknown[] = [],
): fc.Arbitrary<string> {
  if (format === 'date') return fc.constantFrom('2026-03-01', '2026-03-02', '2026-05-03', '9999-12-31', '0001-01-01')
  if (format === 'date-time')
    return fc.constantFrom('2026-12-31T12:00:00Z', '2027-06-01T00:00:00+02:00', '2026-03-01T00:00:00Z')
  if (format === 'uuid') return fc.uuid()
  if (examples.length > 0) return fc.constantFrom(...examples.map(String))
  // Classes of Unicode take the generator a second each, and plain texts fit them.
  if (pattern !== undefined && !/\\p/i.test(pattern)) return matching(new RegExp(pattern))
  const least = Number(minLength ?? 0)
  return fc.string({ minLength: least, maxLength: Math.max(least, Math.min(Number(maxLength ?? 12), 12)) })
}

/** Short ones, where the pattern lets them be short. */
function matching(pattern: RegExp): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(pattern, { maxLength: 20 })
  } catch {
    return fc.stringMatching(pattern)
  }
}

/** A header may say anything that HTTP itself lets through. */
const oddHeaders = fc.oneof(
  ...Object.entries({
    'content-type': [
      '',
      'text/plain',
      'application/json; charset=latin1',
      'APPLICATION/JSON',
      'application/json;',
      'multipart/form-data',
      'application/x-www-form-urlencoded',
      'application/json, text/html',
      '/',
      'a'.repeat(5_000),
      'application/json; charset="',
    ],
    accept: [
      '*/*',
      'text/csv',
      'application/x-ndjson',
      'application/vnd.apache.parquet',
      'application/vnd.apache.arrow.stream',
      'text/*',
      'image/png',
      ';;;',
      'text/csv;q=NaN, */*;q=-1',
      'application/json;q=0',
      '',
      ','.repeat(5_000),
    ],
    'if-none-match': ['*', '"x"', 'W/"x"', '""', '"', ',,,', 'x'.repeat(5_000)],
    prefer: ['wait=0', 'wait=-1', 'wait=x', 'wait=1e9x', ',;='],
    'if-match': ['*', '"x"', '"'],
    'idempotency-key': ['', 'a', '"', '""', 'x'.repeat(300), 'é', '"same"', 'same'],
    authorization: [
      '',
      'Bearer',
      'Bearer ',
      'Basic',
      'Basic !!!',
      'Basic Og==',
      `Basic ${'/'.repeat(4_000)}`,
      'Bearer tsr_x',
      'Digest x',
      'bearer a b',
      `Bearer ${'x'.repeat(9_000)}`,
      'Bearer tsr_é',
    ],
    cookie: ['', '=;;=', 'a="\\"', `tessera=${'x'.repeat(4_000)}`, 'tessera=%00', 'tessera=%'],
    origin: ['null', 'https://evil.example', ':', ''],
    'sec-fetch-site': ['cross-site', 'none', ''],
    'x-forwarded-for': ['::1, nonsense', 'x'.repeat(1_000), '1.2.3.4, 5.6.7.8', ',', '[::]:80', '999.1.1.1'],
    'user-agent': ['xdmod-data/1.0.0', 'xdmod-data v1.0.1', '', 'é\u0080', 'x'.repeat(2_000)],
    'content-encoding': ['gzip', 'x'],
    token: ['', 'x', 'x'.repeat(2_000)],
    range: ['bytes=0-1', 'rows=x'],
    'x-http-method-override': ['DELETE'],
    'x-request-id': ['<script>', 'x'.repeat(500)],
    host: ['', 'evil.example', 'a b', '::'],
  }).map(([name, values]) => fc.constantFrom(...values).map((value): readonly [string, string] => [name, value])),
)

const oddBodies = fc.constantFrom(
  ...[
    '',
    ' ',
    '{',
    '}',
    '[',
    'null',
    '"',
    '0',
    '-',
    '1e400',
    '{"a":1e400}',
    '{"a":1,"a":2}',
    '{"__proto__":{}}',
    "{'a':1}",
    '{"a":NaN}',
  ],
  ...[
    '\ufeff{}',
    '{}{}',
    '{"a":"\u0000"}',
    '{"\\u0000":1}',
    '{"a":"\\ud800"}',
    '[{}]',
    '"text"',
    'true',
    '%',
    '%00=%00',
    'a=1&a=2&=&&&',
    'a[b]=c',
    '\0',
  ],
  ...[
    '['.repeat(50_000) + ']'.repeat(50_000),
    `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    `"${'x'.repeat(1_100_000)}"`,
  ],
)

/** What a path or query becomes where nobody encodes it rightly. */
const badEncodings = [
  '%',
  '%zz',
  '%00',
  '%0d%0a',
  '%c0%af',
  '%ED%A0%80',
  '%ff',
  '%2f',
  '%5c',
  '..%2f..',
  '%2e%2e/',
  '//',
  ';a=b',
  "'",
  '%25',
  '+',
]

type Wrong =
  | { readonly kind: 'path' | 'query' | 'unknown' | 'repeat'; readonly pick: number; readonly text: string }
  | { readonly kind: 'drop'; readonly pick: number }
  | { readonly kind: 'encoding'; readonly text: string; readonly inQuery: boolean }
  | {
      readonly kind: 'value'
      readonly pick: number
      readonly how: 'replace' | 'remove' | 'add' | 'wrap'
      readonly value: unknown
    }
  | { readonly kind: 'body'; readonly text: string }
  | { readonly kind: 'header'; readonly header: readonly [string, string] }
  | { readonly kind: 'method'; readonly method: string }

const pick = fc.nat({ max: 1_000 })
const inAddress = fc.record({
  kind: fc.constantFrom('path' as const, 'query' as const, 'query' as const, 'unknown' as const, 'repeat' as const),
  pick,
  text: nastyText,
})
const wrong = (operation: Operation): fc.Arbitrary<Wrong> =>
  fc.oneof(
    { weight: 5, arbitrary: inAddress },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), pick }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('encoding' as const),
        text: fc.constantFrom(...badEncodings),
        inQuery: fc.boolean(),
      }),
    },
    {
      weight: operation.requestBody ? 9 : 0,
      arbitrary: fc.record({
        kind: fc.constant('value' as const),
        pick,
        how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'wrap'),
        value: nastyValue,
      }),
    },
    {
      weight: operation.requestBody ? 2 : 1,
      arbitrary: fc.record({ kind: fc.constant('body' as const), text: oddBodies }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('header' as const), header: oddHeaders }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('method' as const),
        method: fc.constantFrom(
          'GET',
          'HEAD',
          'POST',
          'PUT',
          'PATCH',
          'DELETE',
          'OPTIONS',
          'TRACE',
          'PROPFIND',
          'QUERY',
        ),
      }),
    },
  )

interface Api {
  readonly schemas: ApiDocument['components']['schemas']
  readonly words: Words
}

/** Requests to one operation. */
export function shotsAt(operation: Operation, api: Api): fc.Arbitrary<Shot> {
  const place = (where: string) => {
    const mine = operation.parameters.filter((parameter) => parameter.in === where)
    const model = Object.fromEntries(mine.map(({ name, schema }) => [name, fitting(schema, name, api)]))
    const required = mine.filter((parameter) => parameter.required)
    return members(
      model,
      required.map(({ name }) => name),
      api,
    )
  }
  const [type = ''] = Object.keys(operation.requestBody?.content ?? {})
  const schema = operation.requestBody?.content[type]?.schema
  const body = schema ? fitting(schema, '', api) : fc.constant(undefined)
  const cursor = fc.option(nastyCursor, { nil: undefined, freq: 3 })
  const wrongs = fc.oneof(
    { weight: 3, arbitrary: fc.array(wrong(operation), { maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(wrong(operation), { minLength: 2, maxLength: 3 }) },
  )
  return fc
    .record({ params: place('path'), query: place('query'), sent: place('header'), body, cursor, wrongs })
    .map((parts) => write(operation, type, parts))
}

interface Parts {
  readonly params: Record<string, unknown>
  readonly query: Record<string, unknown>
  readonly sent: Record<string, unknown>
  readonly body: unknown
  readonly cursor: string | undefined
  readonly wrongs: readonly Wrong[]
}

function write(operation: Operation, type: string, { params, query, sent, body, cursor, wrongs }: Parts): Shot {
  const path = { ...params }
  let pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  )
  if ('cursor' in query && cursor !== undefined)
    pairs = pairs.map(([name, value]) => [name, name === 'cursor' ? cursor : value])
  const headers: Record<string, string> = Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name.toLowerCase(), String(value)]),
  )
  let { method } = operation
  let value = body
  let raw: string | undefined
  const tails = { path: '', query: '' }
  for (const one of wrongs) {
    if (one.kind === 'header') headers[one.header[0]] = one.header[1]
    else if (one.kind === 'method') method = one.method
    else if (one.kind === 'body') raw = one.text
    else if (one.kind === 'value') value = spoil(value, one)
    else if (one.kind === 'encoding') tails[one.inQuery ? 'query' : 'path'] += one.text
    else if (one.kind === 'drop') pairs = pairs.filter((_, at) => at !== one.pick % Math.max(1, pairs.length))
    else pairs = spoilAddress(operation, path, pairs, one)
  }
  const address = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encode(String(path[name]))) + tails.path
  const search = pairs.map(([name, text]) => `${encode(name)}=${encode(text)}`).join('&') + tails.query
  const written =
    raw ?? (value === undefined ? undefined : type.endsWith('urlencoded') ? formOf(value) : JSON.stringify(value))
  if (written !== undefined) headers['content-type'] ??= type || 'application/json'
  const clean = Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [name, text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')]),
  )
  return { method, path: address + (search && `?${search}`), headers: clean, body: written }
}

function spoilAddress(
  operation: Operation,
  path: Record<string, unknown>,
  pairs: [string, string][],
  one: { kind: string; pick: number; text: string },
) {
  const names = operation.parameters.filter(({ in: where }) => where === (one.kind === 'path' ? 'path' : 'query'))
  const name = names[one.pick % Math.max(1, names.length)]?.name
  if (one.kind === 'path') {
    if (name !== undefined) path[name] = one.text
    return pairs
  }
  if (one.kind === 'unknown' || name === undefined)
    return [...pairs, [one.pick % 3 ? 'zz_unknown' : one.text, one.text] as [string, string]]
  const others = one.kind === 'query' ? pairs.filter(([other]) => other !== name) : pairs
  return [...others, [name, one.text] as [string, string]]
}

type Place = { readonly holder: Record<string, unknown> | unknown[]; readonly key: string | number }

/** Puts something wrong into one place of a JSON value. */
function spoil(value: unknown, { pick, how, value: nasty }: { pick: number; how: string; value: unknown }): unknown {
  const root = { '': structuredClone(value) }
  const places: Place[] = []
  const walk = (holder: Place['holder'], key: string | number): void => {
    places.push({ holder, key })
    const inner = (holder as Record<string | number, unknown>)[key]
    if (typeof inner === 'object' && inner !== null)
      for (const name of Object.keys(inner)) walk(inner as Record<string, unknown>, name)
  }
  walk(root, '')
  const { holder, key } = places[pick % places.length] as Place
  const at = holder as Record<string | number, unknown>
  if (how === 'replace') at[key] = nasty
  else if (how === 'wrap') at[key] = pick % 2 ? [at[key]] : { value: at[key] }
  else if (how === 'remove') delete at[key]
  else if (typeof at[key] === 'object' && at[key] !== null) (at[key] as Record<string, unknown>).zz_unknown = nasty
  else at[`${key}_zz`] = nasty
  return root['']
}

function formOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .flatMap(([name, inner]) => [inner].flat(1).map((one) => `${encode(name)}=${encode(textOf(one))}`))
    .join('&')
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** Lone surrogates go as the bytes that they would be, were they characters. */
const encode = (text: string): string =>
  text.isWellFormed() ? encodeURIComponent(text) : `${encodeURIComponent(text.toWellFormed())}%ED%A0%80`
