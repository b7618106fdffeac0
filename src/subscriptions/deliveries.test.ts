import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainSubscription, salesReport, site, subscriptionsHouse, told } from '#test/subscriptions.ts'

const house = await subscriptionsHouse()
const { call, run, smtp, join, ask } = house
const owner = await join('olga', 'manager')
assert.equal((await ask('olga', 'POST', '/v1/reports', salesReport())).status, 201)

async function make(id: string, over: object = {}) {
  const made = await call('olga', 'POST', '/v1/subscriptions', { id, ...plainSubscription(over) })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made
}

test('a run brings the report to everybody, each once, with numbers in subject, text and file', async () => {
  await make('weekly', {
    recipients: [{ address: 'ada@example.org', name: 'Ada' }, { account: owner.accountId }],
    body: 'Dear {{recipient}}, **{{report}}** has {{rows}} rows.',
  })
  const { run: done, deliveries } = await run('olga', 'weekly', { cause: 'month end' })
  assert.equal(done.state, 'succeeded', JSON.stringify(done.error))
  assert.equal(done.trigger.cause, 'month end')
  assert.deepEqual(
    done.steps.map(({ name }: { name: string }) => name),
    ['prepare', 'evaluate', 'render', 'deliver'],
  )
  assert.equal(told(deliveries), 'ada@example.org:mail=delivered olga:inbox=delivered olga:mail=skipped')
  assert.equal(smtp.received.length, 1)
  const [mail] = smtp.received
  assert.equal(mail?.messageId, deliveries[0]?.message_id)
  const parsed = await mail?.parse()
  assert.equal(parsed?.subject, 'Weekly sales: 3 rows')
  assert.match(parsed?.text ?? '', /Dear Ada, \*{0,2}Weekly sales\*{0,2} has 3 rows\./)
  assert.match(parsed?.html ?? '', /Dear Ada, <strong[^>]*>Weekly sales<\/strong> has 3 rows\./)
  const [file] = parsed?.attachments ?? []
  assert.match(file?.filename ?? '', /^Weekly sales \d{4}-\d\d-\d\d\.csv$/)
  const inbox = (await call('olga', 'GET', '/v1/inbox')).body
  assert.equal(inbox.unread, 1)
  assert.equal(inbox.items[0].subject, 'Weekly sales: 3 rows')
  const item = (await call('olga', 'GET', `/v1/inbox/${inbox.items[0].id}`)).body
  assert.match(item.html, /Dear olga/)
  const download = await call('olga', 'GET', `/v1/inbox/${item.id}/files/${item.files[0].id}`)
  assert.equal(download.status, 200)
  assert.match(String(download.headers['content-disposition']), /^attachment/)
  assert.equal(download.headers['x-content-type-options'], 'nosniff')
  assert.equal(site.address.startsWith('https'), true)
})

test('a recipient refused, put off, cut off or unanswered is told apart; nobody gets two', async () => {
  smtp.received.length = 0
  const addresses = ['ok@x.org', 'refused@x.org', 'later@x.org', 'never@x.org', 'cut@x.org', 'gap@x.org']
  await make('mixed', { recipients: addresses.map((address) => ({ address })), failure_addresses: ['olga@x.org'] })
  const { run: done, deliveries } = await run('olga', 'mixed')
  assert.equal(
    told(deliveries),
    'cut@x.org:mail=unconfirmed gap@x.org:mail=unconfirmed later@x.org:mail=delivered never@x.org:mail=failed ok@x.org:mail=delivered refused@x.org:mail=failed',
  )
  assert.equal(done.state, 'partially_failed')
  assert.deepEqual(done.counts, { total: 6, delivered: 2, failed: 2, unconfirmed: 2, skipped: 0, unsubscribed: 0 })
  const of = (recipient: string) => deliveries.find((one) => one.recipient === recipient)
  assert.equal(of('later@x.org')?.attempts, 2)
  assert.equal(of('never@x.org')?.attempts, 3)
  assert.match(of('refused@x.org')?.reason ?? '', /refused the mail with code 550/)
  assert.match(of('gap@x.org')?.reason ?? '', /before it said whether it took the mail/)
  for (const address of addresses) assert.ok(smtp.to(address).length <= 1, address)
  assert.equal(smtp.to('gap@x.org')[0]?.messageId, of('gap@x.org')?.message_id)

  const again = await call('olga', 'POST', `/v1/runs/${done.id}/rerun`, { only: 'failed' })
  assert.equal(again.status, 202, JSON.stringify(again.body))
  assert.equal(again.body.rerun_of, done.id)
  await house.perform(again.body.id)
  const second = await house.result('olga', again.body.id)
  assert.equal(told(second.deliveries), 'never@x.org:mail=failed refused@x.org:mail=failed')
  assert.equal(second.run.state, 'failed')
  assert.equal(smtp.to('gap@x.org').length, 1)

  const third = await run('olga', 'mixed', { recipients: ['gap@x.org'] })
  assert.equal(told(third.deliveries), 'gap@x.org:mail=unconfirmed')
  assert.equal(smtp.to('gap@x.org').length, 2)
})

