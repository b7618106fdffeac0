import type { Caller } from '#src/access/caller.ts'
import { parseGrant } from '#src/access/grants.ts'
import type { Database } from '#src/database/change.ts'
import { countReports, findReports, type ReportRow } from './store.ts'

export interface ReportsPage {
  readonly search?: string | undefined
  /** Only those that the caller owns. */
  readonly mine?: boolean | undefined
  /** Of the last one seen. */
  readonly after: readonly [title: string, id: string] | null
  readonly limit: number
}

/** Reports that the caller may read, by title. */
export async function listReports(
  db: Database,
  caller: Caller,
  { search, mine, after, limit }: ReportsPage,
): Promise<{ reports: ReportRow[]; total: number }> {
  const filter = { search, ids: namedIn(caller), ...(mine && { ownerId: caller.accountId ?? noAccount }) }
  const [reports, total] = await Promise.all([
    findReports(db, caller, filter, { after, limit }),
    countReports(db, caller, filter),
  ])
  return { reports, total }
}

/** Who has no account owns nothing. */
const noAccount = '00000000-0000-0000-0000-000000000000'

/** The reports that a token is narrowed to; null: all. */
function namedIn({ grants }: Caller): string[] | null {
  if (grants.allows('reports:read')) return null
  return grants.toTexts().flatMap((text) => {
    const grant = parseGrant(text)
    return grant?.permission === 'reports:read' && grant.resource !== null ? [grant.resource] : []
  })
}
