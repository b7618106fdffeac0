import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { XMLValidator } from 'fast-xml-parser'
import { z } from 'zod'
import { verifyChain } from '#src/audit/verify-chain.ts'
import { callers, type FuzzedProduct, openFuzzedProduct, type Told } from './fuzz-product.ts'
import { type ApiDocument, type Operation, operationsOf, type Shot, shotsAt } from './fuzz-requests.ts'

/**
 * The whole product, asked wrongly in every way that its own OpenAPI document suggests. `TESSERA_FUZZ_RUNS=500` asks more of
 * each operation, `TESSERA_FUZZ_SEED=…` asks otherwise, `TESSERA_FUZZ_ONLY=issue-token` asks those whose
 * ids begin so.
 */
const runs = Number(process.env.TESSERA_FUZZ_RUNS ?? 25)
const seed = Number(process.env.TESSERA_FUZZ_SEED ?? 20261122)
const only = process.env.TESSERA_FUZZ_ONLY
/** Each of these hashes a password or starts a process. */
const costly = new Set([
  'refresh-model',
  'read-report-file',
  'sign-in',
  'xdmod-sign-in',
  'sign-out',
  'xdmod-sign-out',
  'change-password',
])

/** Behind these there is most to stumble over. */
const deep = /query|raw|values|xdmod-(user|metric)/

describe(`the product, fuzzed from its own description (seed ${seed}),`, () => {
  let fuzzed: FuzzedProduct
  let api: ApiDocument
  /** Operations that did what they were asked, at least once. */
  const answered = new Set<string>()
  before(async () => {
    fuzzed = await openFuzzedProduct()
    api = JSON.parse(
      (
        await fuzzed.fire({ method: 'GET', path: '/v1/openapi.json', headers: {}, body: undefined }, 'nobody')
      ).body.toString(),
    )
  })
  after(() => fuzzed[Symbol.asyncDispose]())

  test('keeps its promises whatever it is asked', async (t) => {
    t.diagnostic(`seed ${seed}, ${runs} requests for each operation`)
    const operations = operationsOf(api).filter(({ operationId }) => only === undefined || operationId.startsWith(only))
    assert.ok(operations.length > 0)
    for (const operation of operations) await t.test(operation.operationId, () => fuzz(operation))
  })

  async function fuzz(operation: Operation): Promise<void> {
    const promises = promisesOf(operation, api)
    const shots = shotsAt(operation, { schemas: api.components.schemas, words: fuzzed.words })
    const likely =
      operation.security.some((one) => 'session' in one) && !operation.security.some((one) => 'token' in one)
        ? 'session'
        : 'admin'
    const { operationId } = operation
    const numRuns = Math.ceil(runs * (costly.has(operationId) ? 0.4 : deep.test(operationId) ? 3 : 1))
    await fc.assert(
      fc.asyncProperty(shots, fc.constantFrom(likely, ...callers), async (shot, as) => {
        // Where slashes at the end mean nothing, an empty name there is another address.
        if (operation.tags[0] === 'dataverse' && shot.path.split('?', 1)[0]?.endsWith('/')) return
        const told = await fuzzed.fire(shot, as)
        if (mayHaveEnded(operation, told)) fuzzed.lost(as)
        const faults = [...promises(shot, told), ...leaksIn(operationId, told)]
        if (faults.length > 0)
          assert.fail(`${faults.join('\n')}\n${told.status} ${told.body.toString().slice(0, 2000)}\n${loggedOf(told)}`)
        if (told.status < 300 && shot.method === operation.method) answered.add(operation.operationId)
      }),
      {
        numRuns,
        seed: seed + operation.operationId.length * 997 + operation.path.length,
        interruptAfterTimeLimit: 300_000,
      },
    )
  }

  /** What a revoked token or an ended session would have us believe is a refusal of everything. */
  const mayHaveEnded = ({ method, operationId }: Operation, { status }: Told): boolean =>
    status === 401 ||
    (status < 300 && (method === 'DELETE' || /disable|revoke|leak|sign-out|update-account/.test(operationId)))

  const leaksIn = (operationId: string, { status, body, headers }: Told): string[] => {
    // A file of Parquet or Arrow says what wrote it.
    const binary = /parquet|arrow/.test(headers['content-type'] ?? '')
    const text = (binary ? '' : body.toString()) + JSON.stringify({ ...headers, 'set-cookie': undefined })
    return [
      ...(tellsOwn.has(operationId) ? [] : fuzzed.secrets())
        .filter((secret) => text.includes(secret))
        .map(() => 'a secret'),
      ...(status === 200 && forOperators.has(operationId) ? [] : innards)
        .filter((pattern) => pattern.test(text))
        .map((pattern) => `innards: ${pattern}`),
    ]
  }

  const loggedOf = ({ headers }: Told): string =>
    fuzzed.product
      .logged()
      .split('\n')
      .filter((line) => line.includes(String(headers['x-request-id'])))
      .join('\n')
      .slice(0, 4000)

  test('was not only refusing: most operations did something as well', () => {
    if (only !== undefined) return
    const refused = operationsOf(api).filter(({ operationId }) => !answered.has(operationId))
    // What needs a whole dataset or report in its body is walked by the sweep over changes; here its refusals are tried.
    assert.ok(refused.length < answered.size / 2, refused.map(({ operationId }) => operationId).join(', '))
  })

  test('changed nothing without an audit event, and the trail is whole', async () => {
    assert.deepEqual(await fuzzed.unaudited(), [])
    assert.deepEqual((await verifyChain(fuzzed.product.base.db)).faults, [])
  })

  test('is still there', async () => {
    const told = await fuzzed.fire({ method: 'GET', path: '/health/ready', headers: {}, body: undefined }, 'nobody')
    assert.equal(told.status, 200, told.body.toString())
  })
})

