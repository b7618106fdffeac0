import { type Actor, anonymous, type Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import { type CheckPasswordNeeds, checkPassword } from '#src/accounts/check-password.ts'
import { signInFailed } from '#src/accounts/problems.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { xdmodNotAuthorized } from './problems.ts'

/** The person who asks, by session or by HTTP Basic with user name and password; refuses everybody else. */
export async function whoAsks(needs: CheckPasswordNeeds, caller: Caller, request: RequestFacts): Promise<Actor> {
  const { id: requestId, address, client } = request
  if (caller.via === 'session') return { caller, requestId, address, client }
  const basic = readBasic(request.headers.authorization)
  if (basic === null) throw xdmodNotAuthorized()
  const { accountId, userName, role } = await checkPassword(needs, { ...basic, requestId, address, client })
  const person = { ...anonymous, via: 'session', accountId, accountName: userName, role } as const
  return { caller: { ...person, grants: Grants.ofRole(role) }, requestId, address, client }
}

/** RFC 7617; null without such a header. */
function readBasic(header: string | undefined): { userName: string; password: string } | null {
  const [, encoded] = /^basic +([A-Za-z0-9+/=_-]*) *$/i.exec(header ?? '') ?? []
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const at = text.indexOf(':')
  if (at < 0) throw signInFailed()
  return { userName: text.slice(0, at), password: text.slice(at + 1) }
}
