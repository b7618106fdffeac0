import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '#src/imports/demo/seeded-random.ts'
import { type Http, openHttp } from './http.ts'
import { answerIsWhole } from './judge-models.ts'
import { type BookedToken, Broken, bookIssued, type Ledger, must } from './ledger.ts'
import { logModel, modelsOverHttp, numberModels, writeGeneration } from './sources.ts'

/** What the workload stands on: the ledger, where the server is, and tokens that live for the whole test. */
export interface Stage {
  readonly ledger: Ledger
  readonly random: Random
  readonly address: string
  readonly models: string
  /** May issue, revoke and refresh. Several, because issuing is limited per token. */
  readonly issuers: readonly string[]
  /** Only its uses are counted. */
  readonly counted: { readonly id: string; readonly secret: string }
  /** Answers of the kind that nothing justifies, by what was asked. */
  readonly unjustified: Map<string, number>
}

/** Requests of all kinds against the server until stopped. What breaks off is not acknowledged; what is wrong rejects `stop`. */
export function startWorkload(stage: Stage, round: number): { stop(): Promise<void> } {
  const http = openHttp(stage.address)
  let stopped = false
  const loop = async (
    pauseMs: number,
    turn: (stage: Stage, ask: Ask, round: number) => Promise<void>,
  ): Promise<void> => {
    while (!stopped) {
      try {
        await turn(stage, ask, round)
      } catch (error) {
        if (error instanceof Broken) throw error
        // A broken connection: nobody knows what became of it.
      }
      await sleep(pauseMs * (0.5 + stage.random.next()))
    }
  }
  const ask: Ask = async (method, path, how) => {
    const reply = await http.ask(method, path, how)
    if (reply.status === 500) {
      const what = `${method} ${path.replace(/[0-9A-Za-z]{12}|[0-9a-f-]{36}/, ':id').split('?')[0]}`
      stage.unjustified.set(what, (stage.unjustified.get(what) ?? 0) + 1)
    }
    return reply
  }
  const loops = Promise.all([loop(15, issue), loop(15, revoke), loop(5, use), loop(10, readModel), loop(100, refresh)])
  // Heard by `stop`; until then nobody else listens.
  loops.catch(() => undefined)
  return {
    async stop() {
      stopped = true
      await loops.finally(() => http.close())
    },
  }
}

type Ask = Http['ask']

async function issue({ ledger, random, issuers }: Stage, ask: Ask, round: number): Promise<void> {
  const key = `key-${round}-${ledger.done.asked++}`
  const body = { name: key, permissions: ['warehouse:read'], expires_in_days: 30 }
  const issuer = random.pick(issuers)
  const unanswered = { key, issuer, body }
  const { status, body: told } = await ask('POST', '/v1/tokens', { token: issuer, body, key }).catch(
    (error: unknown) => {
      ledger.unanswered.push(unanswered)
      throw error
    },
  )
  if (status >= 500) ledger.unanswered.push(unanswered)
  if (status !== 201) return
  const { id, secret } = told as { id: string; secret: string }
  bookIssued(ledger, id, secret, round)
}

async function revoke({ ledger, random, issuers }: Stage, ask: Ask, round: number): Promise<void> {
  const [id, token] = pickAlive(ledger, random) ?? []
  if (!id || !token) return
  token.state = 'asked'
  token.round = round
  const { status } = await ask('DELETE', `/v1/tokens/${id}`, { token: random.pick(issuers) })
  if (status !== 204) return
  token.state = 'revoked'
  ledger.done.revoked++
  const { status: after } = await ask('GET', '/v1/tokens/current', { token: token.secret })
  must(after === 401 || after >= 500, `the token ${id} was answered with ${after} right after its revocation`)
}

/** A token that is to be revoked: one of the last, so that tokens of all ages live on. */
export function pickAlive(ledger: Ledger, random: Random): [string, BookedToken] | undefined {
  const alive = [...ledger.tokens].slice(-60).filter(([, { state }]) => state === 'alive')
  return alive.length > 3 ? random.pick(alive) : undefined
}

async function use({ ledger, counted }: Stage, ask: Ask): Promise<void> {
  const { status } = await ask('GET', '/v1/tokens/current', { token: counted.secret })
  if (status === 200) ledger.uses.push(performance.now())
}

async function readModel({ ledger, random }: Stage, ask: Ask): Promise<void> {
  await answerIsWhole(ledger, ask, random.pick([...numberModels, logModel]))
  ledger.done.read++
}

async function refresh(stage: Stage, ask: Ask): Promise<void> {
  const { ledger, random, issuers } = stage
  const model = random.pick([...modelsOverHttp, logModel])
  const expected = await expectedOf(stage, model)
  const token = random.pick(issuers)
  const asked = new Date().toISOString()
  const { status, body } = await ask('POST', `/v1/models/${model}/refreshes`, { token, body: {} })
  if (status !== 202) return
  const { id, created_at } = body as { id: string; created_at: string }
  ledger.runs.add(id)
  const { body: run } = await ask('GET', `/v1/runs/${id}`, { token, prefer: 'wait=5' })
  // One that was open already may have read its sources before.
  if ((run as { state: string }).state === 'succeeded' && created_at >= asked) expected.confirm()
}

/** What a refresh that begins now must bring, once it is acknowledged. */
export async function expectedOf(
  { ledger, models }: Pick<Stage, 'ledger' | 'models'>,
  model: string,
): Promise<{ confirm(): void }> {
  if (model === logModel) {
    const logs = [...ledger.logs].flatMap(([log, acknowledged]) => (acknowledged ? [log] : []))
    return {
      confirm() {
        ledger.done.refreshed++
        for (const log of logs) ledger.refreshedLogs.add(log)
      },
    }
  }
  const generation = (ledger.written.get(model) ?? 1) + 1
  await writeGeneration(models, model, generation)
  ledger.written.set(model, generation)
  return {
    confirm() {
      ledger.done.refreshed++
      ledger.leastGeneration.set(model, Math.max(generation, ledger.leastGeneration.get(model) ?? 0))
    },
  }
}
