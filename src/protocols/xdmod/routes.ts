import { Readable } from 'node:stream'
import { anonymous, type Caller } from '#src/access/caller.ts'
import { sessionCookies } from '#src/accounts/session-cookie.ts'
import { showAccount } from '#src/accounts/show-account.ts'
import { signIn } from '#src/accounts/sign-in.ts'
import { signOut } from '#src/accounts/sign-out.ts'
import { cookieOf } from '#src/http/cookies.ts'
import { notFound } from '#src/http/problems.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { respond } from '#src/http/respond.ts'
import { isSameOrigin, refuseCrossSite } from '#src/http/same-origin.ts'
import { type Route, route } from '#src/http/serve.ts'
import { answerNumbers } from './answer-numbers.ts'
import { metricExplorer, rest, spellings, userInterface } from './contract.ts'
import { describeRawRealms } from './describe-raw-realms.ts'
import { describeRealms } from './describe-realms.ts'
import { listDimensionValues } from './list-dimension-values.ts'
import { listResourcesByName } from './list-resources.ts'
import type { PeopleNeeds, RealmNeeds, XdmodNeeds } from './needs.ts'
import { makeOwnToken, revokeOwnToken, showOwnToken } from './own-token.ts'
import { type Parameters, parameter, restParameter } from './parameters.ts'
import { xdmodNotAuthorized, xdmodSessionExpired } from './problems.ts'
import { readRawPage, readsPages, streamByLength, streamTextSequence, wantsTextSequence } from './stream-raw-data.ts'

/** Every address that XDMoD's clients and their users' scripts call. */
export function xdmodRoutes(needs: XdmodNeeds): Route[] {
  return [...controllerRoutes(needs), ...warehouseRoutes(needs), ...tokenRoutes(needs), ...signInRoutes(needs)]
}

interface Asked {
  readonly caller: Caller
  readonly given: Parameters
  readonly request: RequestFacts
}

type Explored = ReturnType<typeof describeRealms> | Awaited<ReturnType<typeof listDimensionValues>>
type Operations<Answer> = Readonly<Record<string, (asked: Asked) => Answer | Promise<Answer>>>

function controllerRoutes(needs: RealmNeeds): Route[] {
  /** Who asks: a token, a session, or the public where it is asked for; otherwise nobody. */
  const known = ({ caller, given }: Asked, orPublic = false): Caller => {
    if (caller.via !== 'anonymous') return caller
    if (orPublic && parameter(given, 'public_user') === 'true') return anonymous
    throw xdmodSessionExpired({ headers: { 'www-authenticate': `XDMoDAuth realm="${needs.siteAddress}/"` } })
  }

  const explore: Operations<Explored> = {
    get_dw_descripter: (asked) => describeRealms(needs, known(asked)),
    get_dimension: (asked) => listDimensionValues(needs, known(asked, true), asked.given, asked.request.signal),
  }
  const getData = async (asked: Asked) => {
    const csv = await answerNumbers(needs, known(asked, true), asked.given, asked.request.signal)
    const saved = parameter(asked.given, 'inline') === 'n'
    return respond({
      // Without a charset clients guess, and "text/csv" makes them guess wrong.
      type: 'application/xls; charset=utf-8',
      stream: Readable.from([Buffer.from(csv)]),
      ...(saved && { headers: { 'content-disposition': 'attachment; filename="data.csv"' } }),
    })
  }
  const show = { get_data: getData, get_charts: getData }
  return [
    route(metricExplorer.get, ({ caller, query, request }) => perform(explore, { caller, given: query, request })),
    route(metricExplorer.post, ({ caller, query, body, request }) =>
      perform(explore, { caller, given: { ...query, ...body }, request }),
    ),
    route(userInterface.get, ({ caller, query, request }) => perform(show, { caller, given: query, request })),
    route(userInterface.post, ({ caller, query, body, request }) =>
      perform(show, { caller, given: { ...query, ...body }, request }),
    ),
  ]
}

