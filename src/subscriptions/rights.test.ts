import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Grants } from '#src/access/grants.ts'
import { salesFiles } from '#test/reports.ts'
import { plainSubscription, salesReport, subscriptionsHouse } from '#test/subscriptions.ts'

const house = await subscriptionsHouse({
  access: 'access: { query: viewer, row_filter: [{ dimension: clerk, equals: account.name, unless_role: admin }] }',
  files: salesFiles({ centers: ['s0,ada@example.org,', 's1,bob@example.org,'] }),
})
const { call, run, join, ask, show } = house
// Each sees the rows of one shop; the administrator those of all.
const root = await join('root', 'admin')
const ada = await join('ada', 'manager')
const bob = await join('bob', 'manager')
const definition = {
  blocks: [
    { type: 'number', id: 'total', title: 'Total', query: { model: 'sales', metrics: ['total'] } },
    {
      type: 'table',
      id: 'by_shop',
      title: 'By shop',
      query: { model: 'sales', metrics: ['total'], dimensions: ['shop'] },
    },
  ],
}
assert.equal((await ask('root', 'POST', '/v1/reports', salesReport({ definition }))).status, 201)

const make = async (who: string, id: string, over: object = {}) =>
  call(who, 'POST', '/v1/subscriptions', { id, ...plainSubscription(over) })

async function made(who: string, id: string, over: object = {}) {
  const { status, body } = await make(who, id, over)
  assert.equal(status, 201, JSON.stringify(body))
}

/** A token of somebody with these permissions only. */
const narrow = (token: string, caller: typeof ada, ...grants: string[]) =>
  show(token, { ...caller, tokenId: token, grants: Grants.of(grants) })

const people = [ada, bob, root].map(({ accountId }) => ({ account: accountId }))

async function shopsIn(who: string, id: string): Promise<string[]> {
  const { artifacts } = (await call(who, 'GET', `/v1/runs/${id}/artifacts`)).body
  const found: string[] = []
  for (const { url } of artifacts)
    found.push([...new Set(String((await call(who, 'GET', url)).body).match(/S\d/g))].sort().join(' '))
  return found
}

test('a trial of rows by recipient holds what its asker may see, and nothing of the recipients', async () => {
  await made('root', 'each', { rows: 'recipient', recipients: people })
  const dry = await run('ada', 'each', { dry_run: true })
  assert.equal(dry.run.state, 'succeeded', JSON.stringify(dry.run.error))
  assert.deepEqual(await shopsIn('ada', dry.run.id), ['S0'])
})

test('a trial is repeated and read by its asker only, for as long as they may read the report', async () => {
  await made('root', 'tried')
  const dry = await run('root', 'tried', { dry_run: true })
  assert.deepEqual(await shopsIn('root', dry.run.id), ['S0 S1 S2'])
  assert.equal((await call('bob', 'GET', `/v1/runs/${dry.run.id}`)).status, 404)
  assert.equal((await call('bob', 'POST', `/v1/runs/${dry.run.id}/rerun`)).status, 404)
  const mine = await run('ada', 'tried', { dry_run: true })
  const others = await call('root', 'POST', `/v1/runs/${mine.run.id}/rerun`)
  assert.deepEqual([others.status, others.body.code], [403, 'owner-may-not'])
  narrow('starts', ada, 'subscriptions:run:tried', 'runs:read')
  assert.equal((await call('starts', 'GET', `/v1/runs/${mine.run.id}`)).status, 200)
  assert.deepEqual(await shopsIn('starts', mine.run.id), [])
  const [artifact] = (await call('ada', 'GET', `/v1/runs/${mine.run.id}/artifacts`)).body.artifacts
  assert.equal((await call('starts', 'GET', artifact.url)).status, 404)
  const again = await call('starts', 'POST', `/v1/runs/${mine.run.id}/rerun`)
  assert.deepEqual([again.status, again.body.missing_permissions], [403, ['reports:read:weekly-sales']])
  const repeated = await call('ada', 'POST', `/v1/runs/${mine.run.id}/rerun`)
  assert.equal(repeated.status, 202, JSON.stringify(repeated.body))
  await house.perform(repeated.body.id)
  assert.deepEqual(await shopsIn('ada', repeated.body.id), ['S0'])
  assert.equal((await call('bob', 'GET', `/v1/runs/${repeated.body.id}`)).status, 404)
})

