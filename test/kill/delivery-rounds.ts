import { setTimeout as sleep } from 'node:timers/promises'
import { risingSums, seededRandom } from '#src/imports/demo/seeded-random.ts'
import { plannedOnce, reportId, reportModel, setUpDeliveries, subscriptions } from './delivery-setup.ts'
import { type Http, openHttp } from './http.ts'
import { type Installation, makeInstallation, processesIn } from './installation.ts'
import { type DeliveryLedger, judgeArrivals, judgeDeliveries } from './judge-deliveries.ts'
import { answerIsWhole } from './judge-models.ts'
import { Broken, openLedger } from './ledger.ts'
import { openPostOffice, type PostOffice } from './post-office.ts'
import { readReport } from './read-report.ts'
import { writeModels } from './sources.ts'
import { expectedOf } from './workload.ts'

const victims = ['server', 'worker', 'both', 'everything'] as const
type Victim = (typeof victims)[number]
const victimWeights = risingSums([4, 4, 2, 1])

interface RoundsAsk {
  readonly rounds: number
  readonly seed: number
  readonly print: (line: string) => void
}

/**
 * Kills servers and workers while models are refreshed and reports go out in crowds to a real SMTP server; true when
 * every run has ended in a state that is true of it, and nobody got a mail twice.
 */
export async function killDeliveries({ rounds, seed, print }: RoundsAsk): Promise<boolean> {
  const began = performance.now()
  const random = seededRandom(seed)
  const office = await openPostOffice(random)
  const installation = await makeInstallation({
    TESSERA_MAILER__SMTP_URL: office.url,
    TESSERA_MAILER__SENDER_EMAIL: 'portal@kill.test',
  })
  let passed = 0
  try {
    const stage = await setUp(installation, office, random)
    for (let round = 1; round <= rounds; round++) {
      await playRound(stage, round).catch((error: unknown) => {
        throw new Error(`round ${round}`, { cause: error })
      })
      passed++
      if (round % 10 === 0 || round === rounds) {
        const { done, ledger } = stage
        print(
          `  ${round} rounds, ${seconds(began)} s: ${ledger.runs.size} runs of subscriptions, ${office.arrived.length} mails, ${stage.models.done.refreshed} refreshes, ${done.read} answers, ${done.inGap} mails in the gap when somebody was killed`,
        )
      }
    }
    for (const line of await settle(stage)) print(`  ${line}`)
    print(`✔ ${passed} rounds of deliveries passed, 0 failed, ${seconds(began)} s`)
    return true
  } catch (error) {
    print(told(error))
    print(`✖ ${passed} rounds of deliveries passed, 1 failed, seed ${seed}`)
    for (const line of installation.errors.slice(-5)) print(`  ${line.slice(0, 1000)}`)
    return false
  } finally {
    await installation.remove()
    await office.close()
  }
}

interface Stage {
  readonly installation: Installation
  readonly office: PostOffice
  readonly random: ReturnType<typeof seededRandom>
  readonly token: string
  /** What models must say. */
  readonly models: ReturnType<typeof openLedger>
  readonly ledger: DeliveryLedger
  readonly done: { read: number; inGap: number }
  /** How long the last start took. */
  startMs: number
}

async function setUp(
  installation: Installation,
  office: PostOffice,
  random: ReturnType<typeof seededRandom>,
): Promise<Stage> {
  await writeModels(installation.models)
  const startMs = await installation.start()
  await installation.startWorker()
  const permissions = ['models:refresh', 'reports:read', 'reports:write', 'subscriptions:run', 'subscriptions:write']
  const words = ['--account', 'admin', '--name', 'deliveries', '--days', '300', '--json', '--permission']
  const issued = installation.command('token', 'issue', ...words, 'warehouse:read', 'runs:admin', ...permissions)
  const { code, output, complaint } = await issued.ended
  if (code !== 0) throw new Error(`no token could be issued: ${complaint}`)
  const { secret: token } = JSON.parse(output) as { secret: string }
  const http = openHttp(installation.address)
  try {
    await refreshOnce(http.ask, token)
    await setUpDeliveries(http.ask, token)
  } finally {
    http.close()
  }
  return {
    installation,
    office,
    random,
    token,
    models: openLedger(),
    ledger: { runs: new Set(), keys: 0 },
    done: { read: 0, inGap: 0 },
    startMs,
  }
}

async function refreshOnce(ask: Http['ask'], token: string): Promise<void> {
  const { body } = await ask('POST', `/v1/models/${reportModel}/refreshes`, { token, body: {} })
  for (const until = performance.now() + 60_000; performance.now() < until; ) {
    const { body: run } = await ask('GET', `/v1/runs/${(body as { id: string }).id}`, { token, prefer: 'wait=5' })
    if ((run as { state: string }).state === 'succeeded') return
  }
  throw new Error('the model was not refreshed')
}

