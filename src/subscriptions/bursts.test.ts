import assert from 'node:assert/strict'
import { copyFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { Grants } from '#src/access/grants.ts'
import { snapshotDirectory } from '#src/warehouse/snapshot-directory.ts'
import { rowFilter, salesFiles } from '#test/reports.ts'
import { plainSubscription, salesReport, subscriptionsHouse, told } from '#test/subscriptions.ts'
import { whyNot } from './condition.ts'
import { resolveRecipients } from './recipients.ts'

const house = await subscriptionsHouse({
  access: rowFilter,
  files: salesFiles({
    centers: ['s0,ada@example.org,', 's1,bob@example.org,', 's2,bob2@example.org,'].map((line) => line),
  }),
})
const { call, run, smtp, join, ask, db } = house
const olga = await join('olga', 'manager')
const ada = await join('ada', 'member')
const bob = await join('bob', 'member')
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
assert.equal((await ask('olga', 'POST', '/v1/reports', salesReport({ definition }))).status, 201)

async function make(id: string, over: object = {}) {
  const made = await call('olga', 'POST', '/v1/subscriptions', { id, ...plainSubscription(over) })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body
}

/** The shops in the file that an address got. */
async function shopsTo(address: string): Promise<string> {
  const [mail] = smtp.to(address)
  const { attachments = [] } = (await mail?.parse()) ?? {}
  const text = Buffer.from((attachments[0]?.content ?? new ArrayBuffer(0)) as ArrayBuffer).toString()
  return [...new Set(text.match(/S\d/g) ?? [])].sort().join(' ')
}

test('a burst gives each recipient their own rows, made once for those who get the same', async () => {
  smtp.received.length = 0
  const recipients = [
    { recipient: { address: 'a@x.org' }, values: ['s0'] },
    { recipient: { address: 'b@x.org' }, values: ['s1', 's2'] },
    { recipient: { address: 'c@x.org' }, values: ['s2', 's1'] },
    { recipient: { address: 'd@x.org' }, values: ['s9'] },
  ]
  await make('burst', { recipients: [], burst: { by: 'shop', recipients }, condition: { only_if_rows: true } })
  const preview = (await call('olga', 'POST', '/v1/subscriptions/burst/preview')).body
  assert.deepEqual([preview.total, preview.slices], [4, 3])
  assert.deepEqual(preview.recipients[1].values, ['s1', 's2'])
  const { run: done, deliveries } = await run('olga', 'burst')
  assert.equal(done.state, 'succeeded', JSON.stringify(done.error))
  assert.equal(
    told(deliveries),
    'a@x.org:mail=delivered b@x.org:mail=delivered c@x.org:mail=delivered d@x.org:mail=skipped',
  )
  assert.deepEqual(
    [await shopsTo('a@x.org'), await shopsTo('b@x.org'), await shopsTo('c@x.org')],
    ['S0', 'S1 S2', 'S1 S2'],
  )
  const slices = await db.selectFrom('delivery_slices').select('label').where('run_id', '=', done.id).execute()
  assert.equal(slices.length, 2)
  assert.equal((await smtp.to('a@x.org')[0]?.parse())?.subject, 'Weekly sales: 1 rows')
})

test('a worker that comes back makes and writes down nothing: nobody gets the rows of somebody else', async () => {
  const from = { model: 'sales', option_set: 'centers', address: 'label', value: 'id' }
  await make('taken-over', { recipients: [], burst: { by: 'shop', from } })
  const started = (await call('olga', 'POST', '/v1/subscriptions/taken-over/runs')).body
  /** An attempt that reads its recipients in this order, and stops when its mails are set for so many. */
  const attempt = (stopsAt: number, ...pairs: { address: string; value: string }[]) => {
    const reached = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    let set = 0
    const mail: typeof house.needs.press.mail = async (...of) => {
      if (++set === stopsAt) {
        reached.resolve()
        await released.promise
      }
      return house.needs.press.mail(...of)
    }
    const over = { readMapping: async () => pairs, press: { ...house.needs.press, mail } }
    const done = house.perform(started.id, over, { beatMs: 60_000 })
    return { reached: reached.promise, release: released.resolve, done }
  }
  const [one, other] = [
    { address: 'za@x.org', value: 's0' },
    { address: 'zb@x.org', value: 's1' },
  ]
  const first = attempt(2, one, other)
  await first.reached
  await db
    .updateTable('runs')
    .set({ lease_until: new Date(0) })
    .where('id', '=', started.id)
    .execute()
  const second = attempt(1, other, one)
  await second.reached
  first.release()
  await first.done
  second.release()
  await second.done
  const { run: done, deliveries } = await house.result('olga', started.id)
  assert.equal(done.attempt, 2)
  assert.equal(told(deliveries), 'za@x.org:mail=delivered zb@x.org:mail=delivered')
  assert.deepEqual([await shopsTo('za@x.org'), await shopsTo('zb@x.org')], ['S0', 'S1'])
})

test('rows by recipient are those that each account may see', async () => {
  const people = [ada, bob, olga].map(({ accountId }) => ({ account: accountId }))
  await make('own', { rows: 'recipient', recipients: people })
  const { run: done, deliveries } = await run('olga', 'own')
  assert.equal(done.state, 'succeeded', JSON.stringify(done.error))
  assert.equal(
    deliveries.filter(({ destination, state }) => destination === 'inbox' && state === 'delivered').length,
    3,
  )
  const shops = async (who: string) => {
    const { items } = (await call(who, 'GET', '/v1/inbox')).body
    const { id, files } = items[0]
    const file = await call(who, 'GET', `/v1/inbox/${id}/files/${files[0].id}`)
    return [...new Set(String(file.body).match(/S\d/g))].sort().join(' ')
  }
  assert.deepEqual([await shops('ada'), await shops('bob'), await shops('olga')], ['S0', 'S1', 'S0 S1 S2'])
  const mine = (await call('ada', 'GET', '/v1/inbox')).body.items[0]
  assert.equal((await call('bob', 'GET', `/v1/inbox/${mine.id}`)).status, 404)
  assert.equal((await call('bob', 'GET', `/v1/inbox/${mine.id}/files/${mine.files[0].id}`)).status, 404)
  // A token of the same person that is narrowed to another report, to this one, and to none at all.
  const narrowed = async (name: string, ...grants: string[]) => {
    house.people.set(name, { ...ada, via: 'token', grants: Grants.of(grants) })
    const { items, unread } = (await call(name, 'GET', '/v1/inbox')).body
    const item = await call(name, 'GET', `/v1/inbox/${mine.id}`)
    const file = await call(name, 'GET', `/v1/inbox/${mine.id}/files/${mine.files[0].id}`)
    return [items.length, unread, item.status, file.status]
  }
  assert.deepEqual(await narrowed('this', 'reports:read:weekly-sales'), [1, 1, 200, 200])
  assert.deepEqual(await narrowed('other', 'reports:read:other'), [0, 0, 404, 404])
  assert.deepEqual(await narrowed('none', 'runs:read', 'subscriptions:run'), [0, 0, 404, 404])
  assert.deepEqual((await call('other', 'POST', '/v1/inbox/read', {})).body, { changed: 0, unread: 0 })
  assert.deepEqual((await call('ada', 'POST', '/v1/inbox/read', {})).body, { changed: 1, unread: 0 })
  const outside = plainSubscription({ rows: 'recipient' })
  assert.equal((await call('olga', 'POST', '/v1/subscriptions', { id: 'no', ...outside })).status, 422)
})

test('a recipient who may not read the report goes without; the others get theirs', async () => {
  const vic = await join('vic', 'viewer')
  const shared = { ...salesReport({ definition, shared_with: 'member' }), id: 'members-only' }
  assert.equal((await ask('olga', 'POST', '/v1/reports', shared)).status, 201)
  const people = [ada, bob, vic].map(({ accountId }) => ({ account: accountId }))
  await make('barred', { report: 'members-only', rows: 'recipient', recipients: people })
  const preview = (await call('olga', 'POST', '/v1/subscriptions/barred/preview')).body
  assert.deepEqual(
    preview.recipients.map(({ skipped }: { skipped: string | null }) => skipped),
    [null, null, 'The recipient may not read the report.'],
  )
  const { run: done, deliveries } = await run('olga', 'barred')
  assert.equal(done.state, 'partially_failed', JSON.stringify(done.error))
  const inboxes = deliveries.filter(({ destination }) => destination === 'inbox')
  assert.equal(told(inboxes), 'ada:inbox=delivered bob:inbox=delivered vic:inbox=failed')
  assert.equal(inboxes[2]?.reason, 'The recipient may not read the report.')
  // Of one for whom alone it is made, the run tells the whole.
  await make('alone', { report: 'members-only', rows: 'recipient', recipients: people.slice(2) })
  assert.match((await run('olga', 'alone')).run.error.message, /no report members-only/)
})

test('in a folder and in a dry run, reports of a burst never take each other’s place, however alike their names', async () => {
  const bars = {
    type: 'chart',
    chart: 'bar',
    title: 'Totals',
    query: { model: 'sales', metrics: ['total'], dimensions: ['shop'] },
  }
  const blocks = [...definition.blocks, { ...bars, id: 'one' }, { ...bars, id: 'two' }]
  const lengthy = salesReport({ title: 'T'.repeat(150), definition: { blocks } })
  assert.equal((await ask('olga', 'POST', '/v1/reports', { ...lengthy, id: 'lengthy' })).status, 201)
  const long = 'x'.repeat(90)
  const sets = [['s0'], ['s1', `${long}1`], ['s1', `${long}2`], ['a, b'], ['a', 'b'], ['a/b'], ['A:b']]
  await make('alike', {
    report: 'lengthy',
    recipients: [],
    formats: ['csv', 'png'],
    destinations: [{ type: 'folder', path: 'alike' }],
    burst: {
      by: 'shop',
      recipients: sets.map((values, i) => ({ recipient: { address: `l${i}@x.org` }, values })),
    },
  })
  const { run: done, deliveries } = await run('olga', 'alike')
  assert.deepEqual([done.state, done.counts.total, deliveries.length], ['succeeded', 7, 7], JSON.stringify(done.error))
  assert.equal(deliveries.filter(({ recipient }) => recipient === 's0').length, 1)
  const names = await readdir(path.join(house.needs.deliveredDirectory, 'alike'))
  assert.equal(new Set(names.map((name) => name.toLowerCase())).size, 7 * 3)
  assert.equal(names.filter((name) => / s0 .*\.csv$/.test(name)).length, 1)
  assert.equal((await run('olga', 'alike', { dry_run: true })).run.artifacts.total, 7 * 3)
})

test('one mailbox of several recipients gets what each of them would, the same only once', async () => {
  smtp.received.length = 0
  const shared = 'shared@x.org'
  const gone = await join('gone', 'member')
  await db.updateTable('accounts').set({ email: shared }).where('user_name', 'in', ['ada', 'bob', 'gone']).execute()
  await db
    .updateTable('accounts')
    .set({ state: 'disabled', disabled_at: new Date() })
    .where('user_name', '=', 'gone')
    .execute()
  await make('shadow', { recipients: [{ account: gone.accountId }, { account: ada.accountId }, { address: shared }] })
  const { deliveries } = await run('olga', 'shadow')
  const mails = deliveries.filter(({ destination }) => destination === 'mail')
  assert.equal(told(mails), 'ada:mail=delivered gone:mail=skipped shared@x.org:mail=skipped')
  assert.equal(smtp.to(shared).length, 1)
  const people = [ada, bob].map(({ accountId }) => ({ account: accountId }))
  await make('each-own', { rows: 'recipient', recipients: people })
  await run('olga', 'each-own')
  assert.equal(smtp.to(shared).length, 3)
  await db.updateTable('accounts').set({ email: null }).where('email', '=', shared).execute()
})

test('a burst from an option set reaches whom the data name now', async () => {
  smtp.received.length = 0
  const from = { model: 'sales', option_set: 'centers', address: 'label', value: 'id' }
  await make('mapped', { recipients: [], burst: { by: 'shop', from } })
  const { deliveries } = await run('olga', 'mapped')
  assert.equal(
    told(deliveries),
    'ada@example.org:mail=delivered bob2@example.org:mail=delivered bob@example.org:mail=delivered',
  )
  assert.equal(await shopsTo('bob@example.org'), 'S1')
})

test('an option set that names more recipients than a subscription may have reaches nobody, and the run says so', async () => {
  const from = { model: 'sales', option_set: 'centers', address: 'label', value: 'id' }
  await make('crowded', { recipients: [], burst: { by: 'shop', from } })
  const readMapping = async () => Array.from({ length: 10_001 }, (_, i) => ({ address: `p${i}@x.org`, value: 's0' }))
  const { run: done, deliveries } = await run('olga', 'crowded', {}, { readMapping })
  assert.deepEqual([done.state, deliveries.length], ['failed', 0])
  assert.match(done.error.message, /names 10001 recipients; a subscription has 10000 at most/)
})

test('an address to which mail may not go any more gets nothing, written down or from an option set', async () => {
  smtp.received.length = 0
  const allowedDomains = ['elsewhere.org']
  const from = { model: 'sales', option_set: 'centers', address: 'label', value: 'id' } as const
  await make('outside', { recipients: [], burst: { by: 'shop', from } })
  await make('saved', { recipients: [{ address: 'ada@example.org' }, { address: 'bob@sub.elsewhere.org' }] })
  assert.equal(
    told((await run('olga', 'outside', {}, { allowedDomains })).deliveries),
    'ada@example.org:mail=skipped bob2@example.org:mail=skipped bob@example.org:mail=skipped',
  )
  const { deliveries } = await run('olga', 'saved', {}, { allowedDomains })
  assert.equal(told(deliveries), 'ada@example.org:mail=skipped bob@sub.elsewhere.org:mail=delivered')
  assert.match(deliveries[0]?.reason ?? '', /may not go to this address/)
  assert.equal(smtp.received.length, 1)
})

test('user names from an option set are looked up in one query, in any case, and a failure to do so is told', async () => {
  let queries = 0
  const counting = db.withPlugin({
    transformQuery: ({ node }) => {
      queries++
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const names = ['ADA', 'nobody', 'x@other.org', 'a@b.org,c@d.org', ...Array.from({ length: 500 }, (_, i) => `n${i}`)]
  const mapping = {
    db: counting,
    readMapping: async () => names.map((address) => ({ address, value: 's0' })),
    allowedDomains: ['example.org'],
  }
  const from = { model: 'sales', option_set: 'centers', address: 'label', value: 'id' } as const
  const mapped = { id: null, definition: { recipients: [], burst: { by: 'shop', from } } }
  const found = await resolveRecipients(mapping, olga, mapped)
  assert.deepEqual(
    found.slice(0, 4).map(({ recipient, state }) => `${recipient} ${state}`),
    ['ada no_address', 'nobody unknown', 'x@other.org not_allowed', 'a@b.org,c@d.org not_allowed'],
  )
  assert.equal(queries, 1)
  const broken = db.withPlugin({
    transformQuery: () => {
      throw new Error('the database is away')
    },
    transformResult: async ({ result }) => result,
  })
  await assert.rejects(resolveRecipients({ ...mapping, db: broken }, olga, mapped), /away/)
})

test('a condition that is not met skips the run and says why', async () => {
  smtp.received.length = 0
  await make('changed', { condition: { only_if_changed: true } })
  assert.equal((await run('olga', 'changed')).run.state, 'succeeded')
  const second = await run('olga', 'changed')
  assert.equal(second.run.state, 'skipped')
  assert.match(second.run.progress.text, /Nothing has changed/)
  assert.equal(told(second.deliveries), 'ada@example.org:mail=skipped')
  assert.equal(smtp.received.length, 1)
  await make('above', { condition: { threshold: { block: 'total', is: 'above', value: 1e9 } } })
  assert.match((await run('olga', 'above')).run.progress.text, /^The threshold of total was not reached\.$/)
  const unknown = plainSubscription({ condition: { threshold: { block: 'nix', is: 'above', value: 1 } } })
  const refused = await call('olga', 'POST', '/v1/subscriptions', { id: 'no', ...unknown })
  assert.equal(refused.body.errors[0].pointer, '#/condition/threshold/block')
})

test('a refresh that brought the same data is no change', async () => {
  await make('same', { condition: { only_if_changed: true } })
  assert.equal((await run('olga', 'same')).run.state, 'succeeded')
  const { needs: warehouse, directory } = house.small
  const files = snapshotDirectory(path.join(directory, 'warehouse'))
  await copyFile(path.join(files, 'small-1.duckdb'), path.join(files, 'small-2.duckdb'))
  await warehouse.engine.attach('sales@2', path.join(files, 'small-2.duckdb'))
  const { take } = warehouse.shelf
  const shelf = warehouse.shelf as { take: typeof take }
  shelf.take = (name) => {
    const reading = take(name)
    return reading === null || reading === 'none_yet' ? reading : { ...reading, snapshot: 'sales@2' }
  }
  try {
    assert.equal((await run('olga', 'same')).run.state, 'skipped')
  } finally {
    shelf.take = take
  }
})

test('a threshold on change compares with the run before', () => {
  const up = { threshold: { block: 'n', is: 'up_by_percent' as const, value: 10 } }
  const made = (n: number) => ({ rows: 1, values: { n } })
  assert.match(whyNot(up, made(110), () => undefined) ?? '', /no value before/)
  assert.equal(
    whyNot(up, made(110), () => 100),
    null,
  )
  assert.match(whyNot(up, made(109), () => 100) ?? '', /threshold of n was not reached/)
  assert.equal(
    whyNot({ threshold: { ...up.threshold, is: 'down_by_percent' } }, made(-120), () => -100),
    null,
  )
})

test('what the next run compares with is kept by whole runs only, and also by one that was taken up again', async () => {
  const shops = { name: 'shop', label: 'Shop', type: 'choice', model: 'sales', dimension: 'shop' }
  const filters = [{ dimension: 'shop', values: { parameter: 'shop' } }]
  const total = { type: 'number', id: 'total', title: 'Total', query: { model: 'sales', metrics: ['total'], filters } }
  const by = salesReport({ definition: { parameters: [shops], blocks: [total] } })
  assert.equal((await ask('olga', 'POST', '/v1/reports', { ...by, id: 'by-choice' })).status, 201)
  const condition = { threshold: { block: 'total', is: 'up_by_percent', value: 50 } }
  const valuesOf = async (id: string) =>
    (await db.selectFrom('subscriptions').select('last_values').where('id', '=', id).executeTakeFirstOrThrow())
      .last_values
  await make('risen', { report: 'by-choice', open_parameters: ['shop'], condition })
  await run('olga', 'risen')
  const base = await valuesOf('risen')
  assert.equal((await run('olga', 'risen', { parameters: { shop: ['s0'] } })).run.state, 'skipped')
  assert.deepEqual(await valuesOf('risen'), base)
  const recipients = ['s0', 's1'].map((value) => ({ recipient: { address: `${value}@x.org` }, values: [value] }))
  await make('risen-each', { recipients: [], condition, burst: { by: 'shop', recipients } })
  await run('olga', 'risen-each')
  const each = await valuesOf('risen-each')
  assert.deepEqual(Object.keys(each as object).sort(), ['total s0', 'total s1'])
  await run('olga', 'risen-each', { recipients: ['s0@x.org'] })
  assert.deepEqual(await valuesOf('risen-each'), each)

  const people = [ada, bob].map(({ accountId }) => ({ account: accountId }))
  await make('risen-own', { condition, rows: 'recipient', recipients: people })
  await run('olga', 'risen-own')
  assert.equal(Object.keys((await valuesOf('risen-own')) as object).length, 2)

  await make('resumed', { condition: { only_if_changed: true } })
  const { id } = (await call('olga', 'POST', '/v1/subscriptions/resumed/runs')).body
  const { promise: later, resolve: goOn } = Promise.withResolvers<void>()
  const { promise: sending, resolve: begin } = Promise.withResolvers<void>()
  const post: typeof house.needs.mailer.post = async (mail) => {
    begin()
    await later
    return house.needs.mailer.post(mail)
  }
  const first = house.perform(id, { mailer: { ...house.needs.mailer, post } })
  await sending
  await db.updateTable('deliveries').set({ state: 'pending' }).where('run_id', '=', id).execute()
  await db.updateTable('runs').set({ state: 'queued', lease_until: null }).where('id', '=', id).execute()
  await house.perform(id)
  goOn()
  await first
  assert.equal((await house.result('olga', id)).run.state, 'succeeded')
  assert.equal((await run('olga', 'resumed')).run.state, 'skipped')
})

test('a token narrowed to one subscription starts that one and nothing else', async () => {
  await make('mine')
  await make('other')
  house.show('tok', { ...olga, tokenId: 'abc', grants: Grants.of(['subscriptions:run:mine']) })
  assert.equal((await run('tok', 'mine')).run.state, 'succeeded')
  const other = await call('tok', 'POST', '/v1/subscriptions/other/runs')
  assert.equal(other.status, 403)
  assert.deepEqual(other.body.missing_permissions, ['subscriptions:run:other'])
  assert.equal((await call('tok', 'GET', '/v1/subscriptions/other')).status, 404)
  assert.deepEqual(
    (await call('tok', 'GET', '/v1/subscriptions')).body.subscriptions.map(({ id }: { id: string }) => id),
    ['mine'],
  )
  const trial = await call('tok', 'POST', '/v1/subscriptions/mine/runs', { dry_run: true })
  assert.deepEqual([trial.status, trial.body.missing_permissions], [403, ['reports:read:weekly-sales']])
  const refresh = await call('tok', 'POST', '/v1/subscriptions/mine/runs', { refresh_first: true })
  assert.deepEqual([refresh.status, refresh.body.missing_permissions], [403, ['models:refresh:sales']])
})

test('a dry run keeps the files and sends nothing; a test goes to whoever asks, with their own rights', async () => {
  smtp.received.length = 0
  await make('tried', { formats: ['csv', 'pdf'] })
  const dry = await run('olga', 'tried', { dry_run: true })
  assert.deepEqual(
    [dry.run.state, dry.run.artifacts.total, smtp.received.length],
    ['succeeded', 2, 0],
    JSON.stringify(dry.run.error),
  )
  assert.deepEqual(dry.deliveries, [])
  const started = (await call('olga', 'POST', '/v1/subscriptions/tried/test')).body
  await house.perform(started.id)
  const test = await house.result('olga', started.id)
  assert.equal(told(test.deliveries), 'olga:inbox=delivered olga:mail=skipped')
})

test('only the owner or an administrator changes it; without its owner it does not run', async () => {
  const mia = await join('mia', 'manager')
  await join('root', 'admin')
  await make('owned')
  const etag = String((await call('mia', 'GET', '/v1/subscriptions/owned')).headers.etag)
  const body = plainSubscription({ recipients: [{ address: 'mia@example.org' }] })
  const refused = await call('mia', 'PUT', '/v1/subscriptions/owned', body, { 'if-match': etag })
  assert.deepEqual([refused.status, refused.body.code], [403, 'not-the-owner'])
  assert.equal((await call('olga', 'PUT', '/v1/subscriptions/owned', body)).status, 428)
  assert.equal((await call('olga', 'PUT', '/v1/subscriptions/owned', body, { 'if-match': '"owned.9"' })).status, 412)
  assert.equal((await call('mia', 'POST', '/v1/subscriptions/owned/runs')).status, 202)
  assert.equal((await call('root', 'POST', '/v1/subscriptions/owned/owner', { account: mia.accountId })).status, 200)
  const waiting = (await call('mia', 'POST', '/v1/subscriptions/owned/runs', { if_running: 'restart' })).body
  await db.updateTable('accounts').set({ role: 'viewer' }).where('user_name', '=', 'mia').execute()
  await house.perform(waiting.id)
  const { run: late } = await house.result('root', waiting.id)
  assert.deepEqual([late.state, late.error.code], ['failed', 'owner-may-not'])
  assert.equal((await call('root', 'POST', '/v1/subscriptions/owned/pause')).body.state, 'paused')
  assert.equal((await call('olga', 'POST', '/v1/subscriptions/owned/runs')).body.code, 'subscription-resting')
})