test('only an administrator gives a subscription to somebody else', async () => {
  await made('ada', 'given', { recipients: [{ address: 'ada@elsewhere.org' }] })
  const pushed = await call('ada', 'POST', '/v1/subscriptions/given/owner', { account: root.accountId })
  assert.deepEqual([pushed.status, pushed.body.missing_permissions], [403, ['accounts:admin']])
  narrow('writes', root, 'subscriptions:write')
  const narrowed = await call('writes', 'POST', '/v1/subscriptions/given/owner', { account: bob.accountId })
  assert.deepEqual([narrowed.status, narrowed.body.missing_permissions], [403, ['accounts:admin']])
  const given = await call('root', 'POST', '/v1/subscriptions/given/owner', { account: bob.accountId })
  assert.deepEqual([given.status, given.body.owner.user_name], [200, 'bob'])
})

test('a run that refreshes first is repeated by those only who may refresh', async () => {
  await made('ada', 'fresh')
  const started = await call('ada', 'POST', '/v1/subscriptions/fresh/runs', { refresh_first: true })
  assert.equal((await call('ada', 'POST', `/v1/runs/${started.body.id}/cancel`)).status, 200)
  narrow('once', bob, 'subscriptions:run:fresh')
  const again = await call('once', 'POST', `/v1/runs/${started.body.id}/rerun`)
  assert.deepEqual([again.status, again.body.missing_permissions], [403, ['models:refresh:sales']])
  assert.equal((await call('ada', 'POST', `/v1/runs/${started.body.id}/rerun`)).status, 202)
})

test('a token that writes subscriptions writes none that reads more than the token may', async () => {
  const needs = async (over: object, ...grants: string[]) => {
    narrow('writer', ada, 'subscriptions:write', ...grants)
    const { body } = await make('writer', 'narrow', over)
    const preview = await call('writer', 'POST', '/v1/subscriptions/preview', {
      id: 'narrow',
      ...plainSubscription(over),
    })
    assert.deepEqual(preview.body.missing_permissions, body.missing_permissions)
    return body.missing_permissions
  }
  const read = 'reports:read:weekly-sales'
  const schedule = { frequency: 'weekly', at: '07:00', weekdays: ['mon'], time_zone: 'UTC' }
  const from = { model: 'sales', option_set: 'centers', address: 'label', value: 'id' }
  assert.deepEqual(await needs({}), [read])
  assert.deepEqual(await needs({ report: 'not-there' }), ['reports:read:not-there'])
  assert.deepEqual(await needs({ recipients: [], burst: { by: 'shop', from } }, read), ['warehouse:read:sales'])
  assert.deepEqual(await needs({ refresh_first: true }, read), ['models:refresh:sales'])
  assert.deepEqual(await needs({ schedule }, read), ['subscriptions:run:narrow'])
  const made = await make('writer', 'narrow')
  assert.equal(made.status, 201, JSON.stringify(made.body))
  narrow('writer', ada, 'subscriptions:write')
  const etag = String(made.headers.etag)
  const renamed = plainSubscription({ name: 'Another' })
  const updated = await call('writer', 'PUT', '/v1/subscriptions/narrow', renamed, { 'if-match': etag })
  assert.deepEqual([updated.status, updated.body.missing_permissions], [403, [read]])
  assert.equal((await call('writer', 'POST', '/v1/subscriptions/narrow/preview')).status, 403)
  assert.equal((await call('ada', 'PUT', '/v1/subscriptions/narrow', renamed, { 'if-match': etag })).status, 200)
})

test('who starts it sets open parameters only; its owner, and trials, any', async () => {
  const text = (name: string) => ({ name, label: name, type: 'text', default: 'x' })
  const more = salesReport({ definition: { ...definition, parameters: [text('a'), text('b')] } })
  const report = await ask('root', 'POST', '/v1/reports', { ...more, id: 'asking' })
  assert.equal(report.status, 201, JSON.stringify(report.body))
  await made('root', 'open', { report: 'asking', open_parameters: ['a'] })
  const start = (who: string, body: object) => call(who, 'POST', '/v1/subscriptions/open/runs', body)
  const closed = await start('ada', { parameters: { a: '1', b: '2' } })
  assert.deepEqual([closed.status, closed.body.code], [403, 'parameter-closed'])
  assert.deepEqual(closed.body.errors[0].pointer, '#/parameters/b')
  narrow('runs', root, 'subscriptions:run:open')
  assert.equal((await start('runs', { parameters: { b: '2' } })).status, 403)
  assert.equal((await start('ada', { parameters: { a: '1' } })).status, 202)
  assert.equal((await start('ada', { parameters: { b: '2' }, dry_run: true })).status, 202)
  const own = await start('root', { parameters: { b: '2' } })
  assert.equal(own.status, 202)
  await call('root', 'POST', `/v1/runs/${own.body.id}/cancel`)
  const again = await call('ada', 'POST', `/v1/runs/${own.body.id}/rerun`)
  assert.deepEqual([again.status, again.body.code], [403, 'parameter-closed'])
  const unknown = await make('root', 'none', { report: 'asking', open_parameters: ['nix'] })
  assert.equal(unknown.body.errors[0].pointer, '#/open_parameters/0')
})

