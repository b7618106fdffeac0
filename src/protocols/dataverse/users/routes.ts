import { sessionCookies } from '#src/accounts/session-cookie.ts'
import { showCurrentAccount } from '#src/accounts/show-account.ts'
import { signOut } from '#src/accounts/sign-out.ts'
import { respond } from '#src/http/respond.ts'
import type { Route } from '#src/http/serve.ts'
import { showSlot } from '#src/tokens/token-slots.ts'
import { ok, said } from '../envelope.ts'
import { hearing } from '../hear.ts'
import type { PeopleNeeds } from '../needs.ts'
import { refused } from '../problems.ts'
import * as contract from './contract.ts'
import { makeUser } from './make-user.ts'
import { userJson } from './user-json.ts'

export function userRoutes(needs: PeopleNeeds): Route[] {
  const { accounts, timeZone } = needs
  const route = hearing(accounts.db)
  const cookies = sessionCookies(accounts.site.address)
  return [
    route(contract.showUser, async ({ caller }) => {
      if (caller.accountId === null) throw refused(400, 'User with token null not found.')
      const account = await showCurrentAccount(accounts, caller)
      const token = await showSlot(accounts.db, caller, 'dataverse')
      return ok(userJson(account, { timeZone, lastUse: token?.last_used_at ?? accounts.clock.now() }))
    }),
    route(contract.signOut, async ({ change }) => {
      if (!(await signOut(change))) throw refused(400, 'No valid session cookie was sent in the request')
      return respond({ headers: { 'set-cookie': cookies.clear() }, body: said('User logged out') })
    }),
    route(contract.makeUser, async ({ query, body, request }) => {
      const { id: requestId, address, client } = request
      const { userName, firstName, lastName, email = null } = body
      const user = { userName, firstName, lastName, email, password: query.password ?? '' }
      return ok(await makeUser(needs, { requestId, address, client }, query.key, user))
    }),
    route(contract.lookUpToken, () => {
      throw refused(403, 'This API endpoint has been disabled.')
    }),
  ]
}
