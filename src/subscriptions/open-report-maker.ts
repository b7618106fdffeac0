import type { Caller } from '#src/access/caller.ts'
import type { Document } from '#src/documents/document.ts'
import { etagOf } from '#src/http/etag.ts'
import { Problem } from '#src/problem/problem.ts'
import type { Block, Definition } from '#src/reports/definition.ts'
import type { EvaluateNeeds } from '#src/reports/evaluate-report.ts'
import { makeDocument } from '#src/reports/make-document.ts'
import { takeReport } from '#src/reports/may-see-report.ts'
import { type OpenReport, openReport } from '#src/reports/open-report.ts'
import { rangeName } from '#src/reports/periods.ts'
import { readReportData, type ShownReport } from '#src/reports/read-report-data.ts'
import { resolveParameters } from '#src/reports/resolve-parameters.ts'
import { usableDimensions } from '#src/warehouse/reading.ts'
import { labelOf } from './plan-run.ts'
import { notReadable, reportNotUsable } from './problems.ts'
import type { MadeReport, OpenSlice, ReportMaker, SliceOf } from './report-maker.ts'

type ReportRow = Awaited<ReturnType<typeof takeReport>>

/** Reports as the room below makes them, cut into slices. */
export function openReportMaker(needs: EvaluateNeeds): ReportMaker {
  const { db, shelf } = needs
  return {
    async describe(tx, caller, id) {
      const { title, definition } = await takeReport(tx, caller, id)
      const asking = definition.blocks.filter((block) => block.type !== 'text')
      const models = [...new Set(asking.map(({ query }) => query.model))]
      const [first = [], ...others] = models.map((model) => {
        const catalogue = shelf.catalogue(model)
        return catalogue ? usableDimensions(catalogue, caller).map(({ name }) => name) : []
      })
      return {
        title,
        parameters: definition.parameters.map(({ name }) => name),
        numbers: definition.blocks.flatMap((block) => (block.type === 'number' ? [block.id] : [])),
        models,
        dimensions: first.filter((name) => others.every((names) => names.includes(name))),
      }
    },

    async checkParameters(tx, caller, id, parameters) {
      const { definition } = await takeReport(tx, caller, id)
      try {
        resolveParameters(definition, parameters)
        return []
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        return [...(error.details.errors ?? [{ pointer: '#/parameters', detail: error.message }])]
      }
    },

    async open(id, parameters, slices) {
      // What one recipient may not have is no reason that the others go without.
      const reports: (ReportRow | Problem)[] = []
      for (const { caller } of slices) reports.push(await takeReport(db, caller, id).catch(problemOf))
      const opened: (OpenReport | Problem)[] = []
      const release = (): void => {
        for (const open of opened) if (!(open instanceof Problem)) open.release()
      }
      try {
        // Without a pause, so that no refresh comes between.
        for (const [at, { caller, only }] of slices.entries()) {
          const report = reports[at]
          if (!report) continue
          opened.push(report instanceof Problem ? report : openSlice(caller, report, only))
        }
      } catch (error) {
        release()
        throw error
      }
      // Of what is wrong for all of them, the first is told.
      const [first] = opened
      if (first instanceof Problem && opened.every((open) => open instanceof Problem)) throw first
      return {
        release,
        slices: opened.map(
          (open, at): OpenSlice => ({
            make: async (signal) => {
              const slice = slices[at]
              const report = reports[at]
              if (report instanceof Problem) throw reportNotUsable({ detail: notReadable, cause: report })
              if (open instanceof Problem) throw open
              if (!slice || !report) throw new Error('a slice without a report')
              const { data } = await readReportData(needs, slice.caller, open, report, signal)
              return madeOf(needs, data, slice.only)
            },
          }),
        ),
      }

      function openSlice(caller: Caller, report: ReportRow, only: SliceOf['only']): OpenReport | Problem {
        const definition = only ? narrowed(report.definition, only) : report.definition
        try {
          return openReport(needs, caller, { report, definition, trusted: true }, parameters)
        } catch (error) {
          return problemOf(error)
        }
      }
    },
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  throw error
}

/** Every block asks for these values of the dimension only. */
function narrowed(definition: Definition, { dimension, values }: NonNullable<SliceOf['only']>): Definition {
  const filter = { dimension, values: [...values], exclude: false }
  const narrow = (block: Block): Block =>
    block.type === 'text'
      ? block
      : ({ ...block, query: { ...block.query, filters: [...block.query.filters, filter] } } as Block)
  return { ...definition, blocks: definition.blocks.map(narrow) }
}

function madeOf(needs: EvaluateNeeds, data: ShownReport, only: SliceOf['only']): MadeReport {
  const failed = data.blocks.flatMap((block) =>
    block.type === 'failed' ? [`${block.title}: ${block.problem.detail}`] : [],
  )
  // Half a report would be taken for a whole one.
  if (failed.length > 0)
    throw reportNotUsable({
      detail: `${failed.length === 1 ? 'A block' : `${failed.length} blocks`} of the report cannot be answered. ${failed.slice(0, 5).join(' ')}`,
      hint: 'Correct the report, or wait until its models can be read. Nothing was sent.',
    })
  const { document: whole, cuts } = makeDocument(needs, data)
  const document = only
    ? { ...whole, facts: [...whole.facts, { label: only.dimension, value: labelOf(only.values) }] }
    : whole
  return {
    document,
    rows: data.blocks.reduce((sum, block) => sum + ('rows' in block ? block.rows.length : 0), 0),
    etag: tagOf(document),
    values: Object.fromEntries(
      data.blocks.flatMap((block) =>
        block.type === 'number' && block.value !== null ? [[block.id, block.value]] : [],
      ),
    ),
    parameters: Object.fromEntries(data.parameters.map(({ name, shown }) => [name, shown])),
    period: periodOf(data),
    notes: cuts,
  }
}

/** Of what a reader sees but for when it was made: a refresh that changes nothing, or an input elsewhere, is no change. */
function tagOf({ generatedAt: _, dataAsOf: __, ...shown }: Document): string {
  // Sums of fractions differ in their last digits with the order in which the engine adds them.
  const settled = (_: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(12)) : value
  return etagOf(JSON.stringify(shown, settled))
}

function periodOf(data: ShownReport): string {
  const asked = data.parameters.find(({ type, value }) => type === 'period' && value !== null)
  if (asked) return asked.shown
  for (const block of data.blocks) if ('period' in block && block.period) return rangeName(block.period)
  return ''
}
