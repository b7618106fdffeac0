import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { plainSubscription, salesReport, subscriptionsHouse, told } from '#test/subscriptions.ts'

const house = await subscriptionsHouse({ allowedDomains: ['example.org'] })
const { call, run, smtp, join, ask, db } = house
const owner = await join('olga', 'manager')
await ask('olga', 'POST', '/v1/reports', salesReport())

async function make(id: string, over: object = {}) {
  const made = await call('olga', 'POST', '/v1/subscriptions', { id, ...plainSubscription(over) })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body
}

/** Takes POSTs; answers with these statuses, then 204. */
async function receiver(t: TestContext, ...statuses: number[]) {
  const got: { headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    got.push({ headers: request.headers, body })
    response.writeHead(statuses.shift() ?? 204).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got }
}

test('a webhook is signed with a secret that is shown once, and tried again under the same id', async (t) => {
  const { url, got } = await receiver(t, 500, 429)
  const body = { recipients: [], destinations: [{ type: 'webhook', id: 'crm', url }] }
  const made = await make('hooked', body)
  const { secret } = made.webhook_secrets[0]
  assert.match(secret, /^whsec_/)
  const read = await call('olga', 'GET', '/v1/subscriptions/hooked')
  assert.doesNotMatch(JSON.stringify(read.body), /whsec_/)
  const kept = await db.selectFrom('subscription_webhooks').select('secret').executeTakeFirstOrThrow()
  assert.ok(!kept.secret.includes(secret.slice(6)))

  const { run: done, deliveries } = await run('olga', 'hooked')
  assert.equal(done.state, 'succeeded', JSON.stringify(done.error))
  assert.equal(told(deliveries), ':webhook:crm=delivered')
  assert.equal(got.length, 3)
  assert.equal(new Set(got.map(({ headers }) => headers['webhook-id'])).size, 1)
  const last = got[2]
  const signed = `${last?.headers['webhook-id']}.${last?.headers['webhook-timestamp']}.${last?.body}`
  const expected = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    .update(signed)
    .digest('base64')
  assert.equal(last?.headers['webhook-signature'], `v1,${expected}`)
  const message = JSON.parse(last?.body ?? '')
  assert.equal(message.data.rows, 3)
  const link = new URL(message.data.files[0].url)
  const file = await call(null, 'GET', link.pathname)
  assert.equal(file.status, 200)
  assert.match(file.body, /S0/)
  assert.equal(file.headers['content-length'], String(message.data.files[0].bytes))

  const renewed = await call('olga', 'POST', '/v1/subscriptions/hooked/webhooks/crm/secret')
  assert.notEqual(renewed.body.secret, secret)
})

test('a run taken up again sends what was written down, whatever was edited meanwhile', async (t) => {
  const [first, second, third] = [await receiver(t), await receiver(t), await receiver(t)]
  const webhooks = (moved: string) => [
    { type: 'webhook', id: 'moved', url: moved },
    { type: 'webhook', id: 'removed', url: third.url },
  ]
  const made = await make('edited', {
    recipients: [{ address: 'edited@example.org' }],
    destinations: [{ type: 'mail' }, ...webhooks(first.url)],
  })
  const started = (await call('olga', 'POST', '/v1/subscriptions/edited/runs')).body
  // The worker is lost when everything is written down and nothing has left.
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const read: typeof house.contents.read = async (...of) => {
    reached.resolve()
    await released.promise
    return house.contents.read(...of)
  }
  const lost = house.perform(started.id, { contents: { ...house.contents, read } }, { beatMs: 60_000 })
  await reached.promise
  await db.updateTable('deliveries').set({ state: 'pending' }).where('run_id', '=', started.id).execute()
  await db
    .updateTable('runs')
    .set({ lease_until: new Date(0) })
    .where('id', '=', started.id)
    .execute()
  const destinations = [{ type: 'mail' }, ...webhooks(second.url).slice(0, 1)]
  const edited = plainSubscription({ recipients: made.recipients, files: 'linked', destinations })
  const { headers } = await call('olga', 'GET', '/v1/subscriptions/edited')
  const put = await call('olga', 'PUT', '/v1/subscriptions/edited', edited, { 'if-match': String(headers.etag) })
  assert.equal(put.status, 200, JSON.stringify(put.body))
  await house.perform(started.id)
  const { deliveries } = await house.result('olga', started.id)
  assert.equal(
    told(deliveries),
    ':webhook:moved=delivered :webhook:removed=failed edited@example.org:mail=delivered',
    JSON.stringify(deliveries.map(({ reason }) => reason)),
  )
  assert.deepEqual([first.got.length, second.got.length, third.got.length], [1, 0, 0])
  const mail = await smtp.to('edited@example.org')[0]?.parse()
  assert.equal(mail?.attachments.length, 1)
  released.reject(new Error('lost'))
  await lost
})

