import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { permissionNames, type Role } from '#src/access/permissions.ts'
import { createAccount } from '#src/accounts/create-account.ts'
import { commandActor } from '#src/base.ts'
import { tokenNeeds } from '#src/needs.ts'
import { type Issued, issueToken } from '#src/tokens/issue-token.ts'
import { openTerms } from '#src/tokens/open-terms.ts'
import { plainMetadata } from './datasets.ts'
import type { Shot, Words } from './fuzz-requests.ts'
import { type TestProduct, testProduct } from './product.ts'
import { jobsModel, otherModels } from './xdmod-models.ts'

export const callers = ['admin', 'session', 'weak', 'nobody'] as const
export type As = (typeof callers)[number]

export interface Told {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
  readonly ms: number
}

export interface FuzzedProduct extends AsyncDisposable {
  readonly product: TestProduct
  readonly words: Words
  /** Sends the request over a real connection; fails when there is no whole answer. */
  fire(shot: Shot, as: As): Promise<Told>
  /** Tells that what `as` shows may have been revoked; it gets something new. */
  lost(as: As): void
  /** What must never stand in a reply. */
  secrets(): readonly string[]
  /** What changed in the database in a transaction without an audit event. */
  unaudited(): Promise<readonly { name: string; what: string }[]>
}