test('a worker lost while it sends leaves no one with two mails, and the next one says what is not known', async () => {
  smtp.received.length = 0
  const recipients = Array.from({ length: 30 }, (_, at) => ({ address: `p${at}@lost.org` }))
  await make('lost', { recipients })
  const started = (await call('olga', 'POST', '/v1/subscriptions/lost/runs')).body
  // Another attempt has written its plan, and is sending two when it is lost.
  const stop = new AbortController()
  let sent = 0
  const mailer = {
    ...house.needs.mailer,
    post: async (mail: Parameters<typeof house.needs.mailer.post>[0]) => {
      if (++sent > 10) {
        stop.abort()
        // What is sent now is answered to a process that is no more.
        void house.needs.mailer.post(mail)
        return new Promise<never>(() => undefined)
      }
      return house.needs.mailer.post(mail)
    },
  }
  // It does not renew its lease either.
  const lost = house.perform(started.id, { mailer }, { beatMs: 60_000 })
  await new Promise((resolve) => stop.signal.addEventListener('abort', resolve))
  await new Promise((resolve) => setTimeout(resolve, 300))
  await house.db
    .updateTable('runs')
    .set({ lease_until: new Date(0) })
    .where('id', '=', started.id)
    .execute()
  await house.perform(started.id)
  const { run: done, deliveries } = await house.result('olga', started.id)
  void lost
  assert.equal(done.attempt, 2)
  assert.equal(done.state, 'partially_failed')
  const unconfirmed = deliveries.filter(({ state }) => state === 'unconfirmed')
  assert.ok(unconfirmed.length >= 1 && unconfirmed.length <= 8, `${unconfirmed.length}`)
  assert.equal(deliveries.filter(({ state }) => state === 'delivered').length, 30 - unconfirmed.length)
  assert.equal(new Set(smtp.received.map(({ to }) => to)).size, smtp.received.length)
  for (const { recipient, state } of deliveries)
    if (state === 'delivered') assert.equal(smtp.to(recipient).length, 1, recipient)
})

test('storage that fails for a moment puts off who was next, and nobody else', async () => {
  smtp.received.length = 0
  await make('storage', { recipients: Array.from({ length: 20 }, (_, at) => ({ address: `s${at}@x.org` })) })
  let reads = 0
  const read: typeof house.needs.contents.read = async (...of) => {
    // The mail, then its attachment.
    if (++reads === 1 || reads === 3) throw Object.assign(new Error('too many files'), { code: 'EMFILE' })
    return house.needs.contents.read(...of)
  }
  const { run: done, deliveries } = await run('olga', 'storage', {}, { contents: { ...house.needs.contents, read } })
  assert.equal(done.state, 'succeeded', told(deliveries))
  assert.ok(deliveries.some(({ attempts }) => attempts > 1))
  assert.equal(new Set(smtp.received.map(({ to }) => to)).size, 20)
  assert.equal(smtp.received.length, 20)
})

test('storage that stays away: nothing has left, and every delivery says so', async () => {
  await make('stays-away', { recipients: [{ address: 'a1@x.org' }, { address: 'a2@x.org' }] })
  const read = () => Promise.reject(Object.assign(new Error('gone'), { code: 'EIO' }))
  const { run: done, deliveries } = await run('olga', 'stays-away', {}, { contents: { ...house.needs.contents, read } })
  assert.equal(done.state, 'failed')
  for (const { state, reason } of deliveries)
    assert.deepEqual([state, reason], ['failed', 'What was made could not be read (EIO). It was tried 3 times.'])
})

test('many who start it at the same moment all get an answer, and the same run', async () => {
  await make('crowd')
  const all = await Promise.all(Array.from({ length: 40 }, () => call('olga', 'POST', '/v1/subscriptions/crowd/runs')))
  assert.deepEqual([...new Set(all.map(({ status }) => status))], [202])
  assert.equal(new Set(all.map(({ body }) => body.id)).size, 1)
  assert.equal(all.filter(({ body }) => !body.joined).length, 1)
  const once = { 'idempotency-key': 'a-key' }
  const first = await call('olga', 'POST', '/v1/subscriptions/crowd/runs', { cause: 'x', if_running: 'queue' }, once)
  const again = await call('olga', 'POST', '/v1/subscriptions/crowd/runs', { cause: 'x', if_running: 'queue' }, once)
  assert.equal(again.body.id, first.body.id)
  assert.equal(again.headers['idempotency-replayed'], 'true')
})
