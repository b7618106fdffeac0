import { respond } from '#src/http/respond.ts'
import type { Route } from '#src/http/serve.ts'
import { said } from '../envelope.ts'
import { hearing } from '../hear.ts'
import type { PeopleNeeds } from '../needs.ts'
import { isTrue } from '../parameters.ts'
import * as contract from './contract.ts'
import { actorOf, deleteOwnToken, recreateOwnToken, showOwnToken } from './own-token.ts'

/** Of replies with a secret: nobody on the way may keep them. */
const unkept = { 'cache-control': 'no-store' }

export function ownTokenRoutes(needs: PeopleNeeds): Route[] {
  const route = hearing(needs.accounts.db)
  return [
    route(contract.showToken, async ({ caller, request }) =>
      respond({ headers: unkept, body: said(await showOwnToken(needs, caller, request.shown())) }),
    ),
    route(contract.recreateToken, async ({ caller, query, request }) => {
      const ask = { returnExpiration: isTrue(query.returnExpiration) }
      return respond({ headers: unkept, body: said(await recreateOwnToken(needs, actorOf(caller, request), ask)) })
    }),
    route(contract.deleteToken, async ({ caller, request }) =>
      said(await deleteOwnToken(needs, actorOf(caller, request))),
    ),
  ]
}