test('files go into a folder below the data directory, each run beside the one before, and never out of it', async () => {
  await make('filed', {
    recipients: [],
    formats: ['csv', 'xlsx'],
    destinations: [{ type: 'folder', path: 'monthly/usage' }],
  })
  const first = await run('olga', 'filed')
  assert.equal(first.run.state, 'succeeded', JSON.stringify(first.run.error))
  await run('olga', 'filed')
  const folder = path.join(house.needs.deliveredDirectory, 'monthly', 'usage')
  const names = await readdir(folder)
  assert.deepEqual(names.map((name) => path.extname(name)).sort(), ['.csv', '.csv', '.xlsx', '.xlsx'])
  assert.match(await readFile(path.join(folder, names.find((name) => name.endsWith('.csv')) ?? ''), 'utf8'), /S0/)
  for (const bad of ['../out', 'a/../../b', '/etc', 'a//b', 'a\\b', '.hidden', 'a/ ', 'a/.', 'x\u0000y', '']) {
    const refused = await call('olga', 'POST', '/v1/subscriptions', {
      id: 'bad',
      ...plainSubscription({ destinations: [{ type: 'folder', path: bad }] }),
    })
    assert.ok([400, 422].includes(refused.status), `${bad}: ${refused.status}`)
  }
  // Somebody with access to the machine has put a link in the way.
  await mkdir(path.join(house.directory, 'elsewhere'))
  await symlink(path.join(house.directory, 'elsewhere'), path.join(house.needs.deliveredDirectory, 'linked'))
  await make('astray', { recipients: [], destinations: [{ type: 'folder', path: 'linked' }] })
  const astray = await run('olga', 'astray')
  assert.equal(told(astray.deliveries), ':folder:linked=failed')
  assert.deepEqual(await readdir(path.join(house.directory, 'elsewhere')), [])
})

test('files behind links: each recipient has their own, no clear secret is kept, and a link ends', async () => {
  smtp.received.length = 0
  await make('linked', {
    files: 'linked',
    recipients: [{ address: 'ada@example.org' }, { address: 'bob@example.org' }],
  })
  const { run: done } = await run('olga', 'linked')
  assert.equal(done.state, 'succeeded', JSON.stringify(done.error))
  const links = await Promise.all(
    smtp.received.map(async (mail) => {
      const { text = '', html = '', attachments } = await mail.parse()
      assert.equal(attachments.length, 0)
      const [, secret = ''] = /\/d\/(tsrfile_\w+)/.exec(text) ?? []
      assert.ok(html.includes(secret))
      return secret
    }),
  )
  assert.equal(new Set(links).size, 2)
  const rows = await db.selectFrom('delivery_links').selectAll().execute()
  for (const secret of links) assert.ok(!JSON.stringify(rows).includes(secret))
  const file = await call(null, 'GET', `/d/${links[0]}`)
  assert.equal(file.status, 200)
  assert.equal(file.headers['x-content-type-options'], 'nosniff')
  assert.match(String(file.headers['content-disposition']), /^attachment/)
  assert.equal((await call(null, 'GET', `/d/tsrfile_${'0'.repeat(48)}`)).status, 404)
  assert.doesNotMatch(house.logged(), /tsrfile_[0-9a-f]{8}/)
  await db
    .updateTable('delivery_links')
    .set({ expires_at: new Date(0) })
    .execute()
  const late = await call(null, 'GET', `/d/${links[0]}`)
  assert.equal(late.status, 410)
  assert.match(late.body, /<h1>This link is no longer good<\/h1>/)
})

