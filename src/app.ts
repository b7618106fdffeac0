import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import type { AccountsNeeds } from '#src/accounts/needs.ts'
import { accountRoutes } from '#src/accounts/routes.ts'
import { sessionCookies } from '#src/accounts/session-cookie.ts'
import { sweepAccounts } from '#src/accounts/sweep-accounts.ts'
import { verifySession } from '#src/accounts/verify-session.ts'
import { startCheckpoints } from '#src/audit/checkpoints.ts'
import { startRefusalLog } from '#src/audit/refusals.ts'
import { auditRoutes } from '#src/audit/routes.ts'
import { type Base, productVersion } from '#src/base.ts'
import { namedByDatasetFiles } from '#src/datasets/files/kept-files.ts'
import { headOfDataset } from '#src/datasets/formats/head-of-dataset.ts'
import { type OpenDatasets, openDatasets } from '#src/datasets/open-datasets.ts'
import { namedByTables } from '#src/datasets/tables/kept-files.ts'
import { workOnTables } from '#src/datasets/tables/work-on-tables.ts'
import { namedByUploads } from '#src/datasets/uploads/kept-files.ts'
import type { UploadNeeds } from '#src/datasets/uploads/needs.ts'
import { uploadRoutes } from '#src/datasets/uploads/routes.ts'
import { sweepUploads } from '#src/datasets/uploads/sweep-uploads.ts'
import { openPress } from '#src/documents/press.ts'
import { exportRoutes } from '#src/exports/routes.ts'
import { workOnExports } from '#src/exports/worker.ts'
import { openContentStore } from '#src/files/content-store.ts'
import { keptSecret } from '#src/files/kept-secret.ts'
import { openPartialContents } from '#src/files/partial-content.ts'
import { s3PlaceOf } from '#src/files/s3-place.ts'
import { openSealer } from '#src/files/sealed.ts'
import { registerGauges } from '#src/gauges.ts'
import { pruneIdempotencyRecords } from '#src/http/idempotency.ts'
import { openMetrics } from '#src/http/metrics.ts'
import { openServer } from '#src/http/server.ts'
import { instanceRoutes } from '#src/instance/routes.ts'
import { openMailer } from '#src/mail/mailer.ts'
import { openOutboxReader } from '#src/mail/read-outbox.ts'
import type { CompiledModel } from '#src/models/compile-model.ts'
import { findOptions } from '#src/models/find-options.ts'
import { type LiveModels, openLiveModels } from '#src/models/live-models.ts'
import { requestReaders } from '#src/models/request-readers.ts'
import { modelRoutes } from '#src/models/routes.ts'
import { watchModels, workOnModels } from '#src/models/worker.ts'
import { accountNeeds, callerOfRun, clock, refreshNeeds, stillStands, tokenNeeds } from '#src/needs.ts'
import { openOutbound } from '#src/outbound/open-outbound.ts'
import { builtPortal } from '#src/pages/build-portal.ts'
import { openPortal } from '#src/pages/portal.ts'
import { dataverseRoutes } from '#src/protocols/dataverse/routes.ts'
import { inforiverRoutes } from '#src/protocols/inforiver/routes.ts'
import { oaiRoutes } from '#src/protocols/oai-pmh/routes.ts'
import { xdmodRoutes } from '#src/protocols/xdmod/routes.ts'
import { openQueue, type Queue } from '#src/queue/queue.ts'
import { reportRoutes } from '#src/reports/routes.ts'
import { openCallbacks } from '#src/runs/callbacks.ts'
import { makeExecutor } from '#src/runs/executor.ts'
import { namedByArtifacts } from '#src/runs/kept-files.ts'
import { runAwaiter, runRoutes } from '#src/runs/routes.ts'
import type { Run } from '#src/runs/run.ts'
import { describeSchedules } from '#src/runs/schedules/describe-schedules.ts'
import { scheduleRoutes } from '#src/runs/schedules/routes.ts'
import { makeTicker } from '#src/runs/schedules/ticker.ts'
import type { RunStarter } from '#src/runs/start-run.ts'
import { sweepArtifacts } from '#src/runs/sweep-artifacts.ts'
import { workOnCallbacks } from '#src/runs/worker.ts'
import { addRelative } from '#src/settings/relative-time/add-relative.ts'
import { namedByDeliveries } from '#src/subscriptions/kept-files.ts'
import { openLinkSecrets } from '#src/subscriptions/links/link-secrets.ts'
import { usesOfReport } from '#src/subscriptions/list-subscriptions.ts'
import { openReportMaker } from '#src/subscriptions/open-report-maker.ts'
import { subscriptionRoutes } from '#src/subscriptions/routes.ts'
import type { RunNeeds as SubscriptionRunNeeds } from '#src/subscriptions/run-needs.ts'
import { workOnSubscriptionJobs, workOnSubscriptions } from '#src/subscriptions/worker.ts'
import { forgetSources } from '#src/tokens/forget-sources.ts'
import { openTerms } from '#src/tokens/open-terms.ts'
import { openVerifiers } from '#src/tokens/open-verifiers.ts'
import { tokenRoutes } from '#src/tokens/routes.ts'
import { tokenMailThrough, workOnTokens } from '#src/tokens/worker.ts'
import { openDuckDb } from '#src/warehouse/engines/duckdb.ts'
import { makeResultCache } from '#src/warehouse/result-cache.ts'
import { warehouseRoutes } from '#src/warehouse/routes.ts'
import type { Answer } from '#src/warehouse/run-query.ts'