async function playRound(stage: Stage, round: number): Promise<void> {
  const { installation, random, office } = stage
  const victim = victims[random.place(victimWeights)] as Victim
  const http = openHttp(installation.address)
  const work = startWork(stage, http.ask)
  try {
    await startRuns(stage, http.ask, round)
    // Those of several rounds are due at the same moment, while somebody is killed again and again.
    const planned = { token: stage.token, body: plannedOnce(`once-${round}`) }
    const { status } = await http.ask('POST', '/v1/subscriptions', planned)
    if (status !== 201) throw new Error(`a subscription that is planned for once is answered with ${status}`)
    // On a machine that is slow today as much happens in a round as on a quick one.
    await sleep(random.whole(50, 2500) * Math.min(8, Math.max(1, stage.startMs / idleStartMs)))
    // Half of the time when a mail has been read and not yet been answered for.
    if (random.next() < 0.5) await until(() => office.inGap() > 0, 1000)
    stage.done.inGap += office.inGap()
    const killed: Promise<void>[] = []
    if (victim !== 'worker') killed.push(installation.killServer())
    if (victim !== 'server') killed.push(installation.killWorker())
    if (victim === 'everything') killed.push(installation.killPostgres())
    await Promise.all(killed)
  } finally {
    await work.stop()
    http.close()
  }
  judgeArrivals(office)
  const serves = installation.serving() ? null : installation.start()
  // Whoever comes first brings the database back; after a kill of everything that is the server.
  if (victim === 'everything') await serves
  await Promise.all([serves, installation.working() ? null : installation.startWorker()])
  if (serves) stage.startMs = await serves
}

/** How long a server takes to start on an idle machine with two cores. */
const idleStartMs = 2500

/** Starts some subscriptions, all at once. What is acknowledged with 202 must be there and end. */
async function startRuns({ ledger, random, token }: Stage, ask: Http['ask'], round: number): Promise<void> {
  const chosen = subscriptions.filter(() => random.next() < 0.5)
  await Promise.all(
    chosen.map(async (subscription) => {
      const { id } = subscription as { id: string }
      const key = `round-${round}-${ledger.keys++}`
      const body = { cause: `round ${round}`, if_running: 'queue' }
      const reply = await ask('POST', `/v1/subscriptions/${id}/runs`, { token, body, key }).catch(() => null)
      if (reply?.status === 202) ledger.runs.add((reply.body as { id: string }).id)
    }),
  )
}

/** Readers and refreshes until stopped. */
function startWork(stage: Stage, ask: Http['ask']): { stop(): Promise<void> } {
  let stopped = false
  const loop = async (pauseMs: number, turn: () => Promise<void>): Promise<void> => {
    while (!stopped) {
      try {
        await turn()
      } catch (error) {
        if (error instanceof Broken) throw error
        // A broken connection: nobody knows what became of it.
      }
      await sleep(pauseMs * (0.5 + stage.random.next()))
    }
  }
  const loops = Promise.all([
    loop(20, async () => {
      await answerIsWhole(stage.models, ask, reportModel)
      stage.done.read++
    }),
    loop(40, async () => {
      await readReport(stage.models, ask, { token: stage.token, report: reportId, model: reportModel })
      stage.done.read++
    }),
    loop(300, () => refresh(stage, ask)),
  ])
  loops.catch(() => undefined)
  return {
    async stop() {
      stopped = true
      await loops
    },
  }
}

async function refresh({ models, installation, token }: Stage, ask: Http['ask']): Promise<void> {
  const expected = await expectedOf({ ledger: models, models: installation.models }, reportModel)
  const asked = new Date().toISOString()
  const { status, body } = await ask('POST', `/v1/models/${reportModel}/refreshes`, { token, body: {} })
  if (status !== 202) return
  const { id, created_at } = body as { id: string; created_at: string }
  const { body: run } = await ask('GET', `/v1/runs/${id}`, { token, prefer: 'wait=5' })
  if ((run as { state: string }).state === 'succeeded' && created_at >= asked) expected.confirm()
}

/** Waits until nothing is under way any more, and compares. */
async function settle(stage: Stage): Promise<string[]> {
  const { installation } = stage
  const lines = await judgeDeliveries({ ...stage, model: reportModel })
  await installation.killWorker()
  const code = await installation.stop()
  if (code !== 0) throw new Error(`told to stop, the server ended with ${code}`)
  const left = await processesIn(installation.directory)
  if (left.length > 0) throw new Error(`processes are left: ${left}`)
  return lines
}

async function until(holds: () => boolean, patienceMs: number): Promise<void> {
  for (const end = performance.now() + patienceMs; !holds() && performance.now() < end; ) await sleep(5)
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(0)

function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause ? `${error.message}: ${told(error.cause)}` : (error.stack ?? error.message)
}
