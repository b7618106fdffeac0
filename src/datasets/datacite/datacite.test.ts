import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { datasetsHouse, plainMetadata } from '#test/datasets.ts'
import { openDataCite } from './client.ts'

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

test('what DataCite refuses for good is not tried again, and says why', async () => {
  const registry = await standIn()
  const wrong = openDataCite({ api: registry.api, repository: 'EXAMPLE.REPO', password: 'other' }, 'Tessera/test')
  const document = { titles: [{ title: 'T' }] } as never
  await assert.rejects(wrong.register('10.5072/FK2/ABC', document, 'publish'), /status 401: Bad credentials\./)
  registry.failures.push(502)
  await assert.rejects(wrong.register('10.5072/FK2/ABC', document, 'publish'), { code: 'datacite-unreachable' })
  const nobody = openDataCite({ api: 'http://127.0.0.1:9', repository: 'A.B', password: '' }, 'Tessera/test')
  await assert.rejects(nobody.register('10.5072/FK2/ABC', document, 'publish'), { code: 'datacite-unreachable' })
})