test('links to files end with the subscription, for who has left it, and with the account', async () => {
  const carl = await join('carl', 'member')
  await db.updateTable('accounts').set({ email: 'carl@example.org' }).where('id', '=', carl.accountId).execute()
  const recipients = [{ address: 'ada@example.org' }, { address: 'bob@example.org' }, { account: carl.accountId }]
  await make('ending', { files: 'linked', recipients })
  smtp.received.length = 0
  const { run: done } = await run('olga', 'ending')
  assert.equal(done.state, 'succeeded', JSON.stringify(done.error))
  const mailTo = async (address: string) => (await smtp.to(address)[0]?.parse())?.text ?? ''
  const [ada, bob, his] = await Promise.all(
    ['ada@example.org', 'bob@example.org', 'carl@example.org'].map(async (address) => {
      const [link = ''] = /\/d\/tsrfile_\w+/.exec(await mailTo(address)) ?? []
      return link
    }),
  )
  const statuses = async () =>
    Promise.all([ada, bob, his].map(async (link) => (await call(null, 'GET', link ?? '')).status))
  assert.deepEqual(await statuses(), [200, 200, 200])
  const [leave = ''] = /\/unsubscribe\/tsrleave_\w+/.exec(await mailTo('ada@example.org')) ?? []
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  assert.equal((await call(null, 'POST', leave, 'List-Unsubscribe=One-Click', form)).status, 200)
  assert.deepEqual(await statuses(), [410, 200, 200])
  const disabled = { state: 'disabled', disabled_at: new Date() }
  await db.updateTable('accounts').set(disabled).where('id', '=', carl.accountId).execute()
  assert.deepEqual(await statuses(), [410, 200, 410])
  assert.equal((await call('olga', 'DELETE', '/v1/subscriptions/ending')).status, 204)
  assert.deepEqual(await statuses(), [410, 410, 410])
  // Another of its name gives nothing back.
  await make('ending')
  assert.deepEqual(await statuses(), [410, 410, 410])
})

