import type { WarehouseNeeds } from '#src/warehouse/run-query.ts'

/** What answering questions takes; `needs` of the token endpoints stand in slot-token.ts. */
export interface XdmodNeeds {
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