/** The product as it ships, with two small models that have data and one that has none, and with things to aim at. */
export async function openFuzzedProduct(): Promise<FuzzedProduct> {
  await using opening = new AsyncDisposableStack()
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-fuzz-'))
  opening.defer(() => rm(directory, { recursive: true, force: true }))
  await writeModels(directory)
  const product = opening.use(
    await testProduct({
      TESSERA_MODELS__DIRECTORY: directory,
      TESSERA_GENERAL__DEMO: 'off',
      TESSERA_GENERAL__TRUSTED_PROXIES: '127.0.0.1',
      TESSERA_RATE_LIMIT__PER_ADDRESS: '0',
      TESSERA_RATE_LIMIT__PER_TOKEN: '0',
      TESSERA_API_TOKEN__TERMS_FILE: 'LICENSE',
    }),
  )
  await watchChanges(product)
  const targets = await makeTargets(product)
  const shown = openCallers(product)
  const admin = await shown.headers('admin')
  const run = await refresh(product, admin, ['jobs', 'birds'])
  const exported = await exportRows(product, admin)
  const reports = await makeReports(product, admin)
  const datasets = await makeDatasets(product, admin)
  const subscriptions = await makeSubscriptions(product, admin, await shown.headers('session'))
  const agent = new http.Agent({ keepAlive: true })
  opening.defer(() => agent.destroy())
  const opened = opening.move()
  return {
    product,
    words: {
      ...words,
      ...targets,
      ...exported,
      ...reports,
      ...subscriptions,
      ...datasets,
      run: [...run, ...exported.run, ...(await makeWaitingRuns(product))],
      version: [openTerms(product.base.settings.apiToken.termsFile)!.version, '1', '2', ...versions],
    },
    lost: shown.lost,
    secrets: shown.secrets,
    fire: async (shot, as) =>
      send(product.url, agent, { ...shot, headers: { ...(await shown.headers(as)), ...shot.headers } }),
    unaudited: () => unauditedChanges(product),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function writeModels(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  const { birds, bats } = otherModels
  for (const [name, model] of Object.entries({ jobs: jobsModel, birds, bats }))
    if (model) await writeFile(path.join(directory, `${name}.yml`), model.yaml)
  await writeFile(path.join(directory, 'jobs.csv'), jobsModel.csv)
  await writeFile(path.join(directory, 'birds.csv'), birds?.csv ?? '')
}

/** Most of them belong together, so that most questions can be answered. */
const mostly = (usual: readonly string[], ...others: string[]): string[] => [
  ...[1, 2, 3, 4].flatMap(() => usual),
  ...others,
]
const metrics = mostly(['total_cpu_hours', 'job_count', 'avg_cpu_hours', 'running'], 'birds', 'sem')
const dimensions = mostly(['resource', 'queue', 'username', 'jobsize'], 'kind', 'secret', 'inner')
const words: Words = {
  model: mostly(['jobs', 'jobs'], 'birds', 'birds', 'bats'),
  metrics: [...metrics, 'job_count,running'],
  dimensions: [...dimensions, 'resource,queue'],
  dimension: dimensions,
  by: [...metrics, ...dimensions, 'period'],
  order: ['-total_cpu_hours', 'queue', 'period', '-kind,birds'],
  filter: mostly(['queue:short', 'queue!:short', 'resource:1,4', 'jobsize:0', 'username:ada'], 'kind:owl'),
  fields: mostly(['id', 'cores', 'account'], 'id,person,account,start,cores,queue', 'Cores', 'Local Job Id,Cores'),
  values: ['1', '4', 'short', 'a,b 50%', 'owl', '0'],
  labels: ['anvil', 'short', 'owl', '1 - 4'],
  permissions: ['warehouse:read', 'warehouse:raw:jobs', 'tokens:write', 'accounts:admin'],
  operation: ['get_data', 'get_charts', 'get_dimension', 'get_dw_descripter'],
  realm: mostly(['Jobs'], 'Birds', 'Bats', 'Jobs,Birds'),
  statistic: metrics,
  group_by: ['none', ...dimensions],
  dimension_id: dimensions,
  dataset_type: ['timeseries', 'aggregate'],
  aggregation_unit: ['Auto', 'Day', 'Month', 'Quarter', 'Year'],
  start_date: mostly(['2026-03-01'], '2026-02-30', '0001-01-01'),
  end_date: mostly(['2026-05-03'], '9999-12-31'),
  public_user: ['true', 'false'],
  offset: ['0', '2'],
  calendar: ['swiss', 'us'],
}

/** Accounts, tokens and runs that requests may hit; none of them is what the fuzzer itself lives on. */
async function makeTargets(product: TestProduct): Promise<Words> {
  const account: string[] = []
  const token: string[] = []
  for (const userName of ['bob', 'eve', 'kim']) {
    const role: Role = userName === 'eve' ? 'manager' : 'member'
    const made = await product.base.change(commandActor('fuzz'), (change) =>
      createAccount(product.accounts, change, { userName, kind: 'person', role }),
    )
    account.push(made.id)
    for (let count = 0; count < 10; count++)
      token.push((await issue(product, userName, ['warehouse:read', 'tokens:write'])).token.id)
  }
  return {
    account: mostly(account, 'bob', 'eve'),
    token,
    ids: token,
    owner_id: account,
    actor: ['bob'],
    user_name: ['bob'],
  }
}

const issue = (product: TestProduct, account: string, permissions: readonly string[]): Promise<Issued> =>
  product.base.change(commandActor('fuzz'), (change) =>
    issueToken(tokenNeeds(product.base), change, { name: 'fuzz', account, permissions }),
  )

/** Credentials of each caller, made anew when a request has ended them. */
function openCallers(product: TestProduct) {
  const held = new Map<As, Promise<Readonly<Record<string, string>>>>()
  const secrets: string[] = [product.admin.password, product.base.settings.database.url ?? '']
  let count = 0
  const make = async (as: As): Promise<Readonly<Record<string, string>>> => {
    if (as === 'nobody') return {}
    if (as === 'session') {
      const { userName: user_name, password } = product.admin
      const payload = { user_name, password }
      const reply = await product.server.inject({
        method: 'POST',
        url: '/v1/session',
        payload,
        remoteAddress: `10.9.8.${++count % 250}`,
      })
      const cookies = [reply.headers['set-cookie'] ?? []].flat().map((line) => line.split(';', 1)[0] ?? '')
      secrets.push(...cookies.map((cookie) => cookie.split('=')[1] ?? ''))
      return { cookie: cookies.join('; '), 'sec-fetch-site': 'same-origin' }
    }
    const role = as === 'admin' ? 'admin' : 'viewer'
    const userName = `${as}-${++count}`
    await product.base.change(commandActor('fuzz'), (change) =>
      createAccount(product.accounts, change, { userName, kind: 'person', role }),
    )
    const { secret } = await issue(product, userName, as === 'admin' ? permissionNames : ['runs:read'])
    secrets.push(secret)
    return { authorization: `Bearer ${secret}` }
  }
  return {
    headers(as: As) {
      const found = held.get(as) ?? make(as)
      held.set(as, found)
      return found
    },
    lost: (as: As) => void held.delete(as),
    secrets: () => secrets.filter((secret) => secret.length > 12),
  }
}

async function refresh(
  product: TestProduct,
  headers: Readonly<Record<string, string>>,
  models: readonly string[],
): Promise<string[]> {
  const runs: string[] = []
  for (const model of models) {
    const asked = await product.server.inject({ method: 'POST', url: `/v1/models/${model}/refreshes`, headers })
    if (asked.statusCode !== 202) throw new Error(asked.body)
    while (!product.models.snapshot(model)) await sleep(20)
    runs.push(asked.json().id)
  }
  return runs
}

const versions = ['1.0', 'latest', 'draft', 'latest-published', ':latest', ':draft']

/** Published datasets with a draft and files in each, enough for what deletes some on the way. */
async function makeDatasets({ server }: TestProduct, headers: Readonly<Record<string, string>>): Promise<Words> {
  const ask = async (method: 'POST' | 'PUT', url: string, payload: object | string, more = {}) => {
    const reply = await server.inject({ method, url, headers: { ...headers, ...more }, payload })
    if (reply.statusCode >= 300) throw new Error(`${url}: ${reply.body}`)
    return reply.body === '' ? null : reply.json()
  }
  const collection: string[] = []
  const dataset: string[] = []
  const file: string[] = []
  const persistentId: string[] = []
  for (let count = 0; count < 12; count++) {
    const alias = `fuzzed-${count}`
    const contacts = [{ email: 'fuzz@example.org' }]
    await ask('POST', '/v1/collections', { parent: 'root', alias, name: alias, contacts })
    await ask('POST', `/v1/collections/${alias}/publish`, {})
    collection.push(alias)
    for (let each = 0; each < 3; each++) {
      const { id, pid } = await ask('POST', `/v1/collections/${alias}/datasets`, { metadata: plainMetadata() })
      const content = (name: string, text: string) =>
        ask('PUT', `/v1/datasets/${id}/content/${name}`, text, { 'content-type': 'text/csv' })
      const first = await content('counts.csv', 'day,limpets\n2026-06-01,12\n')
      const published = each > 0 ? await ask('POST', `/v1/datasets/${id}/publish`, { type: 'major' }) : null
      if (published) await content('more.csv', `day,whelks\n2026-06-01,${count}\n`)
      dataset.push(String(id))
      persistentId.push(pid)
      file.push(...first.items.map((one: { id: number }) => String(one.id)))
    }
  }
  return {
    collection,
    dataset: [...dataset, ...persistentId],
    file,
    persistentId,
    block: ['citation', 'geospatial'],
    license: ['1', '2'],
    role: mostly(['contributor', 'curator'], '1', '2'),
    assignee: [':signed-in', 'bob', '@bob'],
    fileIds: file,
    exporter: ['ddi', 'oai_dc'],
  }
}

/** Subscriptions to change, start and delete, and what came of a run of one. */
async function makeSubscriptions(
  { server }: TestProduct,
  headers: Readonly<Record<string, string>>,
  session: Readonly<Record<string, string>>,
): Promise<Words> {
  const get = async (url: string, as: Readonly<Record<string, string>>) =>
    (await server.inject({ url, headers: as })).json()
  const accounts = await Promise.all([headers, session].map((as) => get('/v1/accounts/current', as)))
  const people: { account: string }[] = accounts.map(({ id }) => ({ account: id }))
  const post = async (url: string, payload: object) => {
    const reply = await server.inject({ method: 'POST', url, headers: { ...headers, prefer: 'wait=30' }, payload })
    if (reply.statusCode >= 300) throw new Error(reply.body)
    return reply.json()
  }
  const ids = Array.from({ length: 40 }, (_, i) => `made-${i}`)
  const shared = { report: 'weekly-usage', parameters: { queue: 'short' }, formats: ['csv'], files: 'linked' }
  const recipients = [...people, { address: 'ada@example.org' }]
  for (const id of ids) await post('/v1/subscriptions', { id, name: id, recipients, ...shared })
  const run = await post('/v1/subscriptions/made-0/runs', {})
  if (run.state !== 'succeeded') throw new Error(JSON.stringify(run))
  const mails: { id: string }[] = (await get('/v1/outbox', session)).mails
  const { text } = await get(`/v1/outbox/${mails[0]?.id}`, session)
  const items: { id: string; files: { id: string }[] }[] = (
    await Promise.all([headers, session].map((as) => get('/v1/inbox', as)))
  ).flatMap((inbox) => inbox.items)
  return {
    subscription: mostly(ids),
    mail: mails.map(({ id }) => id),
    secret: [...String(text).matchAll(/tsr(?:file|leave)_[0-9a-f]+/g)].map(([secret]) => secret),
    item: items.map(({ id }) => id),
    file: items.flatMap(({ files }) => files.map(({ id }) => id)),
  }
}

/** Runs that wait for ever, as nobody does their kind. */
async function makeWaitingRuns({ base }: TestProduct): Promise<string[]> {
  const ids = Array.from({ length: 12 }, () => randomUUID())
  const run = {
    kind: 'wait',
    subject_type: 'model',
    subject_id: 'jobs',
    permission: 'models:refresh',
    data: '{}',
    state: 'queued',
    trigger_type: 'api',
  }
  await base.change(commandActor('fuzz'), async ({ tx, note }) => {
    await tx
      .insertInto('runs')
      .values(ids.map((id) => ({ id, ...run })))
      .execute()
    note({ verb: 'model.refresh_requested', subjectType: 'model', subjectId: 'jobs' })
  })
  return ids
}

/** A run with a file. */
async function exportRows(
  { server }: TestProduct,
  headers: Readonly<Record<string, string>>,
): Promise<{ run: string[]; artifact: string[] }> {
  const payload = { raw: { model: 'jobs' }, format: 'csv' }
  const waits = { ...headers, prefer: 'wait=30' }
  const asked = await server.inject({ method: 'POST', url: '/v1/exports', headers: waits, payload })
  const { id } = asked.json()
  const { artifacts } = (await server.inject({ url: `/v1/runs/${id}/artifacts`, headers })).json()
  if (!artifacts?.[0]) throw new Error(asked.body)
  return { run: mostly([id]), artifact: [artifacts[0].id] }
}

/** Reports over the jobs, with columns to fill in; many, as requests delete them. */
async function makeReports({ server }: TestProduct, headers: Readonly<Record<string, string>>): Promise<Words> {
  const inputs = [
    { id: 'note', type: 'text', label: 'Note' },
    { id: 'tag', type: 'single_select', label: 'Tag', options: { values: [{ id: 'a', label: 'A' }] } },
  ]
  const ask = { model: 'jobs', metrics: ['job_count'], dimensions: ['queue'] }
  const filters = [{ dimension: 'queue', values: { parameter: 'queue' } }]
  const blocks = [
    { type: 'table', id: 'table', title: 'Table', query: { ...ask, filters }, inputs },
    { type: 'chart', id: 'chart', title: 'Chart', chart: 'bar', query: ask },
    { type: 'number', id: 'number', title: 'Number', query: { model: 'jobs', metrics: ['job_count'] } },
  ]
  const parameters = [{ name: 'queue', type: 'text', label: 'Queue' }]
  const ids = ['weekly-usage', ...Array.from({ length: 40 }, (_, i) => `report-${i}`)]
  for (const id of ids) {
    const payload = { id, title: id, shared_with: 'admin', definition: { parameters, blocks } }
    const made = await server.inject({ method: 'POST', url: '/v1/reports', headers, payload })
    if (made.statusCode !== 201) throw new Error(made.body)
  }
  const row = mostly(['{"queue":"short"}'], '{"queue":1}', '[]', '{"queue":"short","pi":"1"}')
  return {
    report: ids,
    column: ['note', 'tag'],
    row,
    block: ['table', 'chart'],
    parameter: ['queue:short', 'queue:a,b'],
  }
}

function send(url: string, agent: http.Agent, { method, path: address, headers, body }: Shot): Promise<Told> {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(url)
    // Node leaves it out where a body is unusual, and what follows would then be read as another request.
    const length: Record<string, number> = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const signal = AbortSignal.timeout(10_000)
    const options = { host, port, method, path: address, headers: { ...headers, ...length }, agent, signal }
    const request = http.request(options, (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk: Buffer) => chunks.push(chunk))
      reply.on('error', reject)
      reply.on('end', () => {
        const told = { status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks) }
        resolve({ ...told, ms: performance.now() - began })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** What is known of people and what they may do; background work and counters write without being asked. */
const watched = {
  accounts: 'insert or update or delete',
  sessions: 'insert or delete',
  password_links: 'insert or update or delete',
  tokens: 'insert or update or delete',
  token_feeds: 'insert or update or delete',
  models: 'insert or delete',
  model_snapshots: 'insert',
  runs: 'insert',
  reports: 'insert or delete',
  report_versions: 'insert',
  report_inputs: 'insert or update or delete',
  audit_events: 'insert',
}

async function watchChanges({ base }: TestProduct): Promise<void> {
  await sql`create table fuzz_changes (tx xid8 not null, name text not null, what text not null)`.execute(base.db)
  await sql`create function fuzz_note() returns trigger language plpgsql as $$
    begin insert into fuzz_changes values (pg_current_xact_id(), tg_table_name, tg_op); return null; end $$`.execute(
    base.db,
  )
  for (const [table, events] of Object.entries(watched))
    await sql`create trigger fuzz_note after ${sql.raw(events)} on ${sql.table(table)} for each row execute function fuzz_note()`.execute(
      base.db,
    )
}

async function unauditedChanges({ base }: TestProduct): Promise<readonly { name: string; what: string }[]> {
  const { rows } = await sql<{ name: string; what: string }>`
    select distinct name, what from fuzz_changes as changed
    where not exists (select from fuzz_changes as noted where noted.tx = changed.tx and noted.name = 'audit_events')`.execute(
    base.db,
  )
  return rows
}
