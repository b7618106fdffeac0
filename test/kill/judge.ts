import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { type Http, openHttp } from './http.ts'
import type { Installation } from './installation.ts'
import { judgeModels } from './judge-models.ts'
import { type BookedToken, bookIssued, type Ledger, must } from './ledger.ts'
import { jobsPerLog } from './sources.ts'
import type { Stage } from './workload.ts'

const patienceMs = 60_000

/** Compares what an installation holds with the ledger, by itself: over HTTP, in Postgres and in the files. */
export interface Judge {
  /** After a round; `killedAt` is when the server was killed, null where it lives. */
  round(round: number, killedAt: number | null): Promise<void>
  /** Waits until no run is open any more, as long as a lost worker's may be. */
  runsEnd(): Promise<string>
  /** Everything, after runs have ended and a start and a refresh have collected what was left. */
  end(): Promise<string[]>
  close(): void
}

export async function openJudge(installation: Installation, stage: Stage): Promise<Judge> {
  const { ledger } = stage
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const duck = await instance.connect()
  return {
    async round(round, killedAt) {
      await withBoth(installation, async (ask, db) => {
        const older = [...ledger.tokens].filter(([, token]) => token.round !== round)
        const recent = [...ledger.tokens].filter(([, token]) => token.round === round)
        await judgeTokens([...recent, ...sample(older, 20, stage)], ask)
        await judgeRepeats(ledger, ask, db, round)
        await judgeImports(installation, ledger, db, duck)
        await judgeModels(ledger, ask)
        if (killedAt !== null) await judgeUses(stage, db, killedAt)
      })
    },
    runsEnd: () => withBoth(installation, (_, db) => judgeRuns(ledger, db)),
    end: () =>
      withBoth(installation, async (ask, db) => {
        await judgeTokens([...ledger.tokens], ask)
        await judgeImports(installation, ledger, db, duck)
        await judgeModels(ledger, ask)
        return [await judgeTrail(ledger, db), await judgeLeftovers(installation, db)]
      }),
    close() {
      duck.closeSync()
      instance.closeSync()
    },
  }
}

async function withBoth<T>(
  { address, data }: Installation,
  body: (ask: Http['ask'], db: pg.Client) => Promise<T>,
): Promise<T> {
  const http = openHttp(address)
  const db = await connect(data)
  // While Postgres comes back the server says 503, which is no answer.
  const ask: Http['ask'] = async (...what) => {
    for (const until = performance.now() + patienceMs; ; await sleep(50)) {
      const reply = await http.ask(...what)
      if (reply.status < 500 || performance.now() > until) return reply
    }
  }
  try {
    return await body(ask, db)
  } finally {
    http.close()
    await db.end()
  }
}

/** A connection that the product knows nothing of. Whoever was killed, the server brings Postgres back. */
export async function connect(data: string): Promise<pg.Client> {
  const { password } = JSON.parse(await readFile(path.join(data, 'postgres.json'), 'utf8')) as { password: string }
  const host = path.join(data, 'postgres/socket')
  for (const until = performance.now() + patienceMs; ; await sleep(50)) {
    const client = new pg.Client({ host, port: 5432, user: 'tessera', password, database: 'tessera' })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.end().catch(() => undefined)
      if (performance.now() > until) throw error
    }
  }
}

async function judgeTokens(tokens: readonly [string, BookedToken][], ask: Http['ask']): Promise<void> {
  const waiting = [...tokens]
  const one = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [id, token] = next
      const { status } = await ask('GET', '/v1/tokens/current', { token: token.secret })
      if (token.state === 'alive')
        must(status === 200, `the token ${id} was acknowledged and is answered with ${status}`)
      if (token.state === 'revoked') must(status === 401, `the token ${id} was revoked and is answered with ${status}`)
      if (token.state === 'asked' && status === 401) token.state = 'revoked'
      must(status === 200 || status === 401, `the token ${id} is answered with ${status}`)
    }
  }
  await Promise.all(Array.from({ length: 6 }, one))
}

/** What was asked and not answered is asked again under its key: whether it had been done or not, it is done once. */
async function judgeRepeats(ledger: Ledger, ask: Http['ask'], db: pg.Client, round: number): Promise<void> {
  const again = ledger.unanswered
  ledger.unanswered = []
  for (const unanswered of again) {
    const { key, issuer, body } = unanswered
    const askAgain = () => ask('POST', '/v1/tokens', { token: issuer, body, key })
    let { status, body: told } = await askAgain()
    // Postgres has not noticed yet that who had asked first is dead.
    for (let tries = 0; status === 409 && tries < 50; tries++) {
      await sleep(100)
      ;({ status, body: told } = await askAgain())
    }
    // More than its maker may ask for in a minute: later.
    if (status === 429) ledger.unanswered.push(unanswered)
    if (status === 429) continue
    must(status === 201, `a request sent again under its key is answered with ${status}`)
    const { rows } = await db.query('select id from tokens where name = $1', [body.name])
    must(rows.length === 1, `a request sent again under its key has made ${rows.length} tokens`)
    const { id, secret } = told as { id: string; secret?: string }
    if (secret !== undefined) bookIssued(ledger, id, secret, round)
  }
}

