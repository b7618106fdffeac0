import type { KeyObject } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import type { Role } from '#src/access/permissions.ts'
import { sessionCookies } from '#src/accounts/session-cookie.ts'
import { signIn } from '#src/accounts/sign-in.ts'
import { verifySession } from '#src/accounts/verify-session.ts'
import { openLog } from '#src/http/log.ts'
import { openMetrics } from '#src/http/metrics.ts'
import { openServer } from '#src/http/server.ts'
import { buildSnapshot } from '#src/models/build-snapshot.ts'
import { compileModel } from '#src/models/compile-model.ts'
import { openExpressionReader } from '#src/models/expression.ts'
import { readModel } from '#src/models/read-model.ts'
import type { XdmodNeeds } from '#src/protocols/xdmod/needs.ts'
import { xdmodRoutes } from '#src/protocols/xdmod/routes.ts'
import { makeHubTokenVerifier, type RefusedHubToken } from '#src/tokens/verify-hub-token.ts'
import type { Catalogue } from '#src/warehouse/catalogue.ts'
import { openDuckDb } from '#src/warehouse/engines/duckdb.ts'
import type { Engine } from '#src/warehouse/engines/engine.ts'
import type { DayRange } from '#src/warehouse/period.ts'
import { makeResultCache } from '#src/warehouse/result-cache.ts'
import { snapshotDirectory } from '#src/warehouse/snapshot-directory.ts'
import { testDatabase } from './postgres.ts'
import { here, signedIn, tokensOver } from './tokens.ts'

export const organization = 'Müller & Söhne'
export const password = 'moths in the relays'

/** A model as its file would say it (YAML or JSON), and its one CSV table. */
export interface TestModel {
  readonly yaml: string
  readonly csv: string
}

/** A server that speaks XDMoD's protocol over real rooms: Postgres, tokens, sessions, DuckDB with snapshots of the models given. */
export async function openXdmodPortal(
  models: Readonly<Record<string, TestModel>>,
  over: Partial<XdmodNeeds> = {},
  /** Of a JupyterHub that is believed. */
  hubKey: KeyObject | null = null,
) {
  const database = await testDatabase()
  const house = await tokensOver(database)
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-xdmod-'))
  const timeoutMs = 10_000
  const duckdb = await openDuckDb({ directory, memoryLimitBytes: 256e6, threads: 2, timeoutMs })
  let breaking = false
  const engine: Engine = {
    ...duckdb,
    stream: async (...ask) => {
      const stream = await duckdb.stream(...ask)
      return breaking ? Readable.from(breakOff(stream), { objectMode: false }) : stream
    },
  }
  const shelf = new Map<string, { catalogue: Catalogue; snapshot: string; days: DayRange | null }>()
  for (const [name, model] of Object.entries(models)) shelf.set(name, await build(name, model))

  async function build(name: string, { yaml, csv }: TestModel) {
    const read = readModel(`${name}.yml`, yaml)
    if (!('model' in read)) throw new Error(JSON.stringify(read.faults))
    const reader = await openExpressionReader()
    const compiled = await compileModel(read.model, reader, { timeZone: 'UTC' })
    reader.close()
    if (!('compiled' in compiled)) throw new Error(JSON.stringify(compiled.faults))
    const { recipe, catalogue } = compiled.compiled
    const source = path.join(directory, `${name}.csv`)
    await writeFile(source, csv)
    const tables = recipe.tables.flatMap((table) => (table.kind === 'files' ? { ...table, files: [source] } : []))
    const snapshot = `${name}@1`
    const target = path.join(snapshotDirectory(directory), `${name}.duckdb`)
    const order = { recipe: { ...recipe, tables }, target, scratch: directory, memoryLimitBytes: 256e6, threads: 2 }
    const { days } = await buildSnapshot(
      { ...order, before: null, salt: 'salt', rowsBefore: null },
      { step: () => {}, say: () => {} },
    )
    await engine.attach(snapshot, target)
    return { catalogue, snapshot, days }
  }

  const needs: XdmodNeeds = {
    warehouse: {
      engine,
      shelf: {
        take: (model) => {
          const found = shelf.get(model)
          return found ? { ...found, release: () => {} } : null
        },
        catalogue: (model) => shelf.get(model)?.catalogue ?? null,
        models: [...shelf.keys()],
      },
      cache: makeResultCache(10e6),
      clock: house.clock,
    },
    organization,
    siteAddress: 'http://localhost:8080',
    rowLimit: 2,
    streamLimit: null,
    timeoutMs,
    accounts: house.accounts,
    tokens: house.needs,
    timeZone: 'Europe/Berlin',
    ...over,
  }
  const cookies = sessionCookies(needs.siteAddress)
  const logged: string[] = []
  const hubRefusals: RefusedHubToken[] = []
  const verifyJwt =
    hubKey &&
    makeHubTokenVerifier({
      pool: database.pool,
      key: hubKey,
      siteAddress: needs.siteAddress,
      now: () => house.clock.now().getTime(),
      onRefused: (refused) => hubRefusals.push(refused),
    })
  const app = openServer({
    routes: xdmodRoutes(needs),
    verifiers: {
      verifyToken: (secret, from) => house.verifier.verify(secret, from),
      ...(verifyJwt && { verifyJwt }),
      verifySession: (secret) => verifySession(house.accounts, secret),
      sessionCookie: cookies.session,
    },
    changer: house.accounts.change,
    log: openLog('debug', { write: (line: string) => void logged.push(line) } as never),
    metrics: openMetrics(),
    checks: {},
    version: 'test',
    siteAddress: needs.siteAddress,
    trustedProxies: [],
    corsDomains: [],
    rateLimits: { perToken: 0, perAddress: 0 },
  })

  let people = 0
  const token = async (role: Role, ...permissions: string[]): Promise<string> => {
    const { id, user_name } = await person(role)
    return (await house.issue(signedIn({ id, user_name, role }), permissions)).secret
  }
  const person = (role: Role) => house.person(`person${++people}`, role, password)
  return {
    app,
    house,
    needs,
    cookies,
    logged,
    /** Why the hub's tokens were refused. */
    hubRefusals,
    person,
    /** A token of a new person of that role, with these permissions. */
    token,
    /** From now on streams of rows break off after the first bytes. */
    breakStreams: (on: boolean) => {
      breaking = on
    },
    /** The cookie of a new person of that role, signed in. */
    async session(role: Role): Promise<{ cookie: string; secret: string; userName: string }> {
      const { user_name: userName } = await person(role)
      const { secret } = await signIn(house.accounts, { userName, password, ...here })
      return { cookie: `${cookies.session}=${secret}`, secret, userName }
    },
    async close(): Promise<void> {
      await app.close()
      await engine.close()
      await house.close()
      await database.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function* breakOff(rows: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of rows) {
    yield chunk as Buffer
    throw new Error('the engine failed half-way')
  }
}

export type XdmodPortal = Awaited<ReturnType<typeof openXdmodPortal>>
