import type { Caller } from '#src/access/caller.ts'
import type { Document } from '#src/documents/document.ts'
import type { Definition, ParameterValue } from './definition.ts'
import { type DocumentNeeds, makeDocument } from './make-document.ts'
import { takeReport } from './may-see-report.ts'
import { type OpenReport, openReport } from './open-report.ts'
import { reportVersionNotFound } from './problems.ts'
import { type DataNeeds, readReportData, type ShownReport } from './read-report-data.ts'
import { findVersion, type ReportRow } from './store.ts'

export interface EvaluateNeeds extends DataNeeds, DocumentNeeds {}

export interface Evaluated {
  /** Ready for the press: of all formats. Each of its blocks is one of the report, in the same order. */
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

interface ReportAsk {
  readonly report: string
  /** Of the report; default: the present one. */
  readonly version?: number | undefined
}

/** A report with its data as this caller may see it, ready to be set, sent or compared with an earlier one. */
export const evaluateReport = (
  needs: EvaluateNeeds,
  caller: Caller,
  ask: ReportAsk & { readonly parameters?: Readonly<Record<string, ParameterValue>> },
  signal?: AbortSignal,
): Promise<Evaluated> =>
  withReport(needs, caller, { ...ask, parametersOf: () => ask.parameters ?? {} }, (_, evaluate) => evaluate(signal))

/** The same in two steps, for whoever need not have it evaluated when they know its tag. */
export async function withReport<T>(
  needs: EvaluateNeeds,
  caller: Caller,
  ask: ReportAsk & { parametersOf(definition: Definition): Readonly<Record<string, ParameterValue>> },
  body: (open: OpenReport, evaluate: (signal?: AbortSignal) => Promise<Evaluated>) => Promise<T>,
): Promise<T> {
  const report = await versionOf(needs, await takeReport(needs.db, caller, ask.report), ask.version)
  const { definition } = report
  const open = openReport(needs, caller, { report, definition, trusted: true }, ask.parametersOf(definition))
  try {
    return await body(open, (signal) => evaluate(needs, caller, open, report, signal))
  } finally {
    open.release()
  }
}

async function evaluate(
  needs: EvaluateNeeds,
  caller: Caller,
  open: OpenReport,
  report: ReportRow,
  signal?: AbortSignal,
): Promise<Evaluated> {
  const { data } = await readReportData(needs, caller, open, report, signal)
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
}

/** The report as it is or was in a version. */
async function versionOf({ db }: EvaluateNeeds, report: ReportRow, version: number | undefined): Promise<ReportRow> {
  if (version === undefined || version === report.version) return report
  const before = await findVersion(db, report.id, version)
  if (!before) throw reportVersionNotFound({ detail: `${report.id} has no version ${version}.` })
  const { title, description, definition } = before
  return { ...report, title, description, definition, version }
}
