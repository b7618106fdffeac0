import type { Readable } from 'node:stream'
import type { Caller } from '#src/access/caller.ts'
import { etagOf } from '#src/http/etag.ts'
import { RawAsk, type RawAskInput, readAsk } from './ask.ts'
import type { Catalogue, RawField, RawTable } from './catalogue.ts'
import type { Cell, Engine, QueryOptions, RowFormat, SqlDialect } from './engines/engine.ts'
import { periodOf } from './match-ask.ts'
import { noSuch } from './no-such.ts'
import type { DayRange } from './period.ts'
import { type Binder, type Condition, makeBinder, matchFilters, rowConditions, whereSql } from './plan-filters.ts'
import { queryInvalid, streamTooLong } from './problems.ts'
import { askerOf, type Reading, takeModel } from './reading.ts'
import type { WarehouseNeeds } from './run-query.ts'

/**
 * Beside the usual formats: each row as a JSON array of texts and nulls, moments as Unix seconds, either after its
 * length in hexadecimal on a line of its own (CR LF ends both), or as one record of a JSON text sequence (RFC 7464).
 */
export type RawFormat = Exclude<RowFormat, 'text_lines'> | 'hex_length_lines' | 'json_text_sequence'

export interface RawPage {
  /** Rows at most; null: all. */
  readonly limit: number | null
  /** Where the page before ended: its `next`. */
  readonly from?: number | undefined
  /** Rows to skip. */
  readonly offset?: number | undefined
}

export interface RawQuestion {
  readonly reading: Reading
  readonly fields: readonly RawField[]
  readonly table: RawTable['table']
  readonly conditions: readonly Condition[]
  readonly days: DayRange | null
  readonly asker: string
  readonly etag: string
  release(): void
}

/** Checks a question for raw rows for this caller, without running anything. `release` it, answered or not. */
export function openRawQuestion(
  { shelf, clock }: Pick<WarehouseNeeds, 'shelf' | 'clock'>,
  caller: Caller,
  input: RawAskInput,
): RawQuestion {
  const ask = readAsk(RawAsk, input)
  const reading = takeModel(shelf, caller, ask.model, 'raw')
  try {
    const { catalogue } = reading
    const fields = matchFields(catalogue, ask.fields)
    const wrong = (pointer: string, detail: string) => {
      throw queryInvalid({ detail, errors: [{ pointer, detail }] })
    }
    const days = periodOf(catalogue, ask, { days: null, now: clock.now() }, wrong)
    const conditions = [...matchFilters(catalogue, caller, ask.filters), ...rowConditions(catalogue, caller)]
    const named = conditions.map(({ dimension, ...rest }) => ({ dimension: dimension.name, ...rest }))
    const etag = etagOf(reading.snapshot, JSON.stringify([fields.map((field) => field.name), days, named]))
    const { table } = catalogue.raw as RawTable
    const asker = askerOf(caller)
    return { reading, fields, table, conditions, days, asker, etag, release: () => reading.release() }
  } catch (error) {
    reading.release()
    throw error
  }
}

/** Fields in the model's order, whatever the order asked for. */
function matchFields(catalogue: Catalogue, names: readonly string[] | undefined): RawField[] {
  const all = catalogue.raw?.fields
  if (!all) throw queryInvalid({ detail: `The model ${catalogue.model} has no raw rows.` })
  if (names === undefined) return [...all]
  const errors = names.flatMap((name, i) =>
    all.some((field) => field.name === name) ? [] : [{ pointer: `#/fields/${i}`, detail: noSuch('field', name, all) }],
  )
  if (errors.length > 0)
    throw queryInvalid({
      detail: errors[0]!.detail,
      hint: `GET /v1/models/${catalogue.model} lists the raw fields.`,
      errors,
    })
  return all.filter((field) => names.includes(field.name))
}

export interface RawStream {
  readonly stream: Readable
  /** Where the next page begins; null after the last. */
  readonly next: number | null
}

/**
 * Streams rows in the model's order (day, then as it says). `maxRows` refuses, before the first byte, what would be
 * longer. The question is released when the stream closes.
 */
export async function streamRaw(
  { engine }: Pick<WarehouseNeeds, 'engine'>,
  question: RawQuestion,
  format: RawFormat,
  page: RawPage,
  options: QueryOptions & { readonly maxRows?: number | null } = {},
): Promise<RawStream> {
  const { maxRows = null, ...rest } = options
  const run = { ...rest, asker: question.asker }
  if (maxRows !== null) await refuseLonger(engine, question, maxRows, run)
  const next = await nextPage(engine, question, page, run)
  const binder = makeBinder()
  const select = selectFor(engine.dialect, question.fields, format)
  const sql = `select ${select}\n${sourceSql(engine.dialect, question, binder, page, next)}`
  const framed = format === 'hex_length_lines' || format === 'json_text_sequence'
  const stream = await engine.stream({ sql, params: binder.params }, framed ? 'text_lines' : format, run)
  stream.once('close', () => question.release())
  return { stream, next }
}

