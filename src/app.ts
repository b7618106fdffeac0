import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { Gauge } from 'prom-client'
import type { AccountsNeeds } from '#src/accounts/needs.ts'
import { makePasswordHasher } from '#src/accounts/password-hash.ts'
import { accountRoutes } from '#src/accounts/routes.ts'
import { sessionCookies } from '#src/accounts/session-cookie.ts'
import { sweepAccounts } from '#src/accounts/sweep-accounts.ts'
import { verifySession } from '#src/accounts/verify-session.ts'
import { startCheckpoints } from '#src/audit/checkpoints.ts'
import { startRefusalLog } from '#src/audit/refusals.ts'
import { auditRoutes } from '#src/audit/routes.ts'
import type { Base } from '#src/base.ts'
import { openLease } from '#src/database/lease.ts'
import { openMetrics } from '#src/http/metrics.ts'
import { openServer } from '#src/http/server.ts'
import { openMailer } from '#src/mail/mailer.ts'
import { openQueue } from '#src/queue/queue.ts'
import { makeExecutor } from '#src/runs/executor.ts'
import { runRoutes } from '#src/runs/routes.ts'
import { startUseCounts } from '#src/tokens/count-uses.ts'
import { openPeppers } from '#src/tokens/peppers.ts'
import { resealThrough } from '#src/tokens/reseal-token.ts'
import { tokenRoutes } from '#src/tokens/routes.ts'
import { callerOfToken, makeTokenVerifier } from '#src/tokens/verify-token.ts'
import { tokenMailThrough, workOnTokens } from '#src/tokens/worker.ts'
import { welcomeRoutes } from '#src/welcome.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const clock = { now: () => new Date() }

/** What acts on accounts take, in a server and at the command line. */
export const accountNeeds = ({ settings, db, database, change, announce }: Base): Omit<AccountsNeeds, 'refusals'> => ({
  db,
  pool: database.pool,
  change,
  announce,
  passwords: makePasswordHasher(),
  policy: settings.signIn,
  site: { address: settings.general.siteAddress, title: settings.general.title },
  clock,
})

/** What acts on tokens take, likewise. */
export const tokenNeeds = ({ settings, announce }: Base) => ({
  peppers: openPeppers(settings.apiToken.pepperFile),
  policy: {
    expirationInterval: settings.apiToken.expirationInterval,
    maximum: settings.apiToken.maximum,
    dataverseLifetime: settings.dataverse.tokenLifetime,
    timeZone: settings.general.timeZone,
  },
  announce,
  clock,
})

export interface App {
  /** Routes are in place; nobody listens yet. */
  readonly server: FastifyInstance
  readonly accounts: AccountsNeeds
  /** Answers what is in flight, finishes what is at work, writes what has been counted. The base stays open. */
  close(): Promise<void>
}

/** Opens every room of a server on the base: the one place that knows who gets what from whom. */
export async function openApp(base: Base): Promise<App> {
  const { settings, places, log, db, database, change } = base
  const { general } = settings
  const pool = database.pool
  const now = () => Date.now()
  await using opened = new AsyncDisposableStack()

  const refusals = startRefusalLog({ db, log })
  opened.defer(() => refusals.close())
  const checkpoints = startCheckpoints({ db, log, file: places.checkpoints })
  opened.defer(() => checkpoints.close())
  const mailer = openMailer({ settings: settings.mailer, outboxDirectory: places.outbox, clock })
  opened.defer(() => mailer.close())
  const queue = await openQueue({ connection: database.connection, log, role: 'worker' })
  opened.defer(() => queue.close())

  const accounts: AccountsNeeds = { ...accountNeeds(base), refusals }
  const sweep = setInterval(
    () => sweepAccounts(accounts).catch((error: unknown) => log.warn({ err: error }, 'accounts could not be swept')),
    hourMs,
  )
  opened.defer(() => clearInterval(sweep))

  const tokens = { ...tokenNeeds(base), db, site: accounts.site, queueMail: tokenMailThrough(queue) }
  await workOnTokens({
    ...tokens,
    queue,
    mailer,
    changer: change,
    timeZone: general.timeZone,
  })
  const uses = startUseCounts({ db, log })
  opened.defer(() => uses.close())
  const lease = await openLease({
    connection: database.connection,
    onTrouble: (error) => log.warn({ err: error }, 'the lease for verifying tokens could not be renewed'),
  })
  opened.defer(() => lease.close())
  const verifier = makeTokenVerifier({
    pool,
    lease,
    peppers: tokens.peppers,
    uses,
    now,
    onRefused: ({ from, ...refused }) => refusals.refused({ ...refused, ...from, verb: 'token.refused', via: 'token' }),
    onOldPepper: resealThrough({ db, peppers: tokens.peppers, log }),
  })
  opened.defer(() => verifier.close())

  const executor = makeExecutor({
    db,
    changer: change,
    queue,
    log,
    stillStands: async (tokenId, permission, resource) => {
      const caller = await callerOfToken({ pool, now }, tokenId)
      return caller?.grants.allows(permission, resource) ?? false
    },
  })
  await executor.start()
  opened.defer(() => executor.close())

  const metrics = openMetrics()
  metrics.registry.registerMetric(
    new Gauge({
      name: 'tessera_tokens_malformed',
      help: 'Texts shown as tokens that cannot be any, since the start',
      registers: [],
      collect() {
        this.set(verifier.malformed())
      },
    }),
  )
  const server = openServer({
    routes: [
      ...accountRoutes(accounts),
      ...tokenRoutes(tokens),
      ...auditRoutes({ db, checkpointFile: places.checkpoints }),
      ...runRoutes({ db }),
      ...welcomeRoutes({ title: general.title, siteAddress: general.siteAddress }),
    ],
    verifiers: {
      verifyToken: (secret, from) => verifier.verify(secret, from),
      verifySession: (cookie) => verifySession(accounts, cookie),
      sessionCookie: sessionCookies(general.siteAddress).session,
    },
    changer: change,
    log,
    metrics,
    checks: { database: () => sql`select 1`.execute(db) },
    version,
    siteAddress: general.siteAddress,
    trustedProxies: general.trustedProxies,
    corsDomains: settings.cors.domains,
    rateLimits: { perToken: settings.rateLimit.perToken, perAddress: settings.rateLimit.perAddress },
    onRefused: (reason, { caller, ...from }) =>
      refusals.refused({ ...caller, ...from, verb: 'request.refused', reason }),
  })
  opened.defer(() => server.close())
  await server.ready()

  const closing = opened.move()
  return { server, accounts, close: () => closing.disposeAsync() }
}

const hourMs = 3_600_000