test('whoever only looks at the unsubscribe link stays; one click leaves, and nobody else can undo it', async () => {
  smtp.received.length = 0
  await make('left', { recipients: [{ address: 'ada@example.org' }, { account: owner.accountId }] })
  await run('olga', 'left')
  const parsed = await smtp.received[0]?.parse()
  const header = (name: string) => parsed?.headers.find(({ key }) => key === name)?.value ?? ''
  assert.equal(header('list-unsubscribe-post'), 'List-Unsubscribe=One-Click')
  const [, where = ''] =
    /^<https:\/\/portal\.example\.org(\/unsubscribe\/tsrleave_\w+)>$/.exec(header('list-unsubscribe')) ?? []
  assert.notEqual(where, '')
  for (let times = 0; times < 3; times++) {
    const page = await call(null, 'GET', where)
    assert.equal(page.status, 200)
    assert.match(page.body, /<form method="post"><button type="submit">Unsubscribe<\/button><\/form>/)
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'/)
  }
  assert.equal(
    told((await run('olga', 'left')).deliveries),
    'ada@example.org:mail=delivered olga:inbox=delivered olga:mail=skipped',
  )
  const done = await call(null, 'POST', where, 'List-Unsubscribe=One-Click', {
    'content-type': 'application/x-www-form-urlencoded',
  })
  assert.equal(done.status, 200)
  const boundary = '--b\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
  const again = await call(null, 'POST', where, boundary, { 'content-type': 'multipart/form-data; boundary=b' })
  assert.equal(again.status, 200)
  assert.equal(
    told((await run('olga', 'left')).deliveries),
    'ada@example.org:mail=unsubscribed olga:inbox=delivered olga:mail=skipped',
  )
  const shown = (await call('olga', 'GET', '/v1/subscriptions/left')).body
  assert.equal(shown.unsubscribed, 1)
  assert.equal(shown.resolved_recipients[0].state, 'unsubscribed')
  // Taken out and put in again they are still gone.
  const etag = String((await call('olga', 'GET', '/v1/subscriptions/left')).headers.etag)
  const { headers } = await call(
    'olga',
    'PUT',
    '/v1/subscriptions/left',
    plainSubscription({ recipients: [{ account: owner.accountId }] }),
    { 'if-match': etag },
  )
  await call('olga', 'PUT', '/v1/subscriptions/left', plainSubscription(), { 'if-match': String(headers.etag) })
  const last = await run('olga', 'left')
  assert.equal(told(last.deliveries), 'ada@example.org:mail=unsubscribed')
  assert.equal(last.run.state, 'skipped')
})

test('names and values from people start no header, no tag and no placeholder', async () => {
  smtp.received.length = 0
  const report = salesReport({ title: 'Sales <script>alert(1)</script> {{recipient}} **bold**' })
  await ask('olga', 'POST', '/v1/reports', { ...report, id: 'sly' })
  await make('sly', {
    report: 'sly',
    recipients: [{ address: 'ada@example.org', name: 'Ada <img src=x onerror=alert(1)> $& [x](javascript:alert(1))' }],
    subject: '{{report}} for {{recipient}}',
    body: 'Dear {{recipient}},\n\nsee {{report}}. <b>really</b> [link](javascript:alert(2))',
  })
  const { run: done } = await run('olga', 'sly')
  assert.equal(done.state, 'succeeded', JSON.stringify(done.error))
  const { html = '', subject, headers } = (await smtp.received[0]?.parse()) ?? { headers: [] }
  assert.equal(
    subject,
    'Sales <script>alert(1)</script> {{recipient}} **bold** for Ada <img src=x onerror=alert(1)> $& [x](javascript:alert(1))',
  )
  assert.doesNotMatch(html, /<script|<img src=x|href="javascript|<b>really/i)
  assert.ok(html.includes('&#60;img src=x') || html.includes('&lt;img src=x'))
  assert.ok(!headers.some(({ key }) => key === 'bcc'))
  for (const [member, over] of [
    ['subject', { subject: 'a\r\nBcc: all@example.org' }],
    ['name', { name: 'a\nb' }],
  ] as const) {
    const refused = await call('olga', 'POST', '/v1/subscriptions', { id: 'evil', ...plainSubscription(over) })
    assert.ok([400, 422].includes(refused.status), member)
    assert.equal(refused.body.errors[0].pointer, `#/${member}`)
  }
})

test('addresses outside of the allowed domains, and recipients that are not configured, get nothing', async () => {
  const refused = await call('olga', 'POST', '/v1/subscriptions', {
    id: 'outside',
    ...plainSubscription({
      recipients: [{ address: 'eve@evil.com' }, { address: 'eve@notexample.org' }, { address: 'ok@sub.example.org' }],
    }),
  })
  assert.equal(refused.status, 422)
  assert.deepEqual(
    refused.body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ['#/recipients/0', '#/recipients/1'],
  )
  const others = await call('olga', 'POST', '/v1/subscriptions/linked/runs', { recipients: ['eve@evil.com'] })
  assert.equal(others.status, 422)
  assert.equal(others.body.code, 'recipients-unknown')
})
