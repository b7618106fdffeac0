import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { resources } from './input.ts'

const run = promisify(execFile)
const main = path.resolve(import.meta.dirname, '../../src/main.ts')

/** A page of raw data: small, and a divisor of what one day of the crowd has, so that a last page is full. */
const rawRowLimit = 4317
const organization = 'Müller & Söhne Center'

export interface Portal {
  readonly address: string
  /** Its data directory. */
  readonly data: string
  /** May do everything that its admin may. */
  readonly token: string
  /** Tokens that may do one thing each, by their permission. */
  readonly narrow: Readonly<Record<string, string>>
  /** What the checks need to know beyond the input. */
  readonly facts: Readonly<Record<string, unknown>>
  stop(): Promise<void>
}

/** Fills an empty data directory by the product's own commands and starts a server on it. */
export async function startPortal(directory: string, input: string): Promise<Portal> {
  const port = await freePort()
  const data = path.join(directory, 'var')
  await mkdir(data)
  const settings = path.join(directory, 'portal_settings.ini')
  await writeFile(
    settings,
    `[general]
host = 127.0.0.1
port = ${port}
demo = off
data_directory = ${data}
organization_name = "${organization}"
[datawarehouse]
rest_raw_row_limit = ${rawRowLimit}
[rate_limit]
per_token = 0
per_address = 0
[logger]
level = warn
`,
  )
  const env = { ...process.env, UV_THREADPOOL_SIZE: '16' }
  const program = [main, '--settings', settings]
  const server = spawn(process.execPath, [...program, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding('utf8').on('data', (t: string) => said.push(t))
  const address = `http://127.0.0.1:${port}`
  try {
    await untilReady(address, server)
    const tessera = async (...words: string[]): Promise<string> =>
      (await run(process.execPath, [...program, ...words], { env, maxBuffer: 1e8 })).stdout
    await fill(tessera, input)
    return {
      address,
      data,
      ...(await makeTokens(tessera, address)),
      stop: () => stop(server),
    }
  } catch (error) {
    await stop(server)
    throw new Error(`the portal did not come up:\n${said.join('')}`, { cause: error })
  }
}

type Tessera = (...words: string[]) => Promise<string>

async function fill(tessera: Tessera, input: string): Promise<void> {
  const file = (name: string): string => path.join(input, name)
  await tessera('import', 'resources', file('resources.yml'))
  for (const { code, log } of resources) await tessera('import', 'slurm', '--resource', code, file(log))
  await tessera('import', 'names', file('names.csv'))
  await tessera('import', 'hierarchy', file('hierarchy.csv'))
  await tessera('import', 'group-to-hierarchy', file('group-to-hierarchy.csv'))
  for (const model of ['jobs', 'flights']) await tessera('model', 'refresh', model)
}

async function makeTokens(tessera: Tessera, address: string): Promise<Pick<Portal, 'token' | 'narrow' | 'facts'>> {
  await tessera('account', 'create', 'tester', '--role', 'admin', '--link')
  const issue = async (...permissions: string[]): Promise<{ id: string; secret: string }> => {
    const how = ['--account', 'tester', '--name', permissions.join(' '), '--permission', ...permissions, '--json']
    return JSON.parse(await tessera('token', 'issue', ...how)) as { id: string; secret: string }
  }
  const { secret: token } = await issue('warehouse:read', 'warehouse:raw')
  const narrow = await issue('warehouse:read:flights')
  const revoked = await issue('warehouse:read', 'warehouse:raw')
  await tessera('token', 'revoke', revoked.id)
  await makeSubscription(
    address,
    (await issue('reports:read', 'reports:write', 'subscriptions:write', 'subscriptions:run', 'warehouse:read')).secret,
  )
  const narrowTo = ['models:refresh:flights', 'subscriptions:run:weekly'] as const
  return {
    token,
    narrow: Object.fromEntries(await Promise.all(narrowTo.map(async (one) => [one, (await issue(one)).secret]))),
    facts: {
      organization,
      provider: 'scw',
      raw_row_limit: rawRowLimit,
      narrow_token: narrow.secret,
      revoked_token: revoked.secret,
      anvil_id: await idOfAnvil(address, token),
    },
  }
}

/** A report by mail, which without a mail server goes to the outbox. */
async function makeSubscription(address: string, token: string): Promise<void> {
  const make = async (path: string, body: object): Promise<void> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const reply = await fetch(address + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (reply.status !== 201) throw new Error(`POST ${path}: ${reply.status} ${await reply.text()}`)
  }
  const query = { model: 'flights', metrics: ['flights'] }
  const blocks = [{ type: 'number', id: 'flights', title: 'Flights', query }]
  await make('/v1/reports', { id: 'flights', title: 'Flights', shared_with: 'viewer', definition: { blocks } })
  const recipients = [{ address: 'ada@example.org' }]
  await make('/v1/subscriptions', { id: 'weekly', name: 'Weekly', report: 'flights', formats: ['csv'], recipients })
}

async function idOfAnvil(address: string, token: string): Promise<string> {
  const reply = await fetch(`${address}/rest/v1/warehouse/resources`, { headers: { authorization: `Bearer ${token}` } })
  const { results } = (await reply.json()) as { results: Record<string, { resource_id: string }> }
  return results.anvil?.resource_id ?? ''
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

async function untilReady(address: string, server: ChildProcess): Promise<void> {
  for (const until = Date.now() + 120_000; Date.now() < until; ) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`)
    const ready = await fetch(`${address}/health/ready`).then(
      (reply) => reply.ok,
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error('the server was not ready within two minutes')
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
}
