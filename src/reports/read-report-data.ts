import type { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { Problem } from '#src/problem/problem.ts'
import { answerQuestion, type Question } from '#src/warehouse/run-query.ts'
import { type Answers, chartData, type Data, numberData, pivotData, tableData } from './block-data.ts'
import type { ReportData } from './contract.ts'
import { fillInCells, missingIn } from './fill-in-cells.ts'
import { mapFew } from './map-few.ts'
import type { OpenAsking, OpenBlock, OpenReport, ReadNeeds } from './open-report.ts'
import { fillMarkdown, showParameters } from './show-parameters.ts'

/** A report of many blocks waits for itself rather than crowd the warehouse. */
const blocksAtOnce = 4

export interface DataNeeds extends ReadNeeds {
  readonly db: Database
}

export type ShownReport = z.input<typeof ReportData>

export interface ReadReport {
  readonly data: ShownReport
  /** Whether a block failed for a reason that may pass, so that nobody should keep this answer. */
  readonly passing: boolean
}

/** Answers an open report: all blocks at once, and a block that cannot be answered says so while the others stand. */
export async function readReportData(
  needs: DataNeeds,
  caller: Caller,
  open: OpenReport,
  head: { readonly title: string; readonly description: string },
  signal?: AbortSignal,
): Promise<ReadReport> {
  const parameters = await showParameters(needs, open, signal)
  let passing = false
  const blocks = await mapFew(open.blocks, blocksAtOnce, async (one): Promise<Data> => {
    try {
      return await answerBlock(needs, caller, open, one, parameters, signal)
    } catch (error) {
      if (!(error instanceof Problem) || one.kind !== 'asking') throw error
      passing = true
      return failed(one.block, error)
    }
  })
  return {
    passing,
    data: {
      report: open.report?.id ?? null,
      version: open.report?.version ?? null,
      title: head.title,
      description: head.description,
      parameters,
      snapshots: Object.fromEntries(open.snapshots),
      data_as_of: open.dataAsOf?.toISOString() ?? null,
      may_input: blocks.some((block) => block.type === 'table' && block.inputs.some(({ may_input }) => may_input)),
      missing: missingIn(blocks),
      blocks,
    },
  }
}

async function answerBlock(
  needs: DataNeeds,
  caller: Caller,
  report: OpenReport,
  open: OpenBlock,
  parameters: ShownReport['parameters'],
  signal?: AbortSignal,
): Promise<Data> {
  if (open.kind === 'text')
    return { type: 'text', id: open.block.id, markdown: fillMarkdown(open.block.markdown, parameters) }
  if (open.kind === 'failed') return failed(open.block, open.problem)
  const answers = await answersOf(needs, open, signal)
  const { block } = open
  switch (block.type) {
    case 'number':
      return numberData(open, block, caller, answers)
    case 'table':
      return fillInCells(needs, report, block, open.inputs, tableData(open, block, caller, answers), signal)
    case 'pivot':
      return pivotData(open, block, caller, answers)
    case 'chart':
      return chartData(open, block, caller, answers)
  }
}

export async function answersOf(
  needs: Pick<DataNeeds, 'engine' | 'cache'>,
  { main, rows, columns, before }: Pick<OpenAsking, 'main' | 'rows' | 'columns' | 'before'>,
  signal?: AbortSignal,
): Promise<Answers> {
  const answer = (question: Question | null) => question && answerQuestion(needs, question, { signal })
  const [first, ...others] = await Promise.all([
    answerQuestion(needs, main, { signal }),
    answer(rows),
    answer(columns),
    answer(before),
  ])
  return { main: first, rows: others[0] ?? null, columns: others[1] ?? null, before: others[2] ?? null }
}

function failed({ id, type, title }: OpenAsking['block'], { code, title: kind, details }: Problem): Data {
  const problem = { code, title: kind, detail: details.detail ?? kind, hint: details.hint ?? null }
  return { type: 'failed', id, of: type, title, problem }
}
