import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import { hasCurrent } from '#src/http/etag.ts'
import { nextLink, pageOf, readCursor, writeCursor } from '#src/http/paging.ts'
import { requestInvalid } from '#src/http/problems.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { putReport, restoreReport, tagOf } from './change-report.ts'
import { checkDefinition } from './check-definition.ts'
import * as contract from './contract.ts'
import { createReport } from './create-report.ts'
import { deleteReport, type FindUses } from './delete-report.ts'
import { fillInReport } from './fill-in-report.ts'
import { listInputOptions } from './list-input-options.ts'
import { listReports } from './list-reports.ts'
import { takeReport } from './may-see-report.ts'
import { openReport } from './open-report.ts'
import { wordsFor } from './present-cell.ts'
import { presentReport, presentSummary } from './present-report.ts'
import { reportVersionNotFound } from './problems.ts'
import { readInputHistory } from './read-input-history.ts'
import { readInputTable } from './read-input-table.ts'
import { readReportData } from './read-report-data.ts'
import { type RowKey, rowIdOf } from './row-key.ts'
import { findVersion, findVersions, type InputEvent, type ReportRow, type VersionRow } from './store.ts'
import { writeInputCsv } from './write-input-csv.ts'
import { type FileNeeds, writeReportFile } from './write-report-file.ts'

export interface ReportRouteNeeds extends FileNeeds {
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

    route(contract.readReportFile, async ({ caller, params, query, request }) => {
      const { format, parameter, block, spreadsheet = true } = query
      const ask = { report: params.report, format, parameters: parameter ?? [], block, spreadsheet }
      const known = (etag: string) => hasCurrent(request, etag)
      const { etag, content } = await writeReportFile(needs, caller, ask, known, request.signal)
      if (content === null) return respond<never>({ status: 304, etag })
      const { body, type, name } = content
      const headers = { 'content-disposition': `attachment; filename="${name}"`, 'content-security-policy': filePolicy }
      return respond<never>({
        ...(body instanceof Readable ? { stream: body } : { body: body as never }),
        type,
        etag,
        headers,
      })
    }),

    route(contract.readInputs, async ({ caller, params, query, request }) => {
      const report = await takeReport(db, caller, params.report)
      const ask = { block: query.block, orphaned: query.orphaned ?? false }
      const table = await readInputTable(needs, caller, report, ask, request.signal)
      if (query.format === 'json') return respond({ body: table })
      const headers = { 'content-disposition': `attachment; filename="${report.id}-${table.block}.csv"` }
      return respond<never>({
        body: writeInputCsv(table, query.spreadsheet ?? true) as never,
        type: 'text/csv; charset=utf-8',
        headers,
      })
    }),

    route(contract.patchInputs, async ({ change, params, body }) => {
      const { cells, changed } = await fillInReport(needs, change, { report: params.report, ...body })
      return respond({ body: { cells }, ...(changed === 0 && { unchanged: true as const }) })
    }),

    route(contract.readInputHistory, async ({ caller, params, query, request }) => {
      const report = await takeReport(db, caller, params.report)
      const row = rowIn(query.row)
      const ask = {
        column: query.column,
        ...(row && { rowId: rowIdOf(row) }),
        before: readCursor(query.cursor, z.int().min(1)),
        limit: query.limit,
      }
      const { events, next } = await readInputHistory(needs, caller, report, ask, request.signal)
      return respond({
        body: { items: events.map(presentEvent) },
        headers: next === null ? {} : { link: nextLink(request, writeCursor(next)) },
      })
    }),

    route(contract.listInputOptions, async ({ caller, params, query, request }) => {
      const report = await takeReport(db, caller, params.report)
      const { search, limit } = query
      const ask = { column: params.column, search, limit, row: rowIn(query.row) }
      return listInputOptions(needs, caller, report, ask, request.signal)
    }),
  ]
}

/** Should a browser show the file after all, nothing in it runs or calls anybody. */
const filePolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"

/** The key of a row as an address has it: JSON. */
function rowIn(text: string | undefined): RowKey | null {
  if (text === undefined) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = null
  }
  const read = contract.RowKey.safeParse(value)
  const detail = 'is the key of a row, as a JSON object'
  if (!read.success) throw requestInvalid({ detail: `row ${detail}.`, errors: [{ pointer: 'row', detail }] })
  return read.data
}

const presentEvent = (event: InputEvent) => ({
  row: event.row_key,
  column: event.column_id,
  value: event.value,
  shown: event.value === null ? null : (event.choices?.map(({ label }) => label).join(', ') ?? wordsFor(event.value)),
  before: event.before,
  version: event.version,
  changed_at: event.changed_at.toISOString(),
  changed_by: event.changed_by_name,
  token_id: event.token_id,
  note: event.note,
})
