import { Readable } from 'node:stream'
import { z } from 'zod'
import { verbs } from '#src/access/verbs.ts'
import type { Database } from '#src/database/change.ts'
import { pageOf, readCursor } from '#src/http/paging.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { readCheckpoints } from './checkpoints.ts'
import * as contract from './contract.ts'
import { exportEvents, listEvents, readable } from './list-events.ts'
import type { EventFilter } from './store.ts'
import { verifyChain } from './verify-chain.ts'

export interface AuditNeeds {
  readonly db: Database
  readonly checkpointFile: string
}

export function auditRoutes(needs: AuditNeeds): Route[] {
  return [
    route(contract.listAuditEvents, async ({ query, request }) => {
      const after = readCursor(query.cursor, z.int().positive())
      const found = await listEvents(needs, filterOf(query), { after, limit: query.limit + 1 })
      const { rows, headers } = pageOf(request, found, query.limit, (event) => event.id)
      return respond({ headers, body: { events: rows.map(readable) } })
    }),
    route(contract.listAuditVerbs, () => ({
      verbs: Object.entries(verbs).map(([verb, label]) => ({ verb, label })),
    })),
    route(contract.exportAuditEvents, ({ query }) =>
      respond({ stream: Readable.from(exportEvents(needs, filterOf(query))) }),
    ),
    route(contract.verifyAuditTrail, async () => {
      const report = await verifyChain(needs.db, await readCheckpoints(needs.checkpointFile))
      return { ...report, faults: [...report.faults] }
    }),
  ]
}

function filterOf(
  query: {
    [K in 'verb' | 'actor' | 'token' | 'subject' | 'subject_type' | 'since' | 'until']?: string | undefined
  },
): EventFilter {
  const { subject, subject_type, ...same } = query
  return { ...same, subjectId: subject, subjectType: subject_type }
}
