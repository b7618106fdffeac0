import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import PostalMime from 'postal-mime'
import { openOutboxReader } from '#src/mail/read-outbox.ts'
import { testProduct } from './product.ts'

const model = `
version: 1
name: sales
label: Sales
facts: sales
tables:
  - { name: sales, files: sales.csv, header: true, delimiter: ",", columns: { day: DATE, shop: VARCHAR, n: BIGINT } }
time: { column: day }
dimensions:
  - { name: shop, label: Shop, expr: shop }
metrics:
  - { name: total, label: Total, unit: EUR, agg: sum, expr: n, decimals: 0 }
access: { query: viewer }
`

test('another application starts a report with a token that may do just this, and the numbers that arrive are today’s', async (t) => {
  const models = await mkdtemp(path.join(tmpdir(), 'tessera-models-'))
  t.after(() => rm(models, { recursive: true }))
  await writeFile(path.join(models, 'sales.yml'), model)
  await writeFile(path.join(models, 'sales.csv'), 'day,shop,n\n2026-01-01,north,1\n')
  await using product = await testProduct({ TESSERA_GENERAL__DEMO: 'off', TESSERA_MODELS__DIRECTORY: models })
  const { url, admin } = product
  let cookie = ''
  const ask = async (method: string, where: string, body?: object, token?: string) => {
    const answer = await fetch(url + where, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : { cookie }),
        'sec-fetch-site': 'same-origin',
        prefer: 'wait=30',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    cookie ||= (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
    return { status: answer.status, body: JSON.parse(await answer.text()) }
  }
  await ask('POST', '/v1/session', { user_name: admin.userName, password: admin.password })
  assert.equal((await ask('POST', '/v1/models/sales/refreshes')).body.state, 'succeeded')
  const query = { model: 'sales', metrics: ['total'], dimensions: ['shop'] }
  const blocks = [{ type: 'table', id: 'shops', title: 'Shops', query }]
  assert.equal((await ask('POST', '/v1/reports', { id: 'shops', title: 'Shops', definition: { blocks } })).status, 201)
  const made = await ask('POST', '/v1/subscriptions', {
    id: 'shops-weekly',
    name: 'Shops, weekly',
    report: 'shops',
    recipients: [{ address: 'ada@example.org' }],
    formats: ['csv'],
    refresh_first: true,
    subject: '{{report}}: {{rows}} rows',
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const permissions = ['subscriptions:run:shops-weekly']
  const token = String((await ask('POST', '/v1/tokens', { name: 'button', permissions })).body.secret)

  await writeFile(path.join(models, 'sales.csv'), 'day,shop,n\n2026-01-01,north,1\n2026-01-02,south,41\n')
  const { calls } = (await ask('GET', '/v1/subscriptions/shops-weekly/calls', undefined, token)).body
  const command = calls[0].text.replaceAll('http://localhost:8080', url)
  const { stdout } = await promisify(execFile)('bash', ['-c', `${command} -s -H 'Prefer: wait=30'`], {
    env: { ...process.env, TESSERA_TOKEN: token },
  })
  const run = JSON.parse(stdout)
  assert.equal(run.state, 'succeeded', stdout)
  assert.equal(run.trigger.type, 'api')
  assert.deepEqual(
    run.steps.map(({ name }: { name: string }) => name),
    ['prepare', 'refresh data', 'evaluate', 'render', 'deliver'],
  )
  const who = (await ask('GET', `/v1/runs/${run.id}/deliveries`, undefined, token)).body
  assert.deepEqual(who.counts, { delivered: 1 })

  const reader = openOutboxReader(product.base.places.outbox)
  const [line] = await reader.list()
  assert.deepEqual([line?.to, line?.subject], [['ada@example.org'], 'Shops: 2 rows'])
  const mail = await PostalMime.parse((await reader.bytesOf(line?.id ?? '')) ?? '')
  assert.match(Buffer.from(mail.attachments[0]?.content as ArrayBuffer).toString(), /south,41/)
  assert.equal((await ask('GET', `/v1/outbox/${line?.id}`)).body.subject, 'Shops: 2 rows')
  assert.equal((await ask('GET', '/v1/outbox', undefined, token)).status, 403)

  const refused = await ask('POST', '/v1/models/sales/refreshes', {}, token)
  assert.deepEqual([refused.status, refused.body.missing_permissions], [403, ['models:refresh:sales']])
  const used = await ask('DELETE', '/v1/reports/shops')
  assert.equal(used.status, 409)
})
