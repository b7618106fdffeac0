import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { sql } from 'kysely'
import { actor, localCaller } from '#src/access/caller.ts'
import { type Role, roles } from '#src/access/permissions.ts'
import { createAccount } from '#src/accounts/create-account.ts'
import { disableAccount } from '#src/accounts/disable-account.ts'
import { updateAccount } from '#src/accounts/update-account.ts'
import { tokenNeeds } from '#src/needs.ts'
import { issueToken } from '#src/tokens/issue-token.ts'
import { revokeToken } from '#src/tokens/revoke-token.ts'
import { testProduct } from '#test/product.ts'
import { bearer } from '#test/sample-api.ts'

const models = {
  open: '{ query: public, raw: member }',
  own: '{ query: viewer, raw: member, row_filter: [{ dimension: clerk, equals: account.name, unless_role: manager }] }',
  board: '{ query: manager, raw: admin }',
  bare: '{ query: member }',
}
type Model = keyof typeof models
const names = Object.keys(models) as Model[]
const rows = 6

const directory = await mkdtemp(path.join(tmpdir(), 'tessera-reach-'))
await writeFile(
  path.join(directory, 'sales.csv'),
  ['clerk,n', ...Array.from({ length: rows }, (_, i) => `c${i % 2},${i}`)].join('\n'),
)
for (const name of names)
  await writeFile(
    path.join(directory, `${name}.yml`),
    `version: 1
name: ${name}
label: The ${name} model
facts: sales
tables: [{ name: sales, files: sales.csv, header: true, delimiter: ",", columns: { clerk: VARCHAR, n: BIGINT } }]
dimensions: [{ name: clerk, label: Clerk, expr: clerk }]
metrics: [{ name: rows, label: Rows, agg: count }]
${name === 'bare' ? '' : 'raw: { order_by: [n], fields: [{ name: n, label: N, type: integer }] }'}
access: ${models[name]}
`,
  )
const product = await testProduct({
  TESSERA_MODELS__DIRECTORY: directory,
  TESSERA_RATE_LIMIT__PER_ADDRESS: '0',
  TESSERA_RATE_LIMIT__PER_TOKEN: '0',
})
after(async () => {
  await product[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})
const { base, server } = product
const needs = tokenNeeds(base)
const operator = actor(localCaller('command', 'test'))
const change: typeof base.change = (by, body) => base.change(by, body)
const get = (url: string, secret: string) => server.inject({ url, headers: bearer(secret) })
const refresh = (model: string, secret: string) =>
  server.inject({ method: 'POST', url: `/v1/models/${model}/refreshes`, headers: bearer(secret) })

let count = 0
const someone = (role: Role) =>
  change(operator, (tx) => createAccount(product.accounts, tx, { userName: `c${count++}`, kind: 'person', role }))
const make = (account: string, permissions: readonly string[], more: object = {}) =>
  change(operator, (tx) => issueToken(needs, tx, { name: 'test', account, permissions, ...more }))

const admin = await someone('admin')
const all = await make(admin.user_name, ['tokens:write', 'tokens:admin', 'models:refresh', 'warehouse:read'])
for (const name of names) assert.equal((await refresh(name, all.secret)).statusCode, 202)
for (let tries = 0; ; tries++) {
  const { models: shown } = (await get('/v1/models', all.secret)).json()
  if (shown.every(({ freshness }: { freshness: object | null }) => freshness !== null)) break
  assert.ok(tries < 300, 'the models were not refreshed within thirty seconds')
  await sleep(100)
}

interface Reach {
  readonly state: string
  readonly works: boolean
  readonly permissions: readonly { permission: string; resource: string | null; effective: boolean; why_not: string }[]
  readonly models: readonly { name: string; query: boolean; raw: boolean; refresh: boolean; rows_filtered: boolean }[]
}
const reachOf = async (id: string): Promise<Reach> => {
  const answer = await get(`/v1/tokens/${id}/reach`, all.secret)
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json()
}

/** What real requests with the token come to. */
async function tried(secret: string, model: Model) {
  const [query, raw, refreshed] = await Promise.all([
    get(`/v1/query?model=${model}&metrics=rows`, secret),
    get(`/v1/models/${model}/raw`, secret),
    refresh(model, secret),
  ])
  return {
    query: query.statusCode === 200,
    raw: raw.statusCode === 200,
    refresh: refreshed.statusCode === 202,
    filtered: query.statusCode === 200 && (query.json().rows[0]?.[0] ?? 0) < rows,
  }
}

const texts = ['warehouse:read', 'warehouse:raw', 'models:refresh'].flatMap((permission) => [
  permission,
  ...[...names, 'gone'].map((model) => `${permission}:${model}`),
])
const fates = ['none', 'none', 'none', 'revoked', 'disabled', 'pending', 'expired'] as const

test('what is told of a token is what its requests come to', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.constantFrom(...texts, 'runs:read'), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(...roles),
      fc.constantFrom(...fates),
      async (permissions, role, fate) => {
        const account = await someone('admin')
        const later = new Date(Date.now() + 3_600_000).toISOString()
        const { token, secret } = await make(
          account.user_name,
          permissions,
          fate === 'pending' ? { not_before: later } : {},
        )
        // The role that the account had when the token was made is not the one that counts.
        await change(operator, (tx) => updateAccount(product.accounts, tx, account.id, { role }))
        if (fate === 'revoked') await change(operator, (tx) => revokeToken(needs, tx, { id: token.id }))
        if (fate === 'disabled') await change(operator, (tx) => disableAccount(product.accounts, tx, account.id))
        if (fate === 'expired')
          await sql`update tokens set created_at = now() - interval '2 days', expires_at = now() - interval '1 day'
            where id = ${token.id}`.execute(base.db)

        const reach = await reachOf(token.id)
        const current = await get('/v1/tokens/current', secret)
        assert.equal(reach.works, current.statusCode === 200)
        assert.equal(reach.works, fate === 'none')
        for (const name of names) {
          const told = reach.models.find((model) => model.name === name)
          const { filtered, ...may } = await tried(secret, name)
          assert.deepEqual(
            { query: told?.query ?? false, raw: told?.raw ?? false, refresh: told?.refresh ?? false },
            may,
            `${name} with ${permissions} as ${role}, ${fate}`,
          )
          if (may.query) assert.equal(told?.rows_filtered, filtered, name)
          for (const { permission, resource, effective } of reach.permissions) {
            const does = { 'warehouse:read': may.query, 'warehouse:raw': may.raw, 'models:refresh': may.refresh }
            if (effective && resource === name)
              assert.ok(does[permission as keyof typeof does], `${permission}:${name}`)
          }
        }
        for (const { effective, why_not } of reach.permissions) assert.equal(effective, why_not === null)
        if (reach.works)
          for (const { permission, resource, effective } of reach.permissions) {
            const text = resource === null ? permission : `${permission}:${resource}`
            if (effective) assert.ok(current.json().effective_permissions.includes(text), text)
          }
      },
    ),
    { numRuns: 30 },
  )
})