async function judgeImports(
  { data }: Installation,
  ledger: Ledger,
  db: pg.Client,
  duck: DuckDBConnection,
): Promise<void> {
  const { rows } = await db.query<{ file: string; jobs: string }>('select file, jobs from import_batches')
  const there = new Set<number>()
  if (rows.length > 0) {
    const files = rows.map(({ file }) => `'${path.join(data, 'imports', file)}'`).join(', ')
    const counted = await duck.runAndReadAll(
      `select job_id // 1000, count(*), count(distinct job_id) from read_parquet([${files}]) group by 1`,
    )
    let jobs = 0
    for (const [log, count, different] of counted.getRows().map((row) => row.map(Number)) as [
      number,
      number,
      number,
    ][]) {
      must(
        count === jobsPerLog && different === jobsPerLog,
        `the log ${log} is there with ${count} jobs, ${different} different, in place of ${jobsPerLog}`,
      )
      there.add(log)
      jobs += count
    }
    const listed = rows.reduce((sum, row) => sum + Number(row.jobs), 0)
    must(jobs === listed, `${listed} jobs are listed, ${jobs} are in the files`)
  }
  for (const [log, acknowledged] of ledger.logs)
    must(!acknowledged || there.has(log), `the log ${log} was acknowledged and is not there`)
}

/** Uses are written behind the requests: those of the last second may be lost. */
async function judgeUses({ ledger, counted }: Stage, db: pg.Client, killedAt: number): Promise<void> {
  const { rows } = await db.query<{ uses: string | null; told: string | null }>(
    `select (select sum(uses) from token_days where token_id = $1) as uses,
       (select sum(uses) from token_sources where token_id = $1) as told`,
    [counted.id],
  )
  const uses = Number(rows[0]?.uses ?? 0)
  must(Number(rows[0]?.told ?? 0) === uses, `${rows[0]?.told} uses are told from where, ${uses} are counted`)
  const before = ledger.uses.filter((at) => at < killedAt - 1000).length
  const least = ledger.usesReconciled + before
  must(
    uses >= least,
    `${uses} uses are counted of at least ${least} (${ledger.uses.length - before} in the last second)`,
  )
  ledger.usesReconciled = uses
  ledger.uses = []
}

/** Every run whose beginning was acknowledged is there; none says that it runs while nobody does it. */
async function judgeRuns(ledger: Ledger, db: pg.Client): Promise<string> {
  for (const until = performance.now() + 2 * patienceMs; ; await sleep(500)) {
    const { rows } = await db.query<{ id: string; state: string; attempt: number; error: { code: string } | null }>(
      'select id, state, attempt, error from runs',
    )
    const open = rows.filter(({ state }) => state === 'running' || state === 'queued')
    must(
      open.length === 0 || performance.now() < until,
      `runs are open that nobody does: ${open.map(({ id, state, attempt }) => `${id} ${state} (attempt ${attempt})`).join(', ')}`,
    )
    if (open.length > 0) continue
    const there = new Set(rows.map(({ id }) => id))
    for (const id of ledger.runs) must(there.has(id), `the run ${id} was acknowledged and is not there`)
    const ends = new Map<string, number>()
    for (const { state, error } of rows) {
      const end = error ? `${state} (${error.code})` : state
      ends.set(end, (ends.get(end) ?? 0) + 1)
    }
    return `${rows.length} runs: ${[...ends].map(([end, count]) => `${count} ${end}`).join(', ')}`
  }
}

/** The audit trail tells of everything that the ledger has; `audit verify` itself is asked by the caller. */
async function judgeTrail(ledger: Ledger, db: pg.Client): Promise<string> {
  const { rows } = await db.query<{ verb: string; subject_id: string }>(
    "select verb, subject_id from audit_events where verb in ('token.issued', 'token.revoked')",
  )
  const told = new Set(rows.map(({ verb, subject_id }) => `${verb} ${subject_id}`))
  must(told.size === rows.length, 'the audit trail tells of a token twice')
  for (const [id, { state }] of ledger.tokens) {
    must(told.has(`token.issued ${id}`), `the audit trail does not tell of the token ${id}`)
    must(state !== 'revoked' || told.has(`token.revoked ${id}`), `the audit trail does not tell that ${id} was revoked`)
  }
  return `${rows.length} audit events of tokens`
}

/** No half-made files pile up beside those that count. */
async function judgeLeftovers({ data }: Installation, db: pg.Client): Promise<string> {
  const names = async (...below: string[]): Promise<string[]> => readdir(path.join(data, ...below)).catch(() => [])
  const listed = async (text: string): Promise<Set<string>> =>
    new Set((await db.query<{ file: string }>(text)).rows.map(({ file }) => path.basename(file)))
  const batches = await listed('select file from import_batches')
  const stray = (await names('imports/jobs')).filter((name) => !batches.has(name))
  must(stray.length === 0, `imports/jobs has files that no import lists: ${stray}`)
  const staging = await names('imports/staging')
  must(staging.length === 0, `imports/staging still has ${staging}`)
  const snapshots = await listed('select file from model_snapshots')
  const there = await names('warehouse/snapshots')
  const left = there.filter((name) => !snapshots.has(name))
  must(left.length === 0, `warehouse/snapshots has files that no model lists: ${left}`)
  must(snapshots.size === there.length, 'a listed snapshot has no file')
  const scratch = await names('warehouse/scratch')
  must(scratch.length === 0, `warehouse/scratch still has ${scratch}`)
  const drafts = (await names()).concat(await names('postgres')).filter((name) => /\.(new|tmp)$|^data\./.test(name))
  must(drafts.length === 0, `drafts are left: ${drafts}`)
  return `${batches.size} batches, ${there.length} snapshots`
}

function sample<T>(items: readonly T[], count: number, { random }: Stage): T[] {
  return items.length <= count ? [...items] : Array.from({ length: count }, () => random.pick(items))
}
