import type { Caller } from '#src/access/caller.ts'
import type { Document } from '#src/documents/document.ts'
import type { ParameterValue } from './definition.ts'
import { type DocumentNeeds, makeDocument } from './make-document.ts'
import { takeReport } from './may-see-report.ts'
import { openReport } from './open-report.ts'
import { reportVersionNotFound } from './problems.ts'
import { type DataNeeds, readReportData, type ShownReport } from './read-report-data.ts'
import { findVersion, type ReportRow } from './store.ts'

export interface EvaluateNeeds extends DataNeeds, DocumentNeeds {}

export interface Evaluated {
  /** Ready for the press: of all formats. */
  readonly document: Document
  readonly data: ShownReport
  /** Of all tables and pivots. */
  readonly rows: number
  /** The same report with the same data gives the same tag. */
  readonly etag: string
  /** Everything that had to be left out, in sentences; they stand in the document as well. */
  readonly cuts: readonly string[]
  /** Blocks that could not be answered, with why. */
  readonly failures: readonly {
    readonly block: string
    readonly title: string
    readonly code: string
    readonly detail: string
  }[]
}

/** A report with its data as this caller may see it, ready to be set, sent or compared with an earlier one. */
export async function evaluateReport(
  needs: EvaluateNeeds,
  caller: Caller,
  ask: {
    readonly report: string
    readonly parameters?: Readonly<Record<string, ParameterValue>>
    /** Of the report; default: the present one. */
    readonly version?: number | undefined
  },
  signal?: AbortSignal,
): Promise<Evaluated> {
  const report = await takeReport(needs.db, caller, ask.report)
  const shown = await versionOf(needs, report, ask.version)
  const open = openReport(
    needs,
    caller,
    { report: shown, definition: shown.definition, trusted: true },
    ask.parameters ?? {},
  )
  try {
    const { data } = await readReportData(needs, caller, open, shown, signal)
    const { document, cuts } = makeDocument(needs, data)
    return {
      document,
      data,
      cuts,
      etag: open.etag,
      rows: data.blocks.reduce((sum, block) => sum + ('rows' in block ? block.rows.length : 0), 0),
      failures: data.blocks.flatMap((block) =>
        block.type === 'failed'
          ? [{ block: block.id, title: block.title, code: block.problem.code, detail: block.problem.detail }]
          : [],
      ),
    }
  } finally {
    open.release()
  }
}

/** The report as it is or was in a version. */
async function versionOf({ db }: EvaluateNeeds, report: ReportRow, version: number | undefined): Promise<ReportRow> {
  if (version === undefined || version === report.version) return report
  const before = await findVersion(db, report.id, version)
  if (!before) throw reportVersionNotFound({ detail: `${report.id} has no version ${version}.` })
  const { title, description, definition } = before
  return { ...report, title, description, definition, version }
}
