import { after } from 'node:test'
import type { Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import type { Role } from '#src/access/permissions.ts'
import { openPress } from '#src/documents/press.ts'
import { reportRoutes } from '#src/reports/routes.ts'
import { accountsOver } from './accounts.ts'
import { testDatabase } from './postgres.ts'
import { bearer, openSample } from './sample-api.ts'
import { openSmallModel } from './small-model.ts'

/** Sales of three shops over 30 days: shop s0 has clerk ada, s1 bob, s2 cleo; a member sees only the rows of their own name. */
const salesYaml = (more: string) => `
version: 1
name: sales
label: Sales
facts: sales
tables:
  - { name: sales, files: sales.csv, header: true, delimiter: ",", columns: { day: DATE, shop: VARCHAR, clerk: VARCHAR, n: BIGINT } }
  - { name: centers, files: centers.csv, header: true, delimiter: ",", columns: { id: VARCHAR, name: VARCHAR, shop: VARCHAR } }
time: { column: day }
dimensions:
  - { name: shop, label: Shop, expr: shop, value_label: upper(shop) }
  - { name: clerk, label: Clerk, expr: clerk }
metrics:
  - { name: total, label: Total, unit: EUR, agg: sum, expr: n, decimals: 0 }
  - { name: rows, label: Rows, agg: count }
  - { name: mean, label: Mean, expr: total / rows, decimals: 2 }
raw:
  order_by: [n]
  fields: [{ name: n, label: N, type: integer }, { name: shop, label: Shop }]
option_sets:
  - { name: centers, label: Cost center, table: centers, id: id, label_column: name, filter_by: shop }
${more}
`
const clerks = ['ada', 'bob', 'cleo']
const lines = Array.from({ length: 30 }, (_, i) => {
  const day = `2026-0${1 + Math.floor(i / 15)}-${String(1 + (i % 15)).padStart(2, '0')}`
  return `${day},s${i % 3},${clerks[i % 3]},${i}`
})
export const salesFiles = (over: { sales?: readonly string[]; centers?: readonly string[] } = {}) => ({
  'sales.csv': ['day,shop,clerk,n', ...(over.sales ?? lines)].join('\n'),
  'centers.csv': ['id,name,shop', ...(over.centers ?? ['10,Teaching,', '20,Äther,s0', '30,Long,s1'])].join('\n'),
})

export const rowFilter =
  'access: { query: viewer, row_filter: [{ dimension: clerk, equals: account.name, unless_role: manager }] }'

/** The endpoints of reports over PostgreSQL and a small model, for all tests of a file. */
export async function reportsHouse({ access = 'access: { query: viewer }', files = salesFiles() } = {}) {
  const database = await testDatabase()
  const { db, pool } = database
  const { needs: accounts, clock, person } = accountsOver({ db, pool })
  const small = await openSmallModel({ yaml: salesYaml(access), files, now: clock.now() })
  const warehouse = { ...small.needs, clock }
  const uses: { kind: string; id: string; label: string }[] = []
  const asOf = () => new Date('2026-03-01T04:00:00Z')
  const press = openPress({ organization: 'Test Data Center' })
  const siteAddress = 'http://localhost:8080'
  const needs = { ...warehouse, db, asOf, timeZone: 'UTC', siteAddress, press }
  const routes = reportRoutes({ ...needs, findUses: async () => uses })
  const people = new Map<string, Caller>()
  const { app, logged } = openSample({
    routes,
    changer: accounts.change,
    verifiers: {
      sessionCookie: 'session',
      verifyToken: (secret) => people.get(secret) ?? null,
      verifySession: () => null,
    },
  })
  after(async () => {
    await app.close()
    await press.close()
    await small[Symbol.asyncDispose]()
    await database.close()
  })

  /** Somebody, who then asks under their name; a token narrows them. */
  async function join(name: string, role: Role, grants: Grants = Grants.ofRole(role)): Promise<Caller> {
    const account = await person(name, role)
    const caller: Caller = {
      via: 'token',
      accountId: account.id,
      accountName: name,
      role,
      tokenId: null,
      sessionId: null,
      grants,
    }
    people.set(name, caller)
    return caller
  }

  async function ask(
    who: string,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object | string,
    headers: Record<string, string> = {},
  ) {
    const answer = await app.inject({
      method,
      url,
      headers: {
        ...bearer(who),
        ...(typeof payload === 'string' && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload !== undefined && { payload }),
    })
    const json = answer.headers['content-type']?.includes('json')
    return {
      status: answer.statusCode,
      headers: answer.headers,
      etag: String(answer.headers.etag ?? ''),
      body: answer.body === '' ? null : json ? answer.json() : answer.body,
      bytes: answer.rawPayload,
    }
  }

  return {
    database,
    db,
    clock,
    accounts,
    small,
    warehouse,
    needs,
    uses,
    people,
    join,
    ask,
    logged,
    /** Shows a caller under another token. */
    show: (token: string, caller: Caller) => void people.set(token, caller),
    verbs: async (): Promise<string[]> =>
      (await db.selectFrom('audit_events').select('verb').orderBy('id').execute()).map(({ verb }) => verb),
  }
}

/** A report of one table. */
export const plainReport = (over: object = {}) => ({
  title: 'Weekly sales',
  shared_with: 'viewer',
  definition: {
    blocks: [
      {
        type: 'table',
        id: 'by_shop',
        title: 'By shop',
        query: { model: 'sales', metrics: ['total'], dimensions: ['shop'] },
      },
    ],
  },
  ...over,
})
