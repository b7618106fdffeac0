import type { Caller } from '#src/access/caller.ts'
import type { Problem } from '#src/problem/problem.ts'

/** How one family of clients shows its token and wants to hear of problems. */
export interface Dialect {
  readonly name: string
  /** Where this dialect lives ("/rest/"): unknown addresses below it get its error body. */
  readonly prefixes?: readonly string[]
  /** Headers besides `Authorization: Bearer` that may carry the token, lower case. */
  readonly tokenHeaders: readonly string[]
  /** Query or form parameters that may carry the token. */
  readonly tokenParameters: readonly string[]
  /** The token is the user name of `Authorization: Basic`; the password says nothing. */
  readonly tokenAsBasicUser?: true
  /** Only the query may carry it: then it is judged before the body comes. */
  readonly tokenNeverInBody?: true
  /** Of several different tokens the first counts (header, parameter, bearer); otherwise they are refused. */
  readonly firstTokenCounts?: true
  /**
   * Secrets of this shape are no tokens: who shows one is let in as nobody, where nobody is let in, and the act judges it
   * (`request.shown()`).
   */
  readonly otherSecrets?: RegExp
  /** Other spellings of its addresses: gives the one that contracts declare. Asked for paths below its `prefixes`, without the query. */
  readonly rewrite?: (path: string) => string
  /** Header and parameter that may show a session's secret besides the cookie. No page elsewhere can make a browser do that. */
  readonly sessionShownAs?: string
  /** Where a token is optional, a bad one counts as none instead of being refused. */
  readonly ignoresBadTokens?: true
  /** JSON Web Tokens of a service that vouches for its users are taken as well, where one is set up. */
  readonly acceptsJwt?: true
  /** The error body (a text as it is, anything else as JSON) and its media type for a problem. */
  renderProblem(
    problem: Problem,
    facts: {
      status: number
      requestId: string
      method: string
      path: string
      /** [general] site_address; null until it is known. */
      site: string | null
      caller: Caller
    },
  ): {
    status: number
    body: unknown
    type: string
    headers?: Readonly<Record<string, string>>
  }
}
