import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { type Visitor, visitorWith } from '#src/datasets/visitor.ts'
import type { Endpoint } from '#src/http/endpoint.ts'
import { tokenInvalid } from '#src/http/problems.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { type Answer, type Ask, type Route, route } from '#src/http/serve.ts'
import { dataverseDialect } from './dialect.ts'

export type Heard<E extends Endpoint> = Ask<E> & {
  /** The caller, perhaps with the link to a draft where a token could stand. */
  readonly visitor: Visitor
}

/**
 * `route` for endpoints at which a link that shows a draft may stand in the place of a token: one that opens nothing is
 * refused like a wrong token, whatever is asked.
 */
export const hearing =
  (db: Database) =>
  <const E extends Endpoint, const A extends Answer<E>>(
    contract: E,
    handler: (heard: Heard<E>) => A | Promise<A>,
  ): Route =>
    route(contract, async (ask: Ask<E>) =>
      handler({ ...ask, visitor: await visitorOf(db, ask.caller, ask.request) } as Heard<E>),
    )

async function visitorOf(db: Database, caller: Caller, request: RequestFacts): Promise<Visitor> {
  const secret = caller.accountId === null ? request.shown() : null
  if (secret === null || !dataverseDialect.otherSecrets?.test(secret)) return { caller, preview: null }
  const visitor = await visitorWith(db, caller, secret)
  if (visitor.preview === null) throw tokenInvalid()
  return visitor
}
