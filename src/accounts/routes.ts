import { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import { cookieOf } from '#src/http/cookies.ts'
import { pageOf, readCursor } from '#src/http/paging.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { changePassword } from './change-password.ts'
import * as contract from './contract.ts'
import { createAccount } from './create-account.ts'
import { endSession, endSessions } from './end-sessions.ts'
import { listSessions, showCurrentSession } from './list-sessions.ts'
import { makePasswordLink } from './make-password-link.ts'
import type { AccountsNeeds } from './needs.ts'
import { presentAccount, presentSession } from './present-account.ts'
import { sessionCookies } from './session-cookie.ts'
import { listAccounts, showAccount, showCurrentAccount } from './show-account.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { updateAccount, updateProfile } from './update-account.ts'
import { showPasswordLink, usePasswordLink } from './use-password-link.ts'

export function accountRoutes(needs: AccountsNeeds): Route[] {
  return [...sessionRoutes(needs), ...ownAccountRoutes(needs), ...passwordLinkRoutes(needs), ...adminRoutes(needs)]
}

function sessionRoutes(needs: AccountsNeeds): Route[] {
  const cookies = sessionCookies(needs.site.address)
  return [
    route(contract.signIn, async ({ body, request }) => {
      const signedIn = await signIn(needs, {
        ...fromOf(request),
        userName: body.user_name,
        password: body.password,
        device: cookieOf(request.headers.cookie, cookies.device),
        previousSession: cookieOf(request.headers.cookie, cookies.session),
      })
      const account = await showAccount(needs, signedIn.accountId)
      const session = await sessionOf(needs, signedIn)
      const seconds = needs.policy.sessionLifetimeHours * 3600
      return respond({
        headers: { 'set-cookie': cookies.set({ ...signedIn, seconds }) },
        body: { account: presentAccount(account), session },
      })
    }),
    route(contract.signOut, async ({ change }) => {
      const ended = await signOut(change)
      return respond({ headers: { 'set-cookie': cookies.clear() }, ...(!ended && { unchanged: true }) })
    }),
    route(contract.showSession, async ({ caller }) => {
      const account = await showCurrentAccount(needs, caller)
      const session = presentSession(await showCurrentSession(needs, caller), caller.sessionId)
      return { account: presentAccount(account), session, permissions: caller.grants.toTexts() }
    }),
    route(contract.listSessions, async ({ caller }) => {
      const sessions = await listSessions(needs, idOf(caller))
      return { sessions: sessions.map((session) => presentSession(session, caller.sessionId)) }
    }),
    route(contract.endSession, async ({ caller, change, params }) => {
      await endSession(change, idOf(caller), params.session)
      const own = params.session === caller.sessionId
      return respond({ headers: own ? { 'set-cookie': cookies.clear() } : {} })
    }),
    route(contract.endOtherSessions, async ({ caller, change }) => ({
      ended: await endSessions(change, idOf(caller), caller.sessionId),
    })),
  ]
}

function ownAccountRoutes(needs: AccountsNeeds): Route[] {
  const cookies = sessionCookies(needs.site.address)
  return [
    route(contract.showCurrentAccount, async ({ caller }) => ({
      ...presentAccount(await showCurrentAccount(needs, caller)),
      permissions: caller.grants.toTexts(),
    })),
    route(contract.updateCurrentAccount, async ({ caller, change, body }) => {
      const changed = await updateProfile(needs, change, idOf(caller), profileOf(body))
      const account = await showCurrentAccount({ db: change.tx }, caller)
      return respond({ body: presentAccount(account), ...(!changed && { unchanged: true }) })
    }),
    route(contract.changePassword, async ({ caller, body, request }) => {
      const { id: requestId, address, client } = request
      const signedIn = await changePassword(
        needs,
        { caller, requestId, address, client },
        { currentPassword: body.current_password, newPassword: body.new_password },
      )
      const seconds = needs.policy.sessionLifetimeHours * 3600
      return respond({
        headers: { 'set-cookie': cookies.set({ secret: signedIn.secret, seconds }) },
        body: { session: await sessionOf(needs, signedIn) },
      })
    }),
  ]
}

function passwordLinkRoutes(needs: AccountsNeeds): Route[] {
  return [
    route(contract.showPasswordLink, async ({ body }) => {
      const { account, purpose, expiresAt } = await showPasswordLink(needs, body.secret)
      const { user_name, display_name } = account
      return { user_name, display_name, purpose, expires_at: expiresAt.toISOString() }
    }),
    route(contract.usePasswordLink, async ({ body, request }) => {
      const { id: requestId, address, client } = request
      const from = { requestId, address, client }
      await usePasswordLink(needs, from, { secret: body.secret, newPassword: body.new_password })
      return respond({})
    }),
  ]
}

function adminRoutes(needs: AccountsNeeds): Route[] {
  return [
    route(contract.listAccounts, async ({ query, request }) => {
      const { limit, cursor, ...filter } = query
      const found = await listAccounts(needs, filter, { after: readCursor(cursor, z.string()), limit: limit + 1 })
      const { rows, headers } = pageOf(request, found, limit, (account) => account.user_name)
      return respond({ headers, body: { accounts: rows.map(presentAccount) } })
    }),
    route(contract.createAccount, async ({ change, body }) => {
      const { user_name, kind, role, owner_id } = body
      const ask = { ...profileOf(body), userName: user_name, kind, role, ownerId: owner_id }
      const account = await createAccount(needs, change, ask)
      return respond({ headers: { location: `/v1/accounts/${account.id}` }, body: presentAccount(account) })
    }),
    route(contract.showAccount, async ({ params }) => presentAccount(await showAccount(needs, params.account))),
    route(contract.updateAccount, async ({ change, params, body }) => {
      const ask = { ...profileOf(body), role: body.role, ownerId: body.owner_id, state: body.state }
      const { account, changed } = await updateAccount(needs, change, params.account, ask)
      return respond({ body: presentAccount(account), ...(!changed && { unchanged: true }) })
    }),
    route(contract.endAccountSessions, async ({ change, params }) => {
      await showAccount({ db: change.tx }, params.account)
      return { ended: await endSessions(change, params.account, null) }
    }),
    route(contract.makePasswordLink, async ({ change, params }) => {
      const { expiresAt, ...link } = await makePasswordLink(needs, change, params.account)
      return { ...link, expires_at: expiresAt.toISOString() }
    }),
  ]
}

const fromOf = ({ id, address, client }: RequestFacts) => ({ requestId: id, address, client })

/** The contract lets only signed-in people through, so there is one. */
function idOf({ accountId }: Caller): string {
  if (accountId === null) throw new Error('a caller with a session has an account')
  return accountId
}

async function sessionOf(needs: AccountsNeeds, { accountId, sessionId }: { accountId: string; sessionId: string }) {
  const sessions = await listSessions(needs, accountId)
  return presentSession(sessions.find((session) => session.id === sessionId)!, sessionId)
}

const profileOf = (body: {
  display_name?: string | undefined
  first_name?: string | null | undefined
  last_name?: string | null | undefined
  email?: string | null | undefined
}) => ({
  displayName: body.display_name,
  firstName: body.first_name,
  lastName: body.last_name,
  email: body.email,
})
