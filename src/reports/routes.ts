import { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import { hasCurrent } from '#src/http/etag.ts'
import { pageOf, readCursor } from '#src/http/paging.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { putReport, restoreReport, tagOf } from './change-report.ts'
import { checkDefinition } from './check-definition.ts'
import * as contract from './contract.ts'
import { createReport } from './create-report.ts'
import { deleteReport, type FindUses } from './delete-report.ts'
import { listReports } from './list-reports.ts'
import { takeReport } from './may-see-report.ts'
import { openReport } from './open-report.ts'
import { presentReport, presentSummary } from './present-report.ts'
import { reportVersionNotFound } from './problems.ts'
import { type DataNeeds, readReportData } from './read-report-data.ts'
import { findVersion, findVersions, type ReportRow, type VersionRow } from './store.ts'

export interface ReportRouteNeeds extends DataNeeds {
  readonly findUses: FindUses
}

const TitleKey = z.tuple([z.string().max(200), z.string().max(80)])

export function reportRoutes(needs: ReportRouteNeeds): Route[] {
  const { db } = needs
  const shown = (caller: Caller, report: ReportRow) =>
    respond({ body: presentReport(caller, report), etag: tagOf(report) })
  const kept = (caller: Caller, { report, changed }: { report: ReportRow; changed: boolean }) =>
    respond({
      body: presentReport(caller, report),
      etag: tagOf(report),
      ...(changed ? {} : { unchanged: true as const }),
    })
  const versionFacts = ({ version, title, changed_at, changed_by_name, note }: VersionRow) => ({
    version,
    title,
    changed_at: changed_at.toISOString(),
    changed_by: changed_by_name,
    note,
  })

  return [
    route(contract.listReports, async ({ caller, query, request }) => {
      const { search, mine, limit } = query
      const after = readCursor(query.cursor, TitleKey)
      const { reports, total } = await listReports(db, caller, { search, mine, after, limit: limit + 1 })
      const page = pageOf(request, reports, limit, ({ title, id }) => [title, id])
      return respond({
        body: { items: page.rows.map((report) => presentSummary(caller, report)), total },
        headers: page.headers,
      })
    }),

    route(contract.createReport, async ({ caller, change, body }) => {
      const report = await createReport(needs, change, body)
      return respond({
        body: presentReport(caller, report),
        etag: tagOf(report),
        headers: { location: `/v1/reports/${report.id}` },
      })
    }),

    route(contract.getReport, async ({ caller, params }) => shown(caller, await takeReport(db, caller, params.report))),

    route(contract.putReport, async ({ caller, change, params, body, request }) =>
      kept(caller, await putReport(needs, change, request, { id: params.report, ...body })),
    ),

    route(contract.deleteReport, async ({ change, params, request }) => {
      await deleteReport(needs, change, request, params.report)
      return undefined
    }),

    route(contract.listReportVersions, async ({ caller, params, query, request }) => {
      const { id } = await takeReport(db, caller, params.report)
      const before = readCursor(query.cursor, z.int().min(1))
      const versions = await findVersions(db, id, { before, limit: query.limit + 1 })
      const page = pageOf(request, versions, query.limit, ({ version }) => version)
      return respond({ body: { items: page.rows.map(versionFacts) }, headers: page.headers })
    }),

    route(contract.getReportVersion, async ({ caller, params }) => {
      const { id } = await takeReport(db, caller, params.report)
      const version = await findVersion(db, id, Number(params.version))
      if (!version) throw reportVersionNotFound({ detail: `${id} has no version ${params.version}.` })
      return { ...versionFacts(version), description: version.description, definition: version.definition }
    }),

    route(contract.restoreReportVersion, async ({ caller, change, params, request }) =>
      kept(caller, await restoreReport(needs, change, request, { id: params.report, version: Number(params.version) })),
    ),

    route(contract.readReportData, async ({ caller, params, body, request }) => {
      const report = await takeReport(db, caller, params.report)
      const { definition } = report
      const open = openReport(needs, caller, { report, definition, trusted: true }, body?.parameters ?? {})
      try {
        const { etag } = open
        if (hasCurrent(request, etag)) return respond<never>({ status: 304, etag })
        const { data, passing } = await readReportData(needs, caller, open, report, request.signal)
        return respond({ body: data, ...(!passing && { etag }) })
      } finally {
        open.release()
      }
    }),

    route(contract.previewReport, async ({ caller, body, request }) => {
      const { title, definition, parameters } = body
      const report = body.report === undefined ? null : await takeReport(db, caller, body.report)
      checkDefinition(needs, caller, definition)
      const open = openReport(needs, caller, { report, definition, trusted: false }, parameters)
      try {
        return (await readReportData(needs, caller, open, { title, description: '' }, request.signal)).data
      } finally {
        open.release()
      }
    }),
  ]
}