/** A page of rows as texts, moments as Unix seconds. */
export async function readRaw(
  { engine }: Pick<WarehouseNeeds, 'engine'>,
  question: RawQuestion,
  page: RawPage & { readonly limit: number },
  options: QueryOptions = {},
): Promise<readonly (readonly Cell[])[]> {
  const { dialect } = engine
  const binder = makeBinder()
  const texts = question.fields.map((field) => `${textSql(dialect, field)} as ${dialect.quote(field.name)}`)
  const source = sourceSql(dialect, question, binder, page, null)
  const sql = `select ${texts.join(', ')}\n${source}`
  return (
    await engine.query({ sql, params: binder.params }, { ...options, asker: question.asker, maxRows: page.limit })
  ).rows
}

function sourceSql(
  dialect: SqlDialect,
  { reading, table, conditions, days }: RawQuestion,
  binder: Binder,
  page: RawPage,
  next: number | null,
): string {
  const where = [whereSql({ dialect, snapshot: reading.snapshot, binder }, 'r', conditions, days)]
  if (page.from !== undefined) where.push(`r.rowid >= ${binder.bind(page.from)}`)
  if (next !== null) where.push(`r.rowid < ${binder.bind(next)}`)
  const limit = page.limit !== null && next === null ? `\nlimit ${binder.bind(page.limit)}` : ''
  const offset = page.offset ? `\noffset ${binder.bind(page.offset)}` : ''
  // A snapshot never changes and keeps its rows in order, so row numbers are places to go on from.
  return `from ${dialect.table(reading.snapshot, table)} r\nwhere ${where.join(' and ')}${limit}${offset}`
}

async function nextPage(
  engine: Engine,
  question: RawQuestion,
  page: RawPage,
  run: QueryOptions,
): Promise<number | null> {
  if (page.limit === null || page.offset) return null
  const binder = makeBinder()
  const source = sourceSql(engine.dialect, question, binder, { limit: 1, from: page.from, offset: page.limit }, null)
  const { rows } = await engine.query(
    { sql: `select r.rowid\n${source}`, params: binder.params },
    { ...run, maxRows: 1 },
  )
  const first = rows[0]?.[0]
  return first === undefined || first === null ? null : Number(first)
}

/** How many rows the question has. */
export async function countRaw(
  { engine }: Pick<WarehouseNeeds, 'engine'>,
  question: RawQuestion,
  options: QueryOptions = {},
): Promise<number> {
  const binder = makeBinder()
  const source = sourceSql(engine.dialect, question, binder, { limit: null }, null)
  const { rows } = await engine.query(
    { sql: `select count(*)\n${source}`, params: binder.params },
    { ...options, asker: question.asker, maxRows: 1 },
  )
  return Number(rows[0]?.[0] ?? 0)
}

async function refuseLonger(engine: Engine, question: RawQuestion, maxRows: number, run: QueryOptions): Promise<void> {
  const count = await countRaw({ engine }, question, run)
  if (count > maxRows)
    throw streamTooLong({
      detail: `These are ${count} rows; one stream may have ${maxRows}.`,
      hint: 'Ask for a shorter period or fewer values, or export them to a file with POST /v1/exports.',
    })
}

function selectFor(dialect: SqlDialect, fields: readonly RawField[], format: RawFormat): string {
  const row = () => `cast(json_array(${fields.map((field) => textSql(dialect, field)).join(', ')}) as varchar)`
  if (format === 'json_text_sequence') return `chr(30) || ${row()} as line`
  if (format === 'hex_length_lines') {
    const json = row()
    return `printf('%x', strlen(${json})) || e'\\r\\n' || ${json} || e'\\r' as line`
  }
  const typed = format === 'parquet' || format === 'arrow'
  return fields
    .map((field) => {
      const column = `r.${dialect.quote(field.column)}`
      const text = field.type === 'timestamp' && !typed
      return `${text ? dialect.isoMoment(column) : typedSql(column, field.type)} as ${dialect.quote(field.name)}`
    })
    .join(', ')
}

const sqlTypes = { string: 'varchar', integer: 'bigint', number: 'double' } as const

/** A field may share a column with metrics, which has the type of the source. */
const typedSql = (column: string, type: RawField['type']): string =>
  type in sqlTypes ? `cast(${column} as ${sqlTypes[type as keyof typeof sqlTypes]})` : column

/** The value as text, moments as Unix seconds; null stays null. */
function textSql(dialect: SqlDialect, field: RawField): string {
  const column = `r.${dialect.quote(field.column)}`
  return `cast(${field.type === 'timestamp' ? dialect.unixMoment(column) : typedSql(column, field.type)} as varchar)`
}
