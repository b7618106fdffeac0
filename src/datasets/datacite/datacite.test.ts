import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { datasetsHouse, plainMetadata } from '#test/datasets.ts'
import { describeLastPublished } from '../formats/describe-version.ts'
import { type DataCiteClient, openDataCite } from './client.ts'
import { findUntold } from './store.ts'
import { tellDataCiteOf } from './tell-datacite.ts'

interface Heard {
  readonly method: string
  readonly path: string
  readonly authorization: string
  readonly type: string
  readonly body: { data: { id: string; type: string; attributes: Record<string, unknown> } }
}

/** Stands in for api.datacite.org: takes what that one takes, and refuses what it refuses. */
async function standIn() {
  const heard: Heard[] = []
  const failures: number[] = []
  const server = createServer(async (request, reply) => {
    const body = JSON.parse(await textOf(request))
    const { authorization = '', 'content-type': type = '' } = request.headers
    heard.push({ method: request.method!, path: request.url!, authorization, type, body })
    const failure = failures.shift()
    if (failure !== undefined) return void reply.writeHead(failure).end('{"errors":[{"title":"Try again\\nlater"}]}')
    if (authorization !== `Basic ${Buffer.from('EXAMPLE.REPO:s3cret').toString('base64')}`)
      return void reply.writeHead(401).end('{"errors":[{"status":"401","title":"Bad credentials."}]}')
    reply.writeHead(request.method === 'PUT' ? 200 : 405, { 'content-type': 'application/json' }).end('{"data":{}}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => new Promise((resolve) => server.close(resolve)))
  return { heard, failures, api: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString()
}

/** A published dataset with a DOI, in a process that does no jobs yet. */
async function published(api: string) {
  const house = await datasetsHouse({
    queued: true,
    over: {
      dataverse: { pidProtocol: 'doi', pidAuthority: '10.5072', pidShoulder: 'FK2/' },
      datacite: { repository: 'EXAMPLE.REPO', password: 's3cret', api },
    },
  })
  await house.join('root', 'admin')
  const made = await house.ask('root', 'POST', '/v1/collections/root/datasets', { metadata: plainMetadata() })
  const { id, pid } = made.body
  const { status } = await house.ask('root', 'POST', `/v1/datasets/${id}/publish`, { type: 'major' })
  assert.equal(status, 200)
  return { house, id: id as number, pid: pid as string }
}

async function until(holds: () => Promise<boolean> | boolean, within = 30_000): Promise<void> {
  for (const end = Date.now() + within; !(await holds()); await sleep(30)) assert.ok(Date.now() < end, 'in time')
}

test('a DOI is registered when its dataset is published, told anew when it changes, and hidden when it is taken back', async () => {
  const registry = await standIn()
  const house = await datasetsHouse({
    queued: true,
    over: {
      dataverse: { pidProtocol: 'doi', pidAuthority: '10.5072', pidShoulder: 'FK2/' },
      datacite: { repository: 'EXAMPLE.REPO', password: 's3cret', api: registry.api },
    },
  })
  await house.join('root', 'admin')
  await house.work()
  const made = await house.ask('root', 'POST', '/v1/collections/root/datasets', { metadata: plainMetadata() })
  assert.equal(made.status, 201)
  const { id, pid } = made.body
  assert.match(pid, /^doi:10\.5072\/FK2\/[0-9A-Z]{6}$/)
  assert.equal(registry.heard.length, 0, 'a draft is nobody’s business')
  // Trouble on the way is tried again by the queue.
  registry.failures.push(503)

  const published = await house.ask('root', 'POST', `/v1/datasets/${id}/publish`, { type: 'major' })
  assert.equal(published.status, 200, JSON.stringify(published.body))
  const registered = async () =>
    (await house.db.selectFrom('datasets').select('pid_registered_at').where('id', '=', id).executeTakeFirstOrThrow())
      .pid_registered_at
  await until(async () => (await registered()) !== null, 60_000)
  assert.equal(registry.heard.length, 2)
  const [first, second] = registry.heard as [Heard, Heard]
  assert.deepEqual(first, second, 'the second attempt says the same')
  assert.equal(second.method, 'PUT')
  assert.equal(second.path, `/dois/${encodeURIComponent(pid.slice(4))}`)
  assert.equal(second.type, 'application/vnd.api+json')
  const { data } = second.body
  assert.equal(data.id, pid.slice(4))
  assert.equal(data.attributes.event, 'publish')
  assert.equal(data.attributes.url, `http://localhost:8080/datasets/${pid}`)
  assert.deepEqual(data.attributes.titles, [{ title: 'Tide pools of Inchkeith' }])

  const gone = await house.ask('root', 'POST', `/v1/datasets/${id}/versions/1.0/deaccession`, { reason: 'wrong' })
  assert.equal(gone.status, 200, JSON.stringify(gone.body))
  await until(() => registry.heard.length === 3)
  assert.equal(registry.heard[2]?.body.data.attributes.event, 'hide')
  assert.ok(!house.logged().includes('s3cret'), 'the password is in no log')
})

test('what was never told is told after the next start; the DOI of a destroyed dataset is hidden', async () => {
  const registry = await standIn()
  const { house, id, pid } = await published(registry.api)
  // Given up after many attempts, say.
  await sql`delete from pgboss.job`.execute(house.db)
  await house.work()
  await until(() => registry.heard.length === 1)
  assert.equal(registry.heard[0]?.body.data.attributes.event, 'publish')
  await until(async () => (await findUntold(house.db)).length === 0)
  assert.equal((await house.ask('root', 'DELETE', `/v1/datasets/${id}?destroy=true`)).status, 204)
  await until(() => registry.heard.length === 2)
  const doi = pid.slice(4)
  assert.deepEqual(registry.heard[1]?.body.data, { id: doi, type: 'dois', attributes: { event: 'hide', doi } })
})

test('what changes while DataCite is told of it is told as well', async () => {
  const { house, id, pid } = await published('http://127.0.0.1:9')
  const { clock } = house
  const { db } = house.needs
  const heard: string[] = []
  const meanwhile = [
    () => house.ask('root', 'POST', `/v1/datasets/${id}/versions/1.0/deaccession`, { reason: 'wrong' }),
    () => house.ask('root', 'DELETE', `/v1/datasets/${id}?destroy=true`),
  ]
  const client: DataCiteClient = {
    async register(_doi, _document, event) {
      heard.push(event)
      clock.pass(1)
      await meanwhile.shift()?.()
    },
    hide: async (doi) => void heard.push(`hide ${doi}`),
  }
  const lastPublished = (dataset: number) => describeLastPublished(house.needs, dataset)
  await tellDataCiteOf({ db, client, clock, lastPublished }, id)
  assert.deepEqual(heard, ['publish', 'hide', `hide ${pid.slice(4)}`])
})

test('what DataCite refuses for good is not tried again, and says why', async () => {
  const registry = await standIn()
  const wrong = openDataCite({ api: registry.api, repository: 'EXAMPLE.REPO', password: 'other' }, 'Tessera/test')
  const document = { titles: [{ title: 'T' }] } as never
  await assert.rejects(wrong.register('10.5072/FK2/ABC', document, 'publish'), {
    code: 'datacite-account-refused',
    kind: 'unavailable',
    message: /status 401: Bad credentials\./,
  })
  registry.failures.push(422, 502)
  await assert.rejects(wrong.register('10.5072/FK2/ABC', document, 'publish'), { code: 'datacite-refused' })
  await assert.rejects(wrong.register('10.5072/FK2/ABC', document, 'publish'), { code: 'datacite-unreachable' })
  const nobody = openDataCite({ api: 'http://127.0.0.1:9', repository: 'A.B', password: '' }, 'Tessera/test')
  await assert.rejects(nobody.register('10.5072/FK2/ABC', document, 'publish'), { code: 'datacite-unreachable' })
})
