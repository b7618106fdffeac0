/**
 * The servers that `http.bench.ts` puts side by side, in a process of their own: ours with real tokens from a real
 * database, and a Fastify with nothing in it. Reports its addresses, then its CPU time since last asked.
 */
import fastify from 'fastify'
import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { openLog } from '#src/http/log.ts'
import { openMetrics } from '#src/http/metrics.ts'
import { route } from '#src/http/serve.ts'
import { openServer } from '#src/http/server.ts'
import { testDatabase } from '#test/postgres.ts'
import { signedIn, tokensOver } from '#test/tokens.ts'

const database = await testDatabase()
const tokens = await tokensOver(database)
const ada = await tokens.person('ada', 'admin')
const { secret } = await tokens.issue(signedIn({ ...ada, user_name: 'ada', role: 'admin' }), ['models:refresh'])
await database.pool.query('create extension pgcrypto')
const { rows } = await database.pool.query<{ hash: string }>(`select crypt($1, gen_salt('bf', 12)) as hash`, [secret])
const bcrypt = rows[0]?.hash

const shared = { method: 'GET', summary: 'Answer', reply: z.object({ ok: z.boolean() }) } as const
const answer = () => ({ ok: true })
const app = openServer({
  routes: [
    route(endpoint({ ...shared, id: 'open', path: '/v1/open', access: 'public' }), answer),
    route(endpoint({ ...shared, id: 'known', path: '/v1/known', access: 'models:refresh' }), answer),
  ],
  verifiers: { sessionCookie: 'none', verifyToken: tokens.verifier.verify, verifySession: () => null },
  changer: tokens.needs.announce as never,
  log: openLog('info'),
  metrics: openMetrics(),
  checks: {},
  version: '0',
  siteAddress: null,
  trustedProxies: [],
  corsDomains: [],
  rateLimits: { perToken: 1_000_000_000, perAddress: 1_000_000_000 },
})
app.log.level = 'warn'

/** The same answer with nothing around it, and with what others do for each request. */
const bare = fastify()
bare.get('/empty', (_request, reply) => void reply.send({ ok: true }))
bare.get('/select', async () => {
  await database.pool.query({
    name: 'find',
    text: 'select * from tokens where id = $1',
    values: [secret.split('_')[1]],
  })
  return { ok: true }
})
bare.get('/bcrypt', async () => {
  await database.pool.query('select crypt($1, $2) = $2', [secret, bcrypt])
  return { ok: true }
})

const listening = { port: 0, host: '127.0.0.1' }
const addresses = { ours: await app.listen(listening), bare: await bare.listen(listening), secret }
let mark = process.cpuUsage()
process.on('message', () => {
  const { user, system } = process.cpuUsage(mark)
  mark = process.cpuUsage()
  process.send?.(user + system)
})
process.on('disconnect', async () => {
  await app.close()
  await bare.close()
  await tokens.close()
  await database.close()
})
process.send?.(addresses)