test('recipients are named to the owner and administrators; others see how many, and themselves', async () => {
  const recipients = [{ address: 'secret@x.org' }, { account: ada.accountId }]
  await made('root', 'quiet', { recipients, failure_addresses: ['ops@x.org'] })
  const { run: done, deliveries } = await run('ada', 'quiet')
  assert.deepEqual([done.state, [...new Set(deliveries.map(({ recipient }) => recipient))]], ['succeeded', ['ada']])
  const counts = (await call('ada', 'GET', `/v1/runs/${done.id}/deliveries`)).body.counts
  assert.equal(counts.delivered, 2)
  const rest = ['/v1/subscriptions/quiet', `/v1/runs/${done.id}/deliveries.csv`, `/v1/runs/${done.id}/log`]
  for (const url of rest) {
    const { status, body } = await call('ada', 'GET', url)
    assert.equal(status, 200)
    assert.doesNotMatch(JSON.stringify(body), /secret@x\.org|ops@x\.org/)
  }
  const shown = (await call('ada', 'GET', '/v1/subscriptions/quiet')).body
  assert.deepEqual([shown.recipient_count, shown.resolved_recipients.length], [2, 1])
  assert.equal((await call('ada', 'GET', '/v1/subscriptions/quiet/recipients')).body.code, 'not-the-owner')
  assert.equal((await call('ada', 'POST', '/v1/subscriptions/quiet/preview')).body.code, 'not-the-owner')
  assert.equal((await call('root', 'POST', '/v1/subscriptions/quiet/preview')).status, 200)
  assert.match(JSON.stringify((await call('root', 'GET', `/v1/runs/${done.id}/deliveries`)).body), /secret@x\.org/)
})

test('what was delivered stays of the report that it was made of, whatever its subscription turns to', async () => {
  assert.equal((await ask('root', 'POST', '/v1/reports', { ...salesReport({ definition }), id: 'before' })).status, 201)
  const recipients = [{ account: ada.accountId }]
  const made = await make('root', 'turned', { report: 'before', recipients })
  assert.equal((await run('root', 'turned')).run.state, 'succeeded')
  const now = plainSubscription({ recipients })
  const put = await call('root', 'PUT', '/v1/subscriptions/turned', now, { 'if-match': String(made.headers.etag) })
  assert.equal(put.status, 200)
  const inboxOf = async (report: string) => {
    narrow('reader', ada, `reports:read:${report}`)
    const { items } = (await call('reader', 'GET', '/v1/inbox')).body
    return items.filter(({ subscription }: { subscription: string }) => subscription === 'turned').length
  }
  assert.deepEqual([await inboxOf('weekly-sales'), await inboxOf('before')], [0, 1])
  await run('root', 'turned')
  assert.deepEqual([await inboxOf('weekly-sales'), await inboxOf('before')], [1, 1])
})

test('who takes the id of a subscription that is gone learns nothing of whom that one reached', async () => {
  await made('ada', 'reused', { recipients: [{ address: 'secret@x.org' }] })
  const { run: done, deliveries } = await run('ada', 'reused')
  assert.deepEqual([done.state, deliveries.length], ['succeeded', 1])
  await call('ada', 'DELETE', '/v1/subscriptions/reused')
  await made('bob', 'reused', { recipients: [{ address: 'other@x.org' }] })
  const ofRun = async (who: string) => (await call(who, 'GET', `/v1/runs/${done.id}/deliveries`)).body.deliveries.length
  assert.deepEqual([await ofRun('bob'), await ofRun('root')], [0, 1])
  assert.doesNotMatch((await call('bob', 'GET', `/v1/runs/${done.id}/deliveries.csv`)).body, /secret@x\.org/)
})
