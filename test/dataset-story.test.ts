import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import PostalMime from 'postal-mime'
import { parse } from 'yaml'
import { openOutboxReader } from '#src/mail/read-outbox.ts'
import { plainMetadata } from './datasets.ts'
import { testProduct } from './product.ts'

const first = 'day,site,birds\n2026-01-01,north,3\n2026-01-02,south,5\n'
const second = `${first}2026-01-03,south,40\n`

test('a deposit is published, queried in the warehouse, reported on, and each new version brings new numbers', async (t) => {
  const models = await mkdtemp(path.join(tmpdir(), 'tessera-models-'))
  t.after(() => rm(models, { recursive: true }))
  await using opened = new AsyncDisposableStack()
  const settings = { TESSERA_GENERAL__DEMO: 'off', TESSERA_MODELS__DIRECTORY: models }
  // The model names the dataset, so it is written before the server that serves it starts: here both are known beforehand.
  const pid = 'perma:tessera/SHRB1R'
  await writeFile(
    path.join(models, 'birds.yml'),
    `
version: 1
name: birds
label: Shore birds
facts: counts
tables: [{ name: counts, dataset: "${pid}", file: data/counts.csv }]
time: { column: day }
dimensions: [{ name: site, label: Site, expr: site }]
metrics: [{ name: birds, label: Birds, agg: sum, expr: birds }]
access: { query: viewer }
`,
  )
  const product = opened.use(await testProduct(settings))
  const { url, admin, base } = product
  let cookie = ''
  const ask = async (method: string, where: string, body?: object | string, token?: string) => {
    const answer = await fetch(url + where, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : cookie ? { cookie } : {}),
        'sec-fetch-site': 'same-origin',
        prefer: 'wait=30',
        ...(body !== undefined && { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    cookie ||= (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
    const text = await answer.text()
    const json =
      answer.headers.get('content-type')?.includes('json') && !answer.headers.get('content-type')?.includes('ndjson')
    return { status: answer.status, body: json ? JSON.parse(text) : text }
  }
  const good = async (...asked: Parameters<typeof ask>) => {
    const answer = await ask(...asked)
    assert.ok(answer.status < 300, `${asked[0]} ${asked[1]}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const until = async <T>(look: () => Promise<T | null | false>): Promise<T> => {
    for (let i = 0; i < 300; i++) {
      const seen = await look()
      if (seen) return seen
      await sleep(100)
    }
    throw new Error('it did not come')
  }

  await good('POST', '/v1/session', { user_name: admin.userName, password: admin.password })
  const tokenFor = async (name: string, permissions: string[]) =>
    String((await good('POST', '/v1/tokens', { name, permissions })).secret)
  const depositor = await tokenFor('deposit', ['datasets:read', 'datasets:write', 'datasets:publish'])
  const analyst = await tokenFor('analyse', ['warehouse:read'])

  // The depositor.
  await good('POST', '/v1/collections', { parent: 'root', alias: 'shore', name: 'Shore Lab' }, depositor)
  await good('POST', '/v1/collections/shore/publish', undefined, depositor)
  const made = await good('POST', '/v1/collections/shore/datasets', { metadata: plainMetadata() }, depositor)
  await base.database.pool.query(`update datasets set identifier = 'SHRB1R' where id = $1`, [made.id])
  const dataset = `/v1/datasets/${made.id}`
  await good('PUT', `${dataset}/content/data/counts.csv`, first, depositor)
  const [file] = (await good('GET', `${dataset}/versions/draft/files`, undefined, depositor)).items
  const table = await until(async () => {
    const shown = await good('GET', `/v1/files/${file.id}/table`, undefined, depositor)
    return shown.state === 'read' && shown
  })
  assert.deepEqual(
    [table.rows, table.columns.map(({ name, type }: { name: string; type: string }) => `${name}: ${type}`)],
    [2, ['day: date', 'site: text', 'birds: integer']],
  )
  assert.equal((await ask('GET', `/v1/files/${file.id}/table`, undefined, analyst)).status, 404)
  const refused = await good('POST', '/v1/models/birds/refreshes')
  assert.deepEqual([refused.state, /no published version/.test(refused.error.message)], ['failed', true])

  // Published: everybody finds it, and the model is refreshed without being asked.
  await good('POST', `${dataset}/publish`, { type: 'major' }, depositor)
  const found = await good('GET', '/v1/search?q=inchkeith&type=dataset', undefined, analyst)
  assert.deepEqual(found.items[0].dataset.pid, pid)
  const query = { model: 'birds', metrics: ['birds'], dimensions: ['site'] }
  const numbers = async () => {
    const { status, body } = await ask('POST', '/v1/query', query, analyst)
    return status === 200 ? JSON.stringify(body) : ''
  }
  await until(async () => (await numbers()).includes('north'))
  assert.match(await numbers(), /\b3\b/)
  assert.equal(
    (await fetch(`${url}/v1/files/${file.id}/table/rows`).then((answer) => answer.text())).trim(),
    first.trim(),
  )
  const lines = await fetch(`${url}/v1/files/${file.id}/table/rows?format=ndjson`).then((answer) => answer.text())
  assert.deepEqual(JSON.parse(lines.split('\n')[1]!), { day: '2026-01-02', site: 'south', birds: 5 })
  const parquet = await fetch(`${url}/v1/files/${file.id}/table/rows?format=parquet`).then((answer) => answer.bytes())
  assert.equal(Buffer.from(parquet.subarray(0, 4)).toString(), 'PAR1')
  const suggested = parse(await good('GET', `/v1/files/${file.id}/table/model`, undefined, analyst))
  assert.deepEqual(suggested.tables, [{ name: 'counts', dataset: pid, file: 'data/counts.csv' }])

  // In a report that goes out by schedule.
  const blocks = [{ type: 'table', id: 'sites', title: 'Sites', query }]
  await good('POST', '/v1/reports', { id: 'birds', title: 'Birds', definition: { blocks } })
  await good('POST', '/v1/subscriptions', {
    id: 'birds-weekly',
    name: 'Birds, weekly',
    report: 'birds',
    recipients: [{ address: 'ada@example.org' }],
    formats: ['csv'],
  })
  const reader = openOutboxReader(base.places.outbox)
  const delivered = async (): Promise<string> => {
    const run = await good('POST', '/v1/subscriptions/birds-weekly/runs', {})
    assert.equal(run.state, 'succeeded', JSON.stringify(run))
    const [line] = await reader.list()
    const mail = await PostalMime.parse((await reader.bytesOf(line?.id ?? '')) ?? '')
    return Buffer.from(mail.attachments[0]?.content as ArrayBuffer).toString()
  }
  assert.match(await delivered(), /south,5\b/)

  // The next version.
  const replaced = await ask('PUT', `${dataset}/content/data/counts.csv?if_exists=replace`, second, depositor)
  assert.ok(replaced.status < 300, JSON.stringify(replaced.body))
  assert.doesNotMatch(await numbers(), /\b45\b/)
  await good('POST', `${dataset}/publish`, { type: 'major' }, depositor)
  await until(async () => /\b45\b/.test(await numbers()))
  assert.match(await delivered(), /south,45\b/)

  // Restricted: the model file has not said that it may be read.
  const [now] = (await good('GET', `${dataset}/versions/latest/files`, undefined, depositor)).items
  await good('PATCH', `/v1/files/${now.id}`, { restricted: true }, depositor)
  const terms = { terms_of_access: 'Ask us.' }
  const again = await ask('POST', `${dataset}/publish`, { type: 'minor' }, depositor)
  if (again.status >= 300) assert.fail(JSON.stringify([again.body, terms]))
  const kept = await until(async () => {
    const { runs } = await good('GET', '/v1/runs?kind=refresh-model')
    return runs[0].state === 'failed' && runs[0]
  })
  assert.match(kept.error.message, /is restricted/)
  assert.match(await numbers(), /\b45\b/)
})
