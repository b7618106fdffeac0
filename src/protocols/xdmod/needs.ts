import type { AccountsNeeds } from '#src/accounts/needs.ts'
import type { RotateNeeds } from '#src/tokens/rotate-token.ts'
import type { WarehouseNeeds } from '#src/warehouse/run-query.ts'

/** What answering questions takes. */
export interface RealmNeeds {
  readonly warehouse: WarehouseNeeds
  /** [general] organization_name: what stands where a dimension's value would. */
  readonly organization: string
  /** [general] site_address, without closing slash. */
  readonly siteAddress: string
  /** [datawarehouse] rest_raw_row_limit: rows of one page. */
  readonly rowLimit: number
  /** [datawarehouse] rest_raw_stream_limit: longer streams are refused; null: none is. */
  readonly streamLimit: number | null
  /** [datawarehouse] query_timeout_seconds, in milliseconds. */
  readonly timeoutMs: number
}

/** What signing in, and the account's own token, take. */
export interface PeopleNeeds {
  readonly accounts: AccountsNeeds
  readonly tokens: RotateNeeds
  /** [general] time_zone: dates of tokens are told in it. */
  readonly timeZone: string
}

export type XdmodNeeds = RealmNeeds & PeopleNeeds
