import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { Gauge } from 'prom-client'
import type { Permission } from '#src/access/permissions.ts'
import type { AccountsNeeds } from '#src/accounts/needs.ts'
import { makePasswordHasher } from '#src/accounts/password-hash.ts'
import { accountRoutes } from '#src/accounts/routes.ts'
import { sessionCookies } from '#src/accounts/session-cookie.ts'
import { sweepAccounts } from '#src/accounts/sweep-accounts.ts'
import { verifySession } from '#src/accounts/verify-session.ts'
import { startCheckpoints } from '#src/audit/checkpoints.ts'
import { startRefusalLog } from '#src/audit/refusals.ts'
import { auditRoutes } from '#src/audit/routes.ts'
import { type Base, productVersion } from '#src/base.ts'
import { openLease } from '#src/database/lease.ts'
import { keptSecret } from '#src/files/kept-secret.ts'
import { openMetrics } from '#src/http/metrics.ts'
import { openServer } from '#src/http/server.ts'
import { openMailer } from '#src/mail/mailer.ts'
import { type LiveModels, openLiveModels } from '#src/models/live-models.ts'
import { loadModels } from '#src/models/load-models.ts'
import type { RefreshNeeds } from '#src/models/refresh-model.ts'
import { modelRoutes } from '#src/models/routes.ts'
import { workOnModels } from '#src/models/worker.ts'
import { xdmodRoutes } from '#src/protocols/xdmod/routes.ts'
import { openQueue, type Queue } from '#src/queue/queue.ts'
import { makeExecutor } from '#src/runs/executor.ts'
import { runRoutes } from '#src/runs/routes.ts'
import type { Settings } from '#src/settings/schema.ts'
import { startUseCounts } from '#src/tokens/count-uses.ts'
import { openPeppers } from '#src/tokens/peppers.ts'
import { resealThrough } from '#src/tokens/reseal-token.ts'
import { tokenRoutes } from '#src/tokens/routes.ts'
import { callerOfToken, makeTokenVerifier } from '#src/tokens/verify-token.ts'
import { tokenMailThrough, workOnTokens } from '#src/tokens/worker.ts'
import { openDuckDb } from '#src/warehouse/engines/duckdb.ts'
import { makeResultCache } from '#src/warehouse/result-cache.ts'
import { warehouseRoutes } from '#src/warehouse/routes.ts'
import type { Answer } from '#src/warehouse/run-query.ts'
import { welcomeRoutes } from '#src/welcome.ts'

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

/** What model files may say of the house that they serve (`{{ organization_name }}`). */
export const modelDefaults = ({ general }: Settings) => ({
  timeZone: general.timeZone,
  words: {
    organization_name: general.organizationName,
    organization_abbreviation: general.organizationAbbreviation,
    hierarchy_top_level_label: general.hierarchyTopLevelLabel,
    hierarchy_middle_level_label: general.hierarchyMiddleLevelLabel,
    hierarchy_bottom_level_label: general.hierarchyBottomLevelLabel,
  },
})

/** What refreshing models takes, likewise; nobody reads them yet. */
export async function refreshNeeds({ settings, places, db }: Base): Promise<RefreshNeeds> {
  const { datawarehouse } = settings
  return {
    db,
    models: await loadModels(settings.models.directory, modelDefaults(settings)),
    live: null,
    warehouseDirectory: places.warehouse,
    importsDirectory: places.imports,
    roots: { models: settings.models.directory, data: settings.general.dataDirectory },
    memoryLimitBytes: datawarehouse.memoryLimit,
    threads: datawarehouse.threads,
    salt: settings.dataWarehouseExport.hashSalt || (await keptSecret(path.join(places.secrets, 'hash-salt'))),
    building: new Set(),
    clock,
  }
}

/** Whether a token that asked for work still may have it done. */
export const stillStands =
  ({ database }: Base) =>
  async (tokenId: string, permission: Permission, resource: string): Promise<boolean> => {
    const caller = await callerOfToken({ pool: database.pool, now: Date.now }, tokenId)
    return caller?.grants.allows(permission, resource) ?? false
  }

export interface App {
  /** Routes are in place; nobody listens yet. */
  readonly server: FastifyInstance
  readonly accounts: AccountsNeeds
  readonly models: LiveModels
  readonly queue: Queue
  /** Answers what is in flight, finishes what is at work, writes what has been counted. The base stays open. */
  close(): Promise<void>
}

/** Opens every room of a server on the base: the one place that knows who gets what from whom. */
export async function openApp(base: Base): Promise<App> {
  const { settings, places, log, db, database, change } = base
  const { general } = settings
  const pool = database.pool
  await using opened = new AsyncDisposableStack()

  // Closed last, so that it covers what the others still write.
  const checkpoints = startCheckpoints({ db, log, file: places.checkpoints })
  opened.defer(() => checkpoints.close())
  const refusals = startRefusalLog({ db, log })
  opened.defer(() => refusals.close())
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
    now: Date.now,
    onRefused: ({ from, ...refused }) => refusals.refused({ ...refused, ...from, verb: 'token.refused', via: 'token' }),
    onOldPepper: resealThrough({ db, peppers: tokens.peppers, log }),
  })
  opened.defer(() => verifier.close())

  const executor = makeExecutor({
    db,
    changer: change,
    queue,
    log,
    stillStands: stillStands(base),
  })
  const refreshing = await refreshNeeds(base)
  const engine = await openDuckDb({
    directory: places.warehouse,
    memoryLimitBytes: settings.datawarehouse.memoryLimit,
    threads: settings.datawarehouse.threads,
    timeoutMs: settings.datawarehouse.queryTimeoutSeconds * 1000,
  })
  opened.defer(() => engine.close())
  const live = await openLiveModels({ ...refreshing, engine, log })
  opened.defer(() => live.close())
  workOnModels({ ...refreshing, live }, executor)
  await executor.start()
  opened.defer(() => executor.close())

  const warehouse = { engine, shelf: live, cache: makeResultCache<Answer>(answerBytes), clock }
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
      ...warehouseRoutes({ ...warehouse, rawRowLimit: settings.datawarehouse.restRawRowLimit }),
      ...modelRoutes({ db, queue, live, models: refreshing.models, clock }),
      ...xdmodRoutes({
        warehouse,
        accounts,
        tokens,
        organization: general.organizationName,
        siteAddress: general.siteAddress,
        rowLimit: settings.datawarehouse.restRawRowLimit,
        streamLimit: settings.datawarehouse.restRawStreamLimit,
        timeoutMs: settings.datawarehouse.queryTimeoutSeconds * 1000,
        timeZone: general.timeZone,
      }),
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
    version: productVersion,
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
  return { server, accounts, models: live, queue, close: () => closing.disposeAsync() }
}

const hourMs = 3_600_000
/** Remembered answers. */
const answerBytes = 64 * 2 ** 20
