import type { Search } from '#portal/kit/search.ts'
import { readFilterWord, writeFilterWord } from './filter-words.ts'
import {
  type Filter,
  firstQuestion,
  type Model,
  periodLabels,
  type Question,
  type Scope,
  unitLabels,
  type View,
  viewLabels,
} from './question.ts'

/** An address carries words; what they mean is only known together with the model. */
export const readWords = (search: Record<string, unknown>): Search =>
  Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) => {
      const texts = [value].flat().filter((one) => typeof one === 'string')
      return texts.length === 0 ? [] : [[key, texts.length === 1 ? (texts[0] as string) : texts]]
    }),
  )

export interface Read<T> {
  readonly read: T
  /** What stands in the address but makes no sense here, as it stands there. */
  readonly ignored: readonly string[]
}

const words = [
  'metrics',
  'dimensions',
  'filter',
  'period',
  'start',
  'end',
  'unit',
  'series',
  'order',
  'limit',
  'others',
  'view',
  'log',
  'compare',
]
const rowWords = ['fields', 'filter', 'period', 'start', 'end']

/** Reads the question out of an address. Whatever in it the model doesn't know is left out and named. */
export function readQuestion(search: Search, model: Model): Read<Question> {
  const reader = openReader(search, words)
  const first = firstQuestion(model)
  if (!words.some((word) => word in search)) return { read: first, ignored: reader.ignored }
  const dimensions = reader.names('dimensions', model.dimensions)
  const metrics = reader.names('metrics', model.metrics)
  const series = reader.flag('series', model.timed)
  const order = reader.list('order').flatMap((text) => {
    const term = { by: text.replace(/^-/, ''), descending: text.startsWith('-') }
    const known =
      model.metrics.some(({ name }) => name === term.by) ||
      dimensions.includes(term.by) ||
      (series && term.by === 'period')
    return known ? [term] : reader.ignore('order', text)
  })
  const limit = reader.one('limit', (text) => (/^[1-9]\d{0,4}$|^100000$/.test(text) ? Number(text) : null))
  const view = reader.one('view', (text) =>
    Object.hasOwn(viewLabels, text) && (text !== 'line' || series) ? (text as View) : null,
  )
  const question: Question = {
    metrics: metrics.length > 0 ? metrics : first.metrics,
    dimensions,
    ...readScope(reader, model),
    unit: reader.one('unit', (text) => (Object.hasOwn(unitLabels, text) ? (text as Question['unit']) : null)) ?? 'auto',
    series,
    order,
    limit,
    others: reader.flag('others', limit !== null),
    view: view ?? (series ? 'line' : 'bar'),
    log: reader.flag('log', true),
    compare: reader.flag('compare', model.timed),
  }
  return { read: question, ignored: reader.ignored }
}

/** The whole question, in the words of `GET /v1/query` where it has them. */
export function writeQuestion(question: Question): Search {
  const { metrics, dimensions, unit, series, order, limit, others, view, log, compare } = question
  return {
    metrics: metrics.join(','),
    ...(dimensions.length > 0 && { dimensions: dimensions.join(',') }),
    ...writeScope(question),
    ...(unit !== 'auto' && { unit }),
    ...(series && { series: 'true' }),
    ...(order.length > 0 && { order: order.map(({ by, descending }) => `${descending ? '-' : ''}${by}`).join(',') }),
    ...(limit !== null && { limit: String(limit), ...(others && { others: 'true' }) }),
    view,
    ...(log && { log: 'true' }),
    ...(compare && { compare: 'true' }),
  }
}

/** Which raw rows are looked at. */
export interface RowsQuestion extends Scope {
  /** Null: all. */
  readonly fields: readonly string[] | null
}

export function readRowsQuestion(search: Search, model: Model): Read<RowsQuestion> {
  const reader = openReader(search, rowWords)
  const fields = reader.names('fields', model.raw_fields)
  return { read: { fields: fields.length > 0 ? fields : null, ...readScope(reader, model) }, ignored: reader.ignored }
}

export const writeRowsQuestion = (question: RowsQuestion): Search => ({
  ...(question.fields !== null && { fields: question.fields.join(',') }),
  ...writeScope(question),
})

function readScope(reader: Reader, model: Model): Scope {
  const filters = reader.each('filter').flatMap((word): Filter[] => {
    const filter = readFilterWord(word)
    const known = filter !== null && model.dimensions.some(({ name }) => name === filter.dimension)
    return known ? [filter] : reader.ignore('filter', word)
  })
  const named = reader.one('period', (text) =>
    model.timed && Object.hasOwn(periodLabels, text) ? (text as keyof typeof periodLabels) : null,
  )
  const [start, end] = [reader.one('start', dayOf), reader.one('end', dayOf)]
  if (named !== null || start === null || end === null || end < start || !model.timed) {
    for (const [key, day] of [
      ['start', start],
      ['end', end],
    ] as const)
      if (day !== null) reader.ignore(key, day)
    return { filters, period: named }
  }
  return { filters, period: { start, end } }
}

const writeScope = ({ filters, period }: Scope): Search => ({
  ...(filters.length > 0 && {
    filter: filters.length === 1 ? writeFilterWord(filters[0]!) : filters.map(writeFilterWord),
  }),
  ...(period !== null && (typeof period === 'string' ? { period } : { start: period.start, end: period.end })),
})

function dayOf(text: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null
}

type Reader = ReturnType<typeof openReader>

function openReader(search: Search, known: readonly string[]) {
  const ignored: string[] = []
  const ignore = (key: string, text: string): never[] => {
    ignored.push(`${key}=${text}`)
    return []
  }
  for (const [key, value] of Object.entries(search)) if (!known.includes(key)) ignore(key, [value].flat().join(','))
  const each = (key: string): string[] => (search[key] === undefined ? [] : [search[key]].flat())
  const list = (key: string): string[] =>
    each(key)
      .flatMap((text) => text.split(','))
      .map((text) => text.trim())
      .filter((text) => text !== '')
  return {
    ignored,
    ignore,
    each,
    list,
    /** Each once, in their order. */
    names: (key: string, there: readonly { readonly name: string }[]): string[] =>
      [...new Set(list(key))].flatMap((text) => (there.some(({ name }) => name === text) ? [text] : ignore(key, text))),
    /** The last of them counts. */
    one<T>(key: string, read: (text: string) => T | null): T | null {
      const texts = each(key)
      const text = texts.at(-1)
      for (const before of texts.slice(0, -1)) ignore(key, before)
      if (text === undefined) return null
      const value = read(text)
      if (value === null) ignore(key, text)
      return value
    },
    flag(key: string, possible: boolean): boolean {
      const value = this.one(key, (text) => (text === 'true' ? possible || null : text === 'false' ? false : null))
      return value ?? false
    },
  }
}