test('why a permission comes to nothing is said in words', async () => {
  const account = await someone('manager')
  const { token } = await make(account.user_name, [
    'models:refresh:own',
    'warehouse:read:board',
    'warehouse:read:gone',
    'warehouse:raw:bare',
    'warehouse:raw:board',
    'runs:read',
  ])
  const why = async () =>
    Object.fromEntries(
      (await reachOf(token.id)).permissions.map(({ permission, resource, why_not }) => [
        resource === null ? permission : `${permission}:${resource}`,
        why_not,
      ]),
    )
  assert.deepEqual(await why(), {
    'models:refresh:own': null,
    'warehouse:read:board': null,
    'warehouse:read:gone': 'There is no model called gone.',
    'warehouse:raw:bare': 'The model has no raw rows.',
    'warehouse:raw:board': 'The model’s raw rows are for the role admin.',
    'runs:read': null,
  })
  await change(operator, (tx) => updateAccount(product.accounts, tx, account.id, { role: 'viewer' }))
  const lower = await why()
  assert.equal(
    lower['models:refresh:own'],
    'The account’s role is viewer; this is for the role manager and those above it.',
  )
  assert.equal(lower['warehouse:read:board'], 'The model is for the role manager and those above it.')
  await change(operator, (tx) => disableAccount(product.accounts, tx, account.id))
  assert.equal((await why())['runs:read'], 'The token’s account is disabled.')
  await change(operator, (tx) => revokeToken(needs, tx, { id: token.id }))
  const dead = await reachOf(token.id)
  assert.deepEqual([dead.state, dead.works, dead.models], ['revoked', false, []])
})

test('who may do nothing with a model does not learn by a token’s reach that there is one', async () => {
  const viewer = await someone('viewer')
  const { token } = await make(viewer.user_name, ['warehouse:read:board', 'warehouse:read:gone'])
  const { secret } = await make(viewer.user_name, ['tokens:write'])
  const reach = (await get(`/v1/tokens/${token.id}/reach`, secret)).json() as Reach
  assert.deepEqual(reach.permissions.map(({ why_not }) => why_not).sort(), [
    'There is no model called board.',
    'There is no model called gone.',
  ])
})

test('one’s own tokens, or anybody’s for administrators; others’ do not exist', async () => {
  const [ada, bob] = [await someone('member'), await someone('member')]
  const { token } = await make(ada.user_name, ['warehouse:read'])
  const asks = async (of: typeof ada, permissions = ['tokens:write']) =>
    (await get(`/v1/tokens/${token.id}/reach`, (await make(of.user_name, permissions)).secret)).statusCode
  assert.deepEqual([await asks(ada), await asks(bob), await asks(ada, ['warehouse:read'])], [200, 404, 403])
})
