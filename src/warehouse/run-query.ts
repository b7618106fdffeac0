import type { Readable } from 'node:stream'
import type { Caller } from '#src/access/caller.ts'
import { etagOf } from '#src/http/etag.ts'
import { Ask, type AskInput, readAsk, type Unit } from './ask.ts'
import type { Cell, Engine, QueryOptions, RowFormat } from './engines/engine.ts'
import { type MatchedAsk, matchAsk } from './match-ask.ts'
import type { DayRange } from './period.ts'
import { type AnswerColumn, planQuery, planTotals } from './plan-query.ts'
import { askerOf, type Reading, type Shelf, takeModel } from './reading.ts'
import type { ResultCache } from './result-cache.ts'

export interface WarehouseNeeds {
  readonly engine: Engine
  readonly shelf: Shelf
  readonly cache: ResultCache<Answer>
  readonly clock: { now(): Date }
}

export interface Answer {
  readonly model: string
  readonly snapshot: string
  readonly unit: Unit
  /** The days that were counted: the period asked for, widened to whole units. */
  readonly period: DayRange | null
  readonly columns: readonly AnswerColumn[]
  readonly rows: readonly (readonly Cell[])[]
  readonly totals: Readonly<Record<string, Cell>> | null
  /** Names the question and the data: the same tag, the same answer. */
  readonly etag: string
}

/** A question ready to be answered on one snapshot. `release` it, answered or not. */
export interface Question {
  readonly reading: Reading
  readonly ask: MatchedAsk
  readonly asker: string
  readonly etag: string
  release(): void
}

/** Most rows of an answer that is held in memory; longer ones are streamed. */
export const maxAnswerRows = 100_000

/** Checks an ask for this caller and finds the snapshot that will answer it, without running anything. */
export function openQuestion(
  needs: Omit<WarehouseNeeds, 'engine' | 'cache'>,
  caller: Caller,
  input: AskInput,
): Question {
  const ask = readAsk(Ask, input)
  const reading = takeModel(needs.shelf, caller, ask.model, 'query')
  try {
    const matched = matchAsk(reading.catalogue, ask, caller, { days: reading.days, now: needs.clock.now() })
    const etag = etagOf(reading.snapshot, keyOf(matched))
    return { reading, ask: matched, asker: askerOf(caller), etag, release: () => reading.release() }
  } catch (error) {
    reading.release()
    throw error
  }
}

/** Metrics by dimensions over a period, for this caller. Answers that were computed before on the same data are remembered. */
export async function runQuery(
  needs: WarehouseNeeds,
  caller: Caller,
  input: AskInput,
  options: QueryOptions & { readonly maxRows?: number } = {},
): Promise<Answer> {
  const question = openQuestion(needs, caller, input)
  try {
    return await answerQuestion(needs, question, options)
  } finally {
    question.release()
  }
}

export async function answerQuestion(
  { engine, cache }: Pick<WarehouseNeeds, 'engine' | 'cache'>,
  { reading, ask, asker, etag }: Question,
  { maxRows = maxAnswerRows, ...options }: QueryOptions & { readonly maxRows?: number } = {},
): Promise<Answer> {
  const known = cache.get(etag)
  if (known) return known
  const scope = { dialect: engine.dialect, snapshot: reading.snapshot, catalogue: reading.catalogue }
  const plan = planQuery(scope, ask)
  const { rows } = await engine.query(plan, { ...options, asker, maxRows })
  const answer: Answer = {
    model: reading.catalogue.model,
    snapshot: reading.snapshot,
    unit: ask.unit,
    period: ask.days,
    columns: plan.columns,
    rows,
    totals: ask.totals ? await totalsOf() : null,
    etag,
  }
  cache.set(etag, answer, sizeOf(answer))
  return answer

  async function totalsOf(): Promise<Record<string, Cell>> {
    const totals = planTotals(scope, ask)
    const [row = []] = (await engine.query(totals, { ...options, asker, maxRows: 1 })).rows
    return Object.fromEntries(totals.columns.map((column, i) => [column.name, row[i] ?? null]))
  }
}

/** The rows of an answer as bytes, made inside the engine; the question is released when the stream closes. */
export async function streamAnswer(
  { engine }: Pick<WarehouseNeeds, 'engine'>,
  question: Question,
  format: Exclude<RowFormat, 'text_lines'>,
  options: QueryOptions = {},
): Promise<Readable> {
  const { reading, ask, asker } = question
  const plan = planQuery({ dialect: engine.dialect, snapshot: reading.snapshot, catalogue: reading.catalogue }, ask)
  const stream = await engine.stream(plan, format, { ...options, asker })
  stream.once('close', () => question.release())
  return stream
}

/** How many rows the answer has. */
export async function countAnswer(
  { engine }: Pick<WarehouseNeeds, 'engine'>,
  { reading, ask, asker }: Question,
  options: QueryOptions = {},
): Promise<number> {
  const plan = planQuery({ dialect: engine.dialect, snapshot: reading.snapshot, catalogue: reading.catalogue }, ask)
  const count = { sql: `select count(*) from (${plan.sql}\n) answer`, params: plan.params }
  const { rows } = await engine.query(count, { ...options, asker, maxRows: 1 })
  return Number(rows[0]?.[0] ?? 0)
}

/** Equal for equal questions, whatever the order of filters and their values; row filters are among the conditions. */
function keyOf(ask: MatchedAsk): string {
  const conditions = ask.conditions.map(({ dimension, values, labels, min, max, exclude }) =>
    JSON.stringify([dimension.name, values?.toSorted(), labels?.toSorted(), min, max, exclude]),
  )
  const order = ask.order.map((term) => [
    'metric' in term ? term.metric.name : 'dimension' in term ? term.dimension.name : 'period',
    term.descending,
  ])
  return JSON.stringify([
    ask.metrics.map((metric) => metric.name),
    ask.dimensions.map((dimension) => dimension.name),
    conditions.toSorted(),
    ask.days,
    ask.unit,
    ask.series,
    order,
    ask.limit,
    ask.others,
    ask.totals,
  ])
}

const sizeOf = ({ rows }: Answer): number => {
  let bytes = 1000
  for (const row of rows) {
    bytes += 32
    for (const cell of row) bytes += typeof cell === 'string' ? 40 + cell.length * 2 : 16
  }
  return bytes
}