function perform<Answer>(operations: Operations<Answer>, asked: Asked) {
  const name = parameter(asked.given, 'operation')
  const operation = name !== undefined && Object.hasOwn(operations, name) ? operations[name] : undefined
  if (operation) return operation(asked)
  const status = name === undefined ? ('operation_not_specified' as const) : ('invalid_operation_specified' as const)
  return { status, success: false as const, totalCount: 0 as const, message: status, data: [] as [] }
}

function warehouseRoutes(needs: XdmodNeeds): Route[] {
  return [
    ...spellings(rest.exportRealms).map((contract) =>
      route(contract, ({ caller }) => {
        if (caller.via === 'anonymous') throw xdmodNotAuthorized()
        return describeRawRealms(needs, caller)
      }),
    ),
    ...spellings(rest.rawData).map((contract) =>
      route(contract, async ({ caller, query, request }) => {
        if (readsPages(request)) return readRawPage(needs, caller, query, request)
        if (wantsTextSequence(request))
          // Exactly this type: clients compare the whole header.
          return respond({
            type: 'application/json-seq',
            stream: await streamTextSequence(needs, caller, query, request),
          })
        return respond({
          type: 'text/plain; charset=utf-8',
          stream: await streamByLength(needs, caller, query, request),
        })
      }),
    ),
    ...spellings(rest.rawDataLimit).map((contract) =>
      route(contract, ({ request }) => {
        // Who finds a limit here goes on to ask for pages, which only these clients can read.
        if (!readsPages(request)) throw notFound()
        return { success: true as const, data: needs.rowLimit }
      }),
    ),
    ...spellings(rest.resources).map((contract) =>
      route(contract, ({ query }) => listResourcesByName(needs.accounts.db, restParameter(query, 'service_provider'))),
    ),
  ]
}

/** Of replies with a secret: nobody on the way may keep them. */
const unkept = { 'cache-control': 'no-store' }

function tokenRoutes(needs: PeopleNeeds): Route[] {
  return [
    ...spellings(rest.showToken).map((contract) =>
      route(contract, ({ caller, request }) => showOwnToken(needs, caller, request)),
    ),
    ...spellings(rest.makeToken).map((contract) =>
      route(contract, async ({ caller, request }) =>
        respond({ headers: unkept, body: await makeOwnToken(needs, caller, request) }),
      ),
    ),
    ...spellings(rest.revokeToken).map((contract) =>
      route(contract, ({ caller, request }) => revokeOwnToken(needs, caller, request)),
    ),
  ]
}

function signInRoutes({ accounts }: PeopleNeeds): Route[] {
  const cookies = sessionCookies(accounts.site.address)
  return [
    ...spellings(rest.signIn).map((contract) =>
      route(contract, async ({ body = {}, request }) => {
        // A form can be sent from any page: nobody may be signed in to somebody else's account unawares.
        if (isSameOrigin({ headers: request.headers, method: 'POST' }) === false) throw refuseCrossSite()
        const signedIn = await signIn(accounts, {
          userName: parameter(body, 'username') ?? '',
          password: parameter(body, 'password') ?? '',
          requestId: request.id,
          address: request.address,
          client: request.client,
          device: cookieOf(request.headers.cookie, cookies.device),
          previousSession: cookieOf(request.headers.cookie, cookies.session),
        })
        const { display_name } = await showAccount(accounts, signedIn.accountId)
        const seconds = accounts.policy.sessionLifetimeHours * 3600
        return respond({
          headers: { ...unkept, 'set-cookie': cookies.set({ ...signedIn, seconds }) },
          // Scripts show it again as the header or parameter `token`; pages never see it, they have the cookie.
          body: { success: true as const, results: { token: signedIn.secret, name: display_name } },
        })
      }),
    ),
    ...spellings(rest.signOut).map((contract) =>
      route(contract, async ({ change }) => {
        const ended = await signOut(change)
        return respond({
          headers: { 'set-cookie': cookies.clear() },
          body: { success: true as const, message: 'User logged out successfully' },
          ...(!ended && { unchanged: true }),
        })
      }),
    ),
  ]
}
