import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Role } from '#src/access/permissions.ts'
import { sessionCookies } from '#src/accounts/session-cookie.ts'
import { signIn } from '#src/accounts/sign-in.ts'
import { verifySession } from '#src/accounts/verify-session.ts'
import { startDownloadCounts } from '#src/datasets/files/count-downloads.ts'
import { namedByDatasetFiles } from '#src/datasets/files/kept-files.ts'
import { namedByUploads } from '#src/datasets/uploads/kept-files.ts'
import { openContentStore } from '#src/files/content-store.ts'
import { openPartialContents } from '#src/files/partial-content.ts'
import { openSealer } from '#src/files/sealed.ts'
import { openLog } from '#src/http/log.ts'
import { openMetrics } from '#src/http/metrics.ts'
import { openServer } from '#src/http/server.ts'
import type { DataverseNeeds } from '#src/protocols/dataverse/needs.ts'
import { dataverseRoutes } from '#src/protocols/dataverse/routes.ts'
import { createInSlot } from '#src/tokens/token-slots.ts'
import { silent, testDatabase } from './postgres.ts'
import { here, signedIn, tokensOver } from './tokens.ts'

export const password = 'moths in the relays'
export const site = 'https://data.example.org'

/** A server that speaks Dataverse's protocol over real rooms: Postgres, tokens, sessions, the repository. */
export async function openDataversePortal(over: Partial<DataverseNeeds> = {}) {
  const database = await testDatabase()
  const house = await tokensOver(database)
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-dataverse-'))
  const { db } = database
  const { clock } = house
  const contents = openContentStore({
    directory: path.join(directory, 'contents'),
    namedBy: [namedByDatasetFiles, namedByUploads],
  })
  const downloads = startDownloadCounts({ db, log: silent, everyMs: 20 })
  const needs: DataverseNeeds = {
    accounts: house.accounts,
    tokens: house.needs,
    timeZone: 'Europe/Berlin',
    builtinUsersKey: null,
    siteAddress: site,
    datasets: {
      db,
      clock,
      pids: { protocol: 'doi', authority: '10.5072', shoulder: 'FK2/', siteAddress: site },
      publisher: 'Tessera',
      sealer: await openSealer(path.join(directory, 'sealing-key')),
      onPublished: [],
      tellRegistry: null,
      contents,
      changer: house.accounts.change,
      timeZone: 'Europe/Berlin',
      downloads,
      tellPeople: null,
      limits: { file: 60e6, dataset: 200e6, zip: 104_857_600, table: 1e9 },
    },
    uploads: {
      db,
      clock,
      changer: house.accounts.change,
      contents,
      partials: openPartialContents(path.join(directory, 'contents', 'uploads')),
      expiry: (from) => new Date(from.getTime() + 86_400_000),
      limits: { file: 60e6, quota: 200e6, open: 100 },
    },
    signingKey: 'a key for tests',
    ...over,
  }
  const cookies = sessionCookies(site)
  const logged: string[] = []
  const app = openServer({
    routes: dataverseRoutes(needs),
    verifiers: {
      verifyToken: (secret, from) => house.verifier.verify(secret, from),
      verifySession: (secret) => verifySession(house.accounts, secret),
      sessionCookie: cookies.session,
    },
    changer: house.accounts.change,
    log: openLog('debug', { write: (line: string) => void logged.push(line) } as never),
    metrics: openMetrics(),
    checks: {},
    version: 'test',
    siteAddress: site,
    trustedProxies: [],
    corsDomains: [],
    rateLimits: { perToken: 0, perAddress: 0 },
  })

  let people = 0
  const person = (role: Role, name = `person${++people}`) => house.person(name, role, password)
  /** Asks with the key given, and tells status and body. */
  const ask = async (
    key: string | null,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const reply = await app.inject({
      method,
      url,
      headers: {
        ...(key !== null && { 'x-dataverse-key': key }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: reply.statusCode, headers: reply.headers, text: reply.body, json: () => reply.json() }
  }

  return {
    app,
    house,
    needs,
    logged,
    database,
    person,
    ask,
    /** A new person of that role and the token in their Dataverse slot. */
    async depositor(role: Role = 'member', name?: string) {
      const { id, user_name } = await person(role, name)
      const caller = signedIn({ id, user_name, role })
      const { secret } = await house.change(caller, (change) => createInSlot(house.needs, change, 'dataverse'))
      return { id, userName: user_name, key: secret, caller }
    },
    /** The cookie of a person who is signed in. */
    async session(userName: string): Promise<string> {
      const { secret } = await signIn(house.accounts, { userName, password, ...here })
      return `${cookies.session}=${secret}`
    },
    async close(): Promise<void> {
      await app.close()
      await downloads.close()
      await house.close()
      await database.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export type DataversePortal = Awaited<ReturnType<typeof openDataversePortal>>
