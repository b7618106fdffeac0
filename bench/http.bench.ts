import { fork } from 'node:child_process'
import { once } from 'node:events'
import autocannon from 'autocannon'
import { type BenchRow, median } from './row.ts'

const rounds = 7
const seconds = 2

interface Side {
  readonly url: string
  readonly headers?: Record<string, string>
}

interface Measured {
  /** CPU microseconds of the server for one request. */
  readonly cpu: number
  readonly perSecond: number
}

/**
 * What a verified token costs: the same route with and without one, in one process, in turns. The server runs apart from
 * the load, so that its CPU time is its own.
 */
export async function run(): Promise<BenchRow[]> {
  const server = fork(new URL('http-server.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  try {
    const [{ ours, bare, secret }] = (await once(server, 'message')) as [{ ours: string; bare: string; secret: string }]
    const headers = { authorization: `Bearer ${secret}` }
    const sides = {
      known: { url: `${ours}/v1/known`, headers },
      open: { url: `${ours}/v1/open`, headers },
      empty: { url: `${bare}/empty`, headers },
      select: { url: `${bare}/select`, headers },
    }
    const measured = await inTurns(sides, () => cpuOf(server))
    const bcrypt = await load({ url: `${bare}/bcrypt`, headers }, () => cpuOf(server))
    return rowsOf(measured, bcrypt)
  } finally {
    server.disconnect()
  }
}

function rowsOf(
  { known, open, empty, select }: Record<'known' | 'open' | 'empty' | 'select', Measured>,
  bcrypt: Measured,
): BenchRow[] {
  const over = known.cpu - open.cpu
  const throughput = (side: Measured): string => `${Math.round(side.perSecond).toLocaleString('en')} req/s`
  const cpu = (side: Measured): string => `${side.cpu.toFixed(1)} µs`
  const note = `medians of ${rounds} rounds of ${seconds} s in turns; CPU of the server process`
  return [
    {
      name: 'token verification, CPU per request',
      ours: `${over.toFixed(1)} µs more (${cpu(known)})`,
      baseline: `same route with no authentication: ${cpu(open)}`,
      ratio: null,
      bar: '≤ 10 µs more',
      met: over <= 10,
      note,
    },
    {
      name: 'token verification, throughput',
      ours: throughput(known),
      baseline: `same route with no authentication: ${throughput(open)}`,
      ratio: known.perSecond / open.perSecond,
      bar: '≥ 0.70 ×',
      met: known.perSecond / open.perSecond >= 0.7,
      note,
    },
    {
      name: 'everything an endpoint owes, throughput',
      ours: throughput(known),
      baseline: `empty route of a bare Fastify: ${throughput(empty)} (${cpu(empty)})`,
      ratio: known.perSecond / empty.perSecond,
      bar: '≥ 0.70 ×',
      met: known.perSecond / empty.perSecond >= 0.7,
      note: 'ours also limits, validates, counts, and sends 8 more headers',
    },
    {
      name: 'token verification beside a SELECT per request',
      ours: throughput(known),
      baseline: `bare Fastify and one named statement: ${throughput(select)}`,
      ratio: known.perSecond / select.perSecond,
      bar: 'more',
      met: known.perSecond > select.perSecond,
      note: 'Postgres’ own CPU comes on top of it',
    },
    {
      name: 'token verification beside bcrypt, cost 12',
      ours: throughput(known),
      baseline: `bare Fastify and bcrypt per request, as XDMoD does: ${throughput(bcrypt)}`,
      ratio: known.perSecond / bcrypt.perSecond,
      bar: 'more',
      met: known.perSecond > bcrypt.perSecond,
      note: 'bcrypt computed by Postgres (pgcrypto), on all cores',
    },
  ]
}

async function inTurns<K extends string>(
  sides: Record<K, Side>,
  cpu: () => Promise<number>,
): Promise<Record<K, Measured>> {
  const names = Object.keys(sides) as K[]
  const all = new Map<K, Measured[]>(names.map((name) => [name, []]))
  // The first round only warms up.
  for (let round = 0; round <= rounds; round++)
    for (const name of names) {
      const measured = await load(sides[name], cpu)
      if (round > 0) all.get(name)?.push(measured)
    }
  const middle = (name: K): Measured => {
    const measured = all.get(name) ?? []
    return { cpu: median(measured.map((one) => one.cpu)), perSecond: median(measured.map((one) => one.perSecond)) }
  }
  return Object.fromEntries(names.map((name) => [name, middle(name)])) as Record<K, Measured>
}

async function load({ url, headers }: Side, cpu: () => Promise<number>): Promise<Measured> {
  await cpu()
  const result = await autocannon({ url, ...(headers && { headers }), connections: 10, duration: seconds })
  const used = await cpu()
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx + result.errors} requests failed`)
  return { cpu: used / result.requests.total, perSecond: result.requests.average }
}

async function cpuOf(server: ReturnType<typeof fork>): Promise<number> {
  const answer = once(server, 'message')
  server.send('cpu')
  const [used] = (await answer) as [number]
  return used
}
