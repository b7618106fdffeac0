import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after } from 'node:test'
import { type Actor, actor, type Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import type { Role } from '#src/access/permissions.ts'
import { createAccount } from '#src/accounts/create-account.ts'
import type { Change } from '#src/database/change.ts'
import { openLease } from '#src/database/lease.ts'
import type { OpenDatabase } from '#src/database/open-database.ts'
import { Problem } from '#src/problem/problem.ts'
import { startUseCounts } from '#src/tokens/count-uses.ts'
import { type Issued, issueToken } from '#src/tokens/issue-token.ts'
import { openPeppers } from '#src/tokens/peppers.ts'
import { type TokensNeeds, tokenRoutes } from '#src/tokens/routes.ts'
import type { TokenMail } from '#src/tokens/token-mail.ts'
import { makeTokenVerifier, type RefusedToken } from '#src/tokens/verify-token.ts'
import { accountsOver, operator } from './accounts.ts'
import { silent, testDatabase } from './postgres.ts'
import { openSample } from './sample-api.ts'

export const here = { address: '192.0.2.1', client: 'test/1' }

/** Everything that acts on tokens need, and one verifying process, over a test's database. */
export async function tokensOver(database: Pick<OpenDatabase, 'db' | 'pool' | 'connection'>) {
  const { db, pool, connection } = database
  const { needs: accounts, clock, person } = accountsOver({ db, pool })
  const directory = mkdtempSync(path.join(tmpdir(), 'tessera-peppers-'))
  const pepperFile = path.join(directory, 'secrets', 'pepper')
  const peppers = openPeppers(pepperFile)
  const lease = await openLease({ connection })
  const uses = startUseCounts({ db, log: silent, everyMs: 50 })
  const mails: TokenMail[] = []
  const refusals: RefusedToken[] = []
  const policy = {
    expirationInterval: '6 months' as string | null,
    maximum: '1 year',
    dataverseLifetime: '1 year',
    timeZone: 'UTC',
  }
  const needs: TokensNeeds = {
    db,
    peppers,
    announce: accounts.announce,
    policy,
    terms: null,
    clock,
    queueMail: async (_tx, mail) => void mails.push(mail),
    site: { address: 'http://localhost:8080', title: 'Tessera' },
  }
  const verifier = makeTokenVerifier({
    pool,
    lease,
    peppers,
    uses,
    now: () => clock.now().getTime(),
    onRefused: (refused) => refusals.push(refused),
  })
  const change = <T>(by: Actor | Caller, body: (change: Change) => Promise<T>) =>
    accounts.change('caller' in by ? by : actor(by), body)

  return {
    needs,
    accounts,
    clock,
    policy,
    peppers,
    pepperFile,
    lease,
    uses,
    verifier,
    mails,
    refusals,
    person,
    change,
    service: (userName: string, ownerId: string, role: Role = 'member') =>
      change(operator, (tx) => createAccount(accounts, tx, { userName, kind: 'service', role, ownerId })),
    /** Shows a token to the verifier. */
    show: async (secret: string): Promise<Caller | null> => verifier.verify(secret, here),
    /** Makes a token the way its owner would in the portal. */
    issue: (by: Caller, permissions: readonly string[], more: object = {}): Promise<Issued> =>
      change(by, (tx) => issueToken(needs, tx, { name: 'test', permissions, ...more })),
    async close() {
      verifier.close()
      await uses.close()
      await lease.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The same for all tests of a file, on a database of their own; closed after the last. */
export async function tokensHouse() {
  const database = await testDatabase()
  const house = await tokensOver(database)
  after(async () => {
    await house.close()
    await database.close()
  })
  let count = 0
  /** Somebody new, signed in. */
  const someone = async (role: Role = 'manager'): Promise<Caller> =>
    signedIn(await house.person(`person${++count}`, role))
  return { ...house, database, someone }
}

/** This room's endpoints, served over a house; whoever is to show a cookie is signed in first. */
export function serveTokens(house: Awaited<ReturnType<typeof tokensHouse>>, over: Partial<TokensNeeds> = {}) {
  const people = new Map<string, Caller>()
  const { app, logged } = openSample({
    routes: tokenRoutes({ ...house.needs, ...over }),
    changer: house.accounts.change,
    verifiers: {
      sessionCookie: 'session',
      verifyToken: (secret, from) => house.verifier.verify(secret, from),
      verifySession: (cookie) => people.get(cookie) ?? null,
    },
  })
  after(() => app.close())
  return {
    app,
    logged,
    /** The headers that a browser sends for somebody. */
    signIn(person: Caller): Record<string, string> {
      people.set(person.accountName!, person)
      return { cookie: `session=${person.accountName}`, 'sec-fetch-site': 'same-origin' }
    },
    async ask(
      method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
      url: string,
      headers: Record<string, string>,
      payload?: object | string,
    ) {
      const answer = await app.inject({ method, url, headers, ...(payload !== undefined && { payload }) })
      const json = answer.headers['content-type']?.includes('json')
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: answer.body === '' ? null : json ? answer.json() : answer.body,
      }
    },
  }
}

/** For `assert.rejects`: refused with this problem, pointing there. */
export const refusedWith = (code: string, pointer?: string) => (error: unknown) => {
  assert.ok(error instanceof Problem, String(error))
  assert.equal(error.code, code)
  if (pointer !== undefined) assert.equal(error.details.errors?.[0]?.pointer, pointer)
  return true
}

/** A person signed in to the portal. */
export const signedIn = (account: { id: string; user_name: string; role: Role }): Caller => ({
  via: 'session',
  accountId: account.id,
  accountName: account.user_name,
  role: account.role,
  tokenId: null,
  sessionId: 'test',
  grants: Grants.ofRole(account.role),
})