/** These typeset a document and send it before they answer. */
const renders = /^test-subscription$|^preview-|-file$/

/** These say again the token that they were asked with. */
const tellsOwn = new Set(['dataverse-show-token'])

/** What these answer to those who may ask is how the installation is made; secrets are looked for all the same. */
const forOperators = new Set(['list-settings', 'show-health', 'list-problems'])

/** Traces of what only we should see: stacks, files, statements, the words of the engines below. */
const innards = [
  /\n\s+at .+:\d+:\d+/,
  /node_modules|\.ts:\d+|\/tessera-(product|fuzz)/,
  /\bselect\b.+\bfrom\b|\binsert into\b|\bupdate \w+ set\b/i,
  /duckdb|postgres|kysely|pgboss|\b(Binder|Parser|Catalog|Conversion|Out of Range) Error/i,
  /TypeError|RangeError|SyntaxError|ZodError|ECONN/,
]

const oddly = z.looseObject({ success: z.literal(false), message: z.string().min(1), data: z.tuple([]) })
/** What other systems' clients take for an error; the document leaves their form to their own documentation. */
const foreignErrors: Readonly<Record<string, z.ZodType>> = {
  xdmod: oddly,
  dataverse: z.looseObject({ status: z.literal('ERROR'), message: z.string().min(1) }),
  oauth: z.looseObject({ error: z.string().min(1), error_description: z.string() }),
}

/** Whose problems are documents in XML. */
const xmlTongues = new Set(['oai-pmh', 'sword'])

type Promises = (shot: Shot, told: Told) => string[]

/** What the document says of every reply of an operation; out come the promises that one broke. */
function promisesOf(operation: Operation, { components }: ApiDocument): Promises {
  const book = JSON.parse(JSON.stringify(components.schemas).replaceAll('#/components/schemas/', '#/$defs/'))
  const shapeOf = (schema: unknown): z.ZodType =>
    z.fromJSONSchema({
      ...JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/')),
      $defs: book,
    })
  const problem = shapeOf({ $ref: '#/components/schemas/Problem' })
  const foreign = foreignErrors[operation.tags[0] ?? '']
  const replies = new Map(
    Object.entries(operation.responses).map(([status, { content = {} }]) => {
      const schema = content['application/json']?.schema
      return [Number(status), { types: Object.keys(content), shape: schema && shapeOf(schema) }]
    }),
  )

  const checkProblem = ({ status, headers, body }: Told): string[] => {
    // Who follows a link in a mail has a browser, so that problems are pages.
    if (operation.tags[0] === 'mail')
      return headers['content-type']?.startsWith('text/html') ? [] : [`a page of type ${headers['content-type']}`]
    if (xmlTongues.has(operation.tags[0] ?? '')) {
      const isXml = /^(text|application)\/xml/.test(headers['content-type'] ?? '')
      return isXml && XMLValidator.validate(body.toString()) === true
        ? []
        : [`no XML, of type ${headers['content-type']}`]
    }
    const json = foreign ? 'application/json' : 'application/problem+json'
    if (!headers['content-type']?.startsWith(json)) return [`a problem of type ${headers['content-type']}`]
    const value = parse(body)
    const read = (foreign ?? problem).safeParse(value)
    if (!read.success) return [`a problem of another shape: ${read.error.message}`]
    return foreign || (value as { status: number }).status === status ? [] : ['a problem that states another status']
  }

  const checkReply = ({ status, headers, body }: Told): string[] => {
    const promised = replies.get(status)
    if (!promised) return [`the status ${status}, which is not promised`]
    const [type = ''] = (headers['content-type'] ?? '').split(';')
    if (body.length === 0) return promised.types.length === 0 || type !== 'application/json' ? [] : ['no body']
    // Files have types of their own.
    const any = promised.types.includes('application/octet-stream')
    if (!any && !promised.types.includes(type)) return [`the type ${type}, which is not promised`]
    if (type === 'application/x-ndjson')
      return body
        .toString()
        .split('\n')
        .every((line) => line === '' || parse(Buffer.from(line)))
        ? []
        : ['broken NDJSON']
    if (type !== 'application/json') return []
    const value = parse(body)
    if (value === undefined) return ['broken JSON']
    const read = promised.shape?.safeParse(value)
    return read === undefined || read.success ? [] : [`another shape than promised: ${read.error.message}`]
  }

  return (shot, told) => {
    const faults =
      told.ms > (renders.test(operation.operationId) ? 30_000 : 5_000) ? [`an answer after ${told.ms} ms`] : []
    const { status, headers, body } = told
    if (!headers['x-request-id'] && status !== 400) faults.push('no request id')
    if (
      status >= 500 &&
      !(status === 503 && headers['x-request-id'] && /model-not-ready|has not been refreshed yet/.test(body.toString()))
    )
      faults.push(`the status ${status}`)
    if (shot.method === 'HEAD' || status === 304)
      return [...faults, ...(body.length > 0 ? ['a body where none may be'] : [])]
    if (status >= 400) return [...faults, ...checkProblem(told)]
    if (shot.method === operation.method && !shot.path.includes('//')) return [...faults, ...checkReply(told)]
    return status < 300 ? faults : [...faults, `the status ${status}`]
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
