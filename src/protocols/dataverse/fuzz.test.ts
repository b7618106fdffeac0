import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { isStreamed } from '#src/http/endpoint.ts'
import { leastDataset } from '#test/dataverse-examples.ts'
import { type DataversePortal, openDataversePortal } from '#test/dataverse-portal.ts'
import { dataverseRoutes } from './routes.ts'

let portal: DataversePortal
let keys: readonly (string | null)[]
let deleters: readonly (string | null)[]
before(async () => {
  portal = await openDataversePortal({ builtinUsersKey: 'burrito' })
  const alice = await portal.depositor('member', 'alice')
  const root = await portal.depositor('admin', 'root')
  const bob = await portal.depositor('member', 'bob')
  keys = [alice.key, alice.key, root.key, null, 'wrong', '']
  // Or soon nothing would be left to stumble over.
  deleters = [bob.key, null, 'wrong']
  await portal.ask(alice.key, 'POST', '/api/dataverses/root', { alias: 'lab', name: 'Lab' })
  await portal.ask(alice.key, 'POST', '/api/dataverses/lab/actions/:publish')
  for (const type of ['major', null]) {
    const made = await portal.ask(alice.key, 'POST', '/api/dataverses/lab/datasets', leastDataset())
    const { id } = made.json().data
    if (type) await portal.ask(alice.key, 'POST', `/api/datasets/${id}/actions/:publish?type=${type}`)
    words.push(String(id))
    pids.push(made.json().data.persistentId)
  }
})
after(() => portal.close())

const words = [
  'lab',
  'root',
  ':root',
  ':persistentId',
  ':draft',
  ':latest',
  ':latest-published',
  '1.0',
  ':publish',
  ':me',
]
const pids = ['garbage', 'doi:', 'perma:x/y', 'https://doi.org/', 'doi:10.5072/FK2/%00', '']
const odd = fc.oneof(
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.constantFrom('', '0', '-1', '9'.repeat(30), '../..', '__proto__', 'constructor', '%00', "'", '%', 'null', '1.0.0'),
)
const word = fc.oneof(
  { weight: 4, arbitrary: fc.nat().map((at) => words[at % words.length] ?? '') },
  { weight: 1, arbitrary: odd },
)

/** What some client might have sent, wholly or in part. */
const field = fc.record(
  {
    typeName: fc.oneof(fc.constantFrom('title', 'author', 'subject', 'keyword', 'subtitle'), odd),
    multiple: fc.oneof(fc.boolean(), fc.constant(null)),
    typeClass: fc.constantFrom('primitive', 'compound', 'controlledVocabulary'),
    value: fc.oneof(
      fc.jsonValue(),
      fc.constant('x'),
      fc.constant(['Law']),
      fc.constant([{ authorName: { value: 'A' } }]),
    ),
  },
  { requiredKeys: [] },
)
const body = fc.oneof(
  fc.constant(leastDataset()),
  fc.constant(leastDataset().datasetVersion),
  fc.jsonValue(),
  fc.record(
    {
      alias: word,
      name: odd,
      datasetVersion: fc.jsonValue(),
      fields: fc.array(field, { maxLength: 3 }),
      metadataBlocks: fc.oneof(
        fc.jsonValue(),
        fc.record({ citation: fc.record({ fields: fc.array(field, { maxLength: 3 }) }) }),
      ),
      license: fc.oneof(fc.constantFrom('CC0 1.0', { name: 'CC0 1.0' }), fc.jsonValue()),
      customTerms: fc.jsonValue(),
      customTermsOfAccess: fc.jsonValue(),
      deaccessionReason: odd,
      reasonForReturn: odd,
      assignee: fc.constantFrom('@alice', ':guest', '@nobody', 7),
      role: fc.constantFrom('admin', 'curator', 'king', null),
      permissions: fc.oneof(fc.constant(['ALL']), fc.jsonValue()),
      dataverseContacts: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
)
const query = fc.record(
  {
    persistentId: fc.oneof(
      fc.nat().map((at) => pids[at % pids.length] ?? ''),
      odd,
    ),
    type: fc.constantFrom('major', 'minor', 'updatecurrent', 'x', 'Ingest'),
    replace: fc.constantFrom('true', 'false', 'maybe'),
    includeDeaccessioned: fc.constantFrom('true', 'false'),
    limit: odd,
    offset: odd,
    exporter: fc.constantFrom('dataverse_json', 'Datacite', 'nope'),
    version: word,
    dvo: word,
    password: odd,
    returnOwners: fc.constant('TRUE'),
  },
  { requiredKeys: [] },
)

test('whatever a client asks, the answer is right or a refusal with a text, never a failure of ours', async () => {
  const contracts = dataverseRoutes(portal.needs)
    .map(({ contract }) => contract)
    .filter((contract) => !isStreamed(contract) && contract.path.startsWith('/api/'))
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...contracts),
      fc.array(word, { minLength: 4, maxLength: 4 }),
      query,
      body,
      fc.nat(),
      async ({ method, path }, values, asked, sent, who) => {
        const rest = [...values]
        const url = path.replace(/[:*]\w+/g, () => encodeURIComponent((rest.shift() ?? 'x').toWellFormed() || 'x'))
        const written = new URLSearchParams(
          Object.entries(asked).map(([name, value]): [string, string] => [name, value.toWellFormed()]),
        )
        const askers = method === 'DELETE' || path.startsWith('/api/users/token') ? deleters : keys
        const key = askers[who % askers.length] ?? null
        const reply = await portal.app.inject({
          method,
          url: `${url}?${written}`,
          headers: {
            ...(key !== null && { 'x-dataverse-key': key }),
            ...(method !== 'GET' && { 'content-type': 'application/json' }),
          },
          ...(method !== 'GET' && { payload: JSON.stringify(sent) }),
        })
        assert.ok(reply.statusCode < 500, `${method} ${url} ${reply.statusCode} ${reply.body}`)
        if (reply.statusCode < 400) return
        assert.equal(reply.json().status, 'ERROR')
        assert.equal(typeof reply.json().message, 'string')
        assert.notEqual(reply.json().message, '')
      },
    ),
    { numRuns: 1500 },
  )
})
