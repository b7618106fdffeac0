import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after } from 'node:test'
import { openPress } from '#src/documents/press.ts'
import { openContentStore } from '#src/files/content-store.ts'
import { openSealer } from '#src/files/sealed.ts'
import { openMailer } from '#src/mail/mailer.ts'
import { openOutboxReader } from '#src/mail/read-outbox.ts'
import { findOptions } from '#src/models/find-options.ts'
import { openOutbound } from '#src/outbound/open-outbound.ts'
import { openCallbacks } from '#src/runs/callbacks.ts'
import { namedByArtifacts } from '#src/runs/kept-files.ts'
import { performRun } from '#src/runs/perform-run.ts'
import { runRoutes } from '#src/runs/routes.ts'
import { runSubscription } from '#src/subscriptions/jobs.ts'
import { namedByDeliveries } from '#src/subscriptions/kept-files.ts'
import { openLinkSecrets } from '#src/subscriptions/links/link-secrets.ts'
import { openReportMaker } from '#src/subscriptions/open-report-maker.ts'
import { rerunSubscription } from '#src/subscriptions/rerun.ts'
import { subscriptionRoutes } from '#src/subscriptions/routes.ts'
import type { RunNeeds } from '#src/subscriptions/run-needs.ts'
import { runSubscriptionHandler } from '#src/subscriptions/run-subscription.ts'
import { openMailServer } from './mail-server.ts'
import { silent } from './postgres.ts'
import { plainReport, reportsHouse } from './reports.ts'
import { bearer, openSample } from './sample-api.ts'

export const site = { address: 'https://portal.example.org', title: 'Tessera' }

type House = Awaited<ReturnType<typeof reportsHouse>>

/** The endpoints of subscriptions and the whole of their runs: real PostgreSQL, press, mail server and receivers. */
export async function subscriptionsHouse(
  options: Parameters<typeof reportsHouse>[0] & { allowedDomains?: string[]; outbox?: boolean } = {},
) {
  const { allowedDomains = [], outbox = false, ...rest } = options
  const house: House = await reportsHouse(rest)
  const { db, accounts, warehouse, people } = house
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-subscriptions-'))
  const smtp = await openMailServer()
  const contents = openContentStore({
    directory: path.join(directory, 'contents'),
    namedBy: [namedByArtifacts, namedByDeliveries],
  })
  const sealer = await openSealer(path.join(directory, 'sealing-key'))
  const outbound = openOutbound({ allowedNetworks: ['127.0.0.0/8'], agent: 'test' })
  const press = openPress({ organization: 'Test' })
  const outboxDirectory = path.join(directory, 'outbox')
  const mailer = openMailer({
    settings: {
      smtpUrl: outbox ? null : smtp.url,
      senderName: 'Portal',
      senderEmail: 'portal@example.org',
      subjectPrefix: '',
    },
    outboxDirectory,
    clock: { now: () => new Date() },
  })
  const callbacks = openCallbacks({ sealer, outbound })
  const needs: RunNeeds = {
    db,
    changer: accounts.change,
    queue: null,
    runs: { queue: null, callbacks },
    sealer,
    contents,
    press,
    mailer,
    outbound,
    clock: { now: () => new Date() },
    timeZone: 'UTC',
    site,
    reports: openReportMaker({
      ...warehouse,
      db,
      asOf: () => null,
      timeZone: 'UTC',
      siteAddress: site.address,
    }),
    readMapping: async (caller, { model, option_set: set, address, value }) => {
      const { options } = await findOptions(warehouse, caller, { model, set })
      return options.map((one) => ({ address: one[address], value: one[value] }))
    },
    allowedDomains,
    links: await openLinkSecrets(path.join(directory, 'link-key')),
    modelNames: ['sales'],
    catchUp: async () => undefined,
    deliveredDirectory: path.join(directory, 'delivered'),
    patience: { delaysMs: [50, 100], awayMs: 2000 },
  }
  const { app } = openSample({
    routes: [
      ...subscriptionRoutes({ ...needs, db, press, contents, outbox: openOutboxReader(outboxDirectory) }),
      ...runRoutes({
        db,
        queue: null,
        contents,
        executor: { rerunOf: (kind) => (kind === runSubscription.name ? rerunSubscription(needs) : null) },
      }),
    ],
    changer: accounts.change,
    verifiers: {
      sessionCookie: 'session',
      verifyToken: (secret) => people.get(secret) ?? null,
      verifySession: (secret) => {
        const caller = people.get(secret)
        return caller ? { ...caller, via: 'session', sessionId: 's' } : null
      },
    },
  })
  after(async () => {
    await app.close()
    mailer.close()
    await press.close()
    await outbound.close()
    await smtp.close()
    await rm(directory, { recursive: true, force: true })
  })

  async function call(
    who: string | null,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    payload?: object | string,
    headers: Record<string, string> = {},
  ) {
    const answer = await app.inject({
      method,
      url,
      headers: { ...(who !== null && bearer(who)), ...headers },
      ...(payload !== undefined && { payload }),
    })
    const json = answer.headers['content-type']?.includes('json')
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body === '' ? null : json ? answer.json() : answer.body,
    }
  }

  /** Does a run to its end, here and now. */
  async function perform(run: string, over: Partial<RunNeeds> = {}, { beatMs = 50 } = {}): Promise<void> {
    const performNeeds = {
      db,
      changer: accounts.change,
      queue: null,
      log: silent,
      stillStands: async () => true,
      beatMs,
      artifacts: { contents, lifetime: '7 days', maxBytes: 1e9, timeZone: 'UTC', clock: needs.clock },
    }
    await performRun(performNeeds, runSubscription, runSubscriptionHandler({ ...needs, ...over }), run)
  }

  /** Starts it and does it. */
  async function run(who: string, id: string, ask: object = {}, over: Partial<RunNeeds> = {}) {
    const started = await call(who, 'POST', `/v1/subscriptions/${id}/runs`, ask)
    if (started.status !== 202) return { started, run: null, deliveries: [] as Shown[] }
    await perform(started.body.id, over)
    return { started, ...(await result(who, started.body.id)) }
  }

  interface Shown {
    id: string
    recipient: string
    destination: string
    state: string
    reason: string | null
    slice: string | null
    message_id: string | null
    attempts: number
  }

  async function result(who: string, id: string) {
    const done = await call(who, 'GET', `/v1/runs/${id}`)
    const deliveries = await call(who, 'GET', `/v1/runs/${id}/deliveries`)
    return { run: done.body, deliveries: (deliveries.body.deliveries ?? []) as Shown[] }
  }

  return { ...house, needs, smtp, directory, contents, call, perform, run, result, sample: app, outboxDirectory }
}

/** What a subscription says besides its id. */
export const plainSubscription = (over: object = {}) => ({
  name: 'Weekly sales to the team',
  report: 'weekly-sales',
  recipients: [{ address: 'ada@example.org', name: 'Ada' }],
  formats: ['csv'],
  subject: '{{report}}: {{rows}} rows',
  ...over,
})

export const salesReport = (over: object = {}) => ({ id: 'weekly-sales', ...plainReport(over) })

/** `ada:mail=delivered …`, in the order of the list. */
export const told = (deliveries: readonly { recipient: string; destination: string; state: string }[]): string =>
  deliveries.map(({ recipient, destination, state }) => `${recipient}:${destination}=${state}`).join(' ')