export interface App {
  /** Routes are in place; nobody listens yet. */
  readonly server: FastifyInstance
  readonly accounts: AccountsNeeds
  readonly models: LiveModels
  /** As their files say. */
  readonly compiled: readonly CompiledModel[]
  readonly queue: Queue
  readonly runs: RunStarter
  readonly subscriptions: SubscriptionRunNeeds
  readonly datasets: OpenDatasets
  /** Answers what is in flight, finishes what is at work, writes what has been counted. The base stays open. */
  close(): Promise<void>
}

/**
 * Opens every room of a server on the base: the one place that knows who gets what from whom. One that doesn't work
 * leaves runs, mails and callbacks to other processes.
 */
export async function openApp(base: Base, { works }: { works: boolean }): Promise<App> {
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
  const queue = await openQueue({ connection: database.connection, log, role: works ? 'worker' : 'sender' })
  opened.defer(() => queue.close())

  const contents = openContentStore({
    directory: places.contents,
    namedBy: [namedByArtifacts, namedByDeliveries, namedByDatasetFiles, namedByTables, namedByUploads],
    s3: s3PlaceOf(settings.files),
  })
  const partials = openPartialContents(path.join(places.contents, 'uploads'))
  const sealer = await openSealer(path.join(places.secrets, 'sealing-key'))
  const outbound = openOutbound({
    allowedNetworks: settings.outbound.allowedNetworks,
    agent: `Tessera/${productVersion}`,
  })
  opened.defer(() => outbound.close())
  const runs: RunStarter = { queue, callbacks: openCallbacks({ sealer, outbound }) }

  const accounts: AccountsNeeds = { ...accountNeeds(base), refusals }
  const sweep = () => {
    Promise.all([
      sweepAccounts(accounts),
      pruneIdempotencyRecords(db),
      forgetSources({ db, clock }),
      sweepUploads({ db, clock, partials }).then(() => sweepArtifacts({ db, contents })),
    ]).catch((error: unknown) => log.warn({ err: error }, 'what has become useless could not be deleted'))
  }
  const sweeping = setInterval(sweep, hourMs)
  opened.defer(() => clearInterval(sweeping))

  const tokens = {
    ...tokenNeeds(base),
    terms: openTerms(settings.apiToken.termsFile),
    db,
    site: accounts.site,
    queueMail: tokenMailThrough(queue),
  }
  if (works)
    await workOnTokens({
      ...tokens,
      queue,
      mailer,
      changer: change,
      timeZone: general.timeZone,
    })
  const verifying = await openVerifiers({
    db,
    pool,
    connection: database.connection,
    peppers: tokens.peppers,
    refusals,
    log,
    hubKeyFile: settings.jupyterhub.publicKeyFile,
    siteAddress: general.siteAddress,
  })
  opened.defer(() => verifying.close())
  const { lease, verifiers } = verifying

  const executor = makeExecutor({
    db,
    changer: change,
    queue,
    log,
    stillStands: stillStands(base),
    artifacts: {
      contents,
      lifetime: settings.files.artifactLifetime,
      maxBytes: settings.files.largestArtifact,
      timeZone: general.timeZone,
      clock,
    },
  })
  // What a crash left is not left until the next hour.
  sweep()
  const tables = { db, contents, tablesDirectory: places.tables }
  const refreshing = { ...(await refreshNeeds(base)), tables }
  const engine = await openDuckDb({
    directory: places.warehouse,
    memoryLimitBytes: settings.datawarehouse.memoryLimit,
    threads: settings.datawarehouse.threads,
    timeoutMs: settings.datawarehouse.queryTimeoutSeconds * 1000,
  })
  opened.defer(() => engine.close())
  const live = await openLiveModels({ ...refreshing, engine, log })
  opened.defer(() => live.close())
  workOnModels({ ...refreshing, live, runs, fetch: outbound.fetch }, executor)
  const ticker = makeTicker({ db, changer: change, log, clock })
  const asOf = (model: string) => live.snapshot(model)?.startedAt ?? null
  const warehouse = { engine, shelf: live, cache: makeResultCache<Answer>(answerBytes), clock }
  const press = openPress({ organization: general.organizationName })
  opened.defer(() => press.close())
  const { timeZone, siteAddress } = general
  const reporting = { ...warehouse, db, asOf, timeZone, siteAddress }
  const subscriptions: SubscriptionRunNeeds & { queue: Queue } = {
    db,
    changer: change,
    queue,
    runs,
    sealer,
    contents,
    press,
    mailer,
    outbound,
    clock,
    timeZone,
    site: accounts.site,
    reports: openReportMaker(reporting),
    readMapping: async (caller, { model, option_set: set, address, value }) => {
      const { options } = await findOptions(warehouse, caller, { model, set })
      return options.map((one) => ({ address: one[address], value: one[value] }))
    },
    allowedDomains: settings.mailer.allowedDomains,
    links: await openLinkSecrets(path.join(places.secrets, 'link-key')),
    modelNames: refreshing.models.map(({ name }) => name),
    catchUp: () => live.catchUp(),
    deliveredDirectory: places.delivered,
  }
  workOnExports({ warehouse, runs, callerOf: callerOfRun(base), catchUp: () => live.catchUp() }, executor)
  workOnSubscriptions(subscriptions, executor, ticker)
  if (works) {
    await workOnCallbacks({ db, queue, sealer, outbound })
    await workOnSubscriptionJobs(subscriptions)
    await executor.start()
    const reading = workOnTables({ ...tables, log })
    opened.defer(() => reading.close())
  }
  opened.defer(() => executor.close())
  if (works) {
    await watchModels({ ...subscriptions, models: refreshing.models, log }, ticker)
    ticker.start()
  }
  opened.defer(() => ticker.close())

  // Who refreshes and then asks must not meet the data before, in this process at least.
  const settle = async ({ subject, finishedAt }: Run): Promise<void> => {
    const fresh = finishedAt !== null && Date.now() - finishedAt.getTime() < minuteMs
    if (subject.type === 'model' && fresh) await live.catchUp()
  }
  const datasets = openDatasets({
    settings,
    db,
    clock,
    sealer,
    contents,
    changer: change,
    log,
    onPublished: [
      (change, { pid, number }) =>
        requestReaders({ runs, models: refreshing.models }, change, { dataset: pid, version: number }),
    ],
    registry: { queue, agent: `Tessera/${productVersion}` },
    mail: { queue, mailer },
  })
  opened.defer(() => datasets.close())
  if (works) await datasets.work()

  const uploads: UploadNeeds = {
    db,
    changer: change,
    clock,
    contents,
    partials,
    expiry: (from) => addRelative(settings.files.uploadLifetime, from, general.timeZone),
    limits: {
      file: settings.files.largestFile,
      quota: settings.files.uploadQuota,
      open: settings.files.openUploads,
    },
  }

  const metrics = openMetrics()
  registerGauges(metrics.registry, {
    verifier: verifying,
    lease,
    live,
    clock,
    schedules: () => describeSchedules({ db, clock }),
  })
  const described = {
    version: productVersion,
    siteAddress: general.siteAddress,
    sessionCookie: sessionCookies(general.siteAddress).session,
  }
  const portal = openPortal({
    directory: builtPortal,
    title: general.title,
    heads: { '/datasets/$': ({ '*': ref = '' }) => headOfDataset(datasets.needs, ref) },
  })
  const server = openServer({
    routes: [
      ...accountRoutes(accounts),
      ...tokenRoutes(tokens),
      ...auditRoutes({ db, checkpointFile: places.checkpoints }),
      ...runRoutes({ db, queue, contents, executor, settle }),
      ...scheduleRoutes({ db, clock }),
      ...exportRoutes({ db, warehouse, runs }),
      ...warehouseRoutes({ ...warehouse, rawRowLimit: settings.datawarehouse.restRawRowLimit }),
      ...modelRoutes({ ...refreshing, pool, runs, engine, live, siteAddress: general.siteAddress }),
      ...datasets.routes,
      ...uploadRoutes(uploads),
      ...reportRoutes({ ...reporting, press, findUses: usesOfReport }),
      ...subscriptionRoutes({ ...subscriptions, outbox: openOutboxReader(places.outbox) }),
      ...oaiRoutes({
        harvest: datasets.harvest,
        title: general.title,
        siteAddress: general.siteAddress,
        adminAddress: settings.mailer.senderEmail,
        clock,
      }),
      ...inforiverRoutes({ runs, modelNames: live.models }),
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
      ...dataverseRoutes({
        accounts,
        tokens,
        timeZone: general.timeZone,
        builtinUsersKey: settings.dataverse.builtinUsersKey,
        datasets: datasets.files,
        uploads,
        signingKey: await keptSecret(path.join(places.secrets, 'signed-address-key')),
        siteAddress: general.siteAddress,
      }),
      ...instanceRoutes({
        loaded: base.loaded,
        settings,
        version: productVersion,
        accounts,
        database,
        engine,
        models: refreshing.models,
        live,
        queue,
        mailer,
        lease,
        checkpoints,
        dataDirectory: general.dataDirectory,
        places,
        startedAt: new Date(Date.now() - process.uptime() * 1000),
        clock,
        log,
      }),
      ...portal.routes,
    ],
    verifiers: {
      ...verifiers,
      verifySession: (cookie) => verifySession(accounts, cookie),
      sessionCookie: described.sessionCookie,
    },
    changer: change,
    awaitRun: runAwaiter({ db, settle }),
    log,
    metrics,
    lostPage: portal.document,
    checks: { database: () => sql`select 1`.execute(db), storage: () => contents.check() },
    ...described,
    trustedProxies: general.trustedProxies,
    corsDomains: settings.cors.domains,
    rateLimits: { perToken: settings.rateLimit.perToken, perAddress: settings.rateLimit.perAddress },
    onRefused: (reason, { caller, ...from }) =>
      refusals.refused({ ...caller, ...from, verb: 'request.refused', reason }),
  })
  opened.defer(() => server.close())
  await server.ready()

  const closing = opened.move()
  return {
    server,
    accounts,
    models: live,
    compiled: refreshing.models,
    queue,
    runs,
    subscriptions,
    datasets,
    close: () => closing.disposeAsync(),
  }
}

const minuteMs = 60_000
const hourMs = 3_600_000
/** Remembered answers. */
const answerBytes = 64 * 2 ** 20
