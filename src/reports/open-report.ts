import type { Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import { etagOf } from '#src/http/etag.ts'
import { openOptions } from '#src/models/find-options.ts'
import { Problem } from '#src/problem/problem.ts'
import type { AskInput } from '#src/warehouse/ask.ts'
import { openQuestion, type Question, type WarehouseNeeds } from '#src/warehouse/run-query.ts'
import { type AskingBlock, asksOf } from './block-asks.ts'
import {
  type Block,
  type BlockOf,
  type Definition,
  type InputColumn,
  inputColumnsOf,
  type ParameterValue,
} from './definition.ts'
import type { Values } from './fill-query.ts'
import { isLocked, mayEnter } from './input-column.ts'
import { rangeBefore } from './periods.ts'
import { resolveParameters } from './resolve-parameters.ts'
import type { ReportRow } from './store.ts'

export interface ReadNeeds extends WarehouseNeeds {
  /** As of when the data of a model are that is read now. */
  asOf(model: string): Date | null
}

/** A report with its questions bound to the snapshots that will answer them; nothing has run yet. `release` it. */
export interface OpenReport {
  /** Null: a definition that is not saved. */
  readonly report: ReportRow | null
  readonly definition: Definition
  readonly values: Values
  readonly blocks: readonly OpenBlock[]
  /** The same until the report, the data, the options or what is filled in change; or what the caller may do. */
  readonly etag: string
  readonly snapshots: ReadonlyMap<string, string>
  readonly dataAsOf: Date | null
  /** Who reads the models. */
  readonly reader: Caller
  release(): void
}

export type OpenBlock = OpenText | OpenFailed | OpenAsking

interface OpenText {
  readonly kind: 'text'
  readonly block: BlockOf<'text'>
}

interface OpenFailed {
  readonly kind: 'failed'
  readonly block: AskingBlock
  readonly problem: Problem
}

export interface OpenAsking {
  readonly kind: 'asking'
  readonly block: AskingBlock
  readonly ask: AskInput
  readonly main: Question
  /** Of a pivot. */
  readonly rows: Question | null
  readonly columns: Question | null
  /** Of a number that is compared. */
  readonly before: Question | null
  readonly inputs: readonly OpenInput[]
}

export interface OpenInput {
  readonly column: InputColumn
  readonly locked: boolean
  readonly mayInput: boolean
}

/**
 * Whoever may read a report reads what it asks, under the row filters of their own account: a token for reports needs none
 * for the warehouse. Its author needed that, so nobody reads a model through a report that they wrote for it.
 */
export function readerOf(caller: Caller, definition: Definition): Caller {
  const models = new Set<string>()
  for (const block of definition.blocks) if (block.type !== 'text') models.add(block.query.model)
  for (const parameter of definition.parameters) if (parameter.type === 'choice') models.add(parameter.model)
  for (const { column } of inputColumnsOf(definition))
    if ('options' in column && 'model' in column.options) models.add(column.options.model)
  const grants = Grants.of([...caller.grants.toTexts(), ...[...models].map((model) => `warehouse:read:${model}`)])
  return { ...caller, grants }
}

/** Checks parameters and binds every block to its snapshot; in one go, so that all blocks over a model read the same one. */
export function openReport(
  needs: ReadNeeds,
  caller: Caller,
  source: { readonly report: ReportRow | null; readonly definition: Definition; readonly trusted: boolean },
  given: Readonly<Record<string, ParameterValue>>,
): OpenReport {
  const { report, definition, trusted } = source
  const values = resolveParameters(definition, given)
  const reader = trusted ? readerOf(caller, definition) : caller
  const questions: Question[] = []
  const ask = (input: AskInput): Question => {
    const question = openQuestion(needs, reader, input)
    questions.push(question)
    return question
  }
  const open = (block: Block): OpenBlock => {
    if (block.type === 'text') return { kind: 'text', block }
    const opened = questions.length
    try {
      const asks = asksOf(block, values)
      const main = ask(asks.main)
      return {
        kind: 'asking',
        block,
        ask: asks.main,
        main,
        rows: asks.rows ? ask(asks.rows) : null,
        columns: asks.columns ? ask(asks.columns) : null,
        before: beforeOf(block, asks.main, main, ask),
        inputs: block.type === 'table' ? inputsOf(needs, caller, report, block, main) : [],
      }
    } catch (error) {
      for (const question of questions.splice(opened)) question.release()
      if (error instanceof Problem) return { kind: 'failed', block, problem: error }
      throw error
    }
  }
  try {
    const blocks = definition.blocks.map(open)
    const snapshots = new Map(questions.map(({ reading }) => [reading.catalogue.model, reading.snapshot]))
    return {
      report,
      definition,
      values,
      blocks,
      reader,
      snapshots: new Map([...snapshots].sort(([a], [b]) => (a < b ? -1 : 1))),
      dataAsOf: oldest([...snapshots.keys()].map((model) => needs.asOf(model))),
      etag: etagOf(
        report?.id ?? null,
        report?.version ?? null,
        report?.input_version ?? null,
        JSON.stringify(report?.id === undefined ? definition : null),
        JSON.stringify([...values]),
        JSON.stringify(blocks.map((block) => tagOf(needs, reader, block))),
      ),
      release() {
        for (const question of questions) question.release()
      },
    }
  } catch (error) {
    for (const question of questions) question.release()
    throw error
  }
}

function beforeOf(
  block: AskingBlock,
  input: AskInput,
  { ask: { days, unit } }: Question,
  ask: (input: AskInput) => Question,
): Question | null {
  if (block.type !== 'number' || !block.compare || days === null || input.period === undefined) return null
  return ask({ ...input, period: rangeBefore(days, block.compare), unit })
}

function inputsOf(
  { clock }: ReadNeeds,
  caller: Caller,
  report: ReportRow | null,
  block: BlockOf<'table'>,
  { reading }: Question,
): OpenInput[] {
  return block.inputs.map((column) => {
    const locked = isLocked(column, reading.catalogue.timeZone, clock.now())
    return { column, locked, mayInput: report !== null && !locked && mayEnter(caller, report, column) }
  })
}

function tagOf(needs: ReadNeeds, reader: Caller, open: OpenBlock): unknown {
  if (open.kind === 'text') return null
  if (open.kind === 'failed') return [open.problem.code, open.problem.message]
  const { main, rows, columns, before, inputs } = open
  return [
    ...[main, rows, columns, before].map((question) => question?.etag ?? null),
    ...inputs.map(({ column, locked, mayInput }) => [locked, mayInput, optionsTag(needs, reader, column)]),
  ]
}

/** Which data the options of a column come from. */
function optionsTag(needs: ReadNeeds, reader: Caller, column: InputColumn): string | null {
  if (!('options' in column) || 'values' in column.options) return null
  const { model, option_set: set } = column.options
  try {
    const question = openOptions(needs, reader, { model, set })
    question.release()
    return question.snapshot
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
}

const oldest = (moments: readonly (Date | null)[]): Date | null =>
  moments.reduce(
    (least, moment) => (least === null || (moment !== null && moment < least) ? moment : least),
    moments[0] ?? null,
  )
