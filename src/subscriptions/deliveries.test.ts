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
