import path from 'node:path'
import { resources } from './input.ts'
import { startServer, type Tessera } from './start-server.ts'

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
  const settings = `organization_name = "${organization}"
[datawarehouse]
rest_raw_row_limit = ${rawRowLimit}
`
  return startServer(directory, settings, async ({ address, data, tessera, stop }) => {
    await fill(tessera, input)
    return { address, data, ...(await makeTokens(tessera, address)), stop }
  })
}

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
