import { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import { hasCurrent } from '#src/http/etag.ts'
import { nextLink, readCursor, writeCursor } from '#src/http/paging.ts'
import { notAcceptable } from '#src/http/problems.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import type { AskInput, RawAskInput } from './ask.ts'
import * as contract from './contract.ts'
import { type Format, mediaTypes } from './contract.ts'
import { splitIds } from './id-list.ts'
import { listValues } from './list-values.ts'
import { queryInvalid } from './problems.ts'
import { type Answer, answerQuestion, openQuestion, streamAnswer, type WarehouseNeeds } from './run-query.ts'
import { openRawQuestion, streamRaw } from './stream-rows.ts'

export interface WarehouseRouteNeeds extends WarehouseNeeds {
  /** [datawarehouse] rest_raw_row_limit */
  readonly rawRowLimit: number
}

export function warehouseRoutes(needs: WarehouseRouteNeeds): Route[] {
  /** Each answer is written once, however often it is asked for. */
  const written = new WeakMap<Answer, string>()
  const write = (answer: Answer): string => {
    const before = written.get(answer)
    if (before !== undefined) return before
    const { etag: _, ...body } = answer
    const text = JSON.stringify(body)
    written.set(answer, text)
    return text
  }

  async function ask(caller: Caller, request: RequestFacts, input: AskInput, asked: Format | undefined) {
    const format = formatOf(request, asked)
    const question = openQuestion(needs, caller, input)
    let streaming = false
    try {
      const etag = `${question.etag}-${format}`
      const type = typeOf(format)
      if (hasCurrent(request, etag)) return respond<never>({ status: 304, etag })
      if (format === 'json') {
        const answer = await answerQuestion(needs, question, { signal: request.signal })
        return respond<never>({ body: write(answer) as never, type, etag })
      }
      const stream = await streamAnswer(needs, question, format, { signal: request.signal })
      streaming = true
      return respond<never>({ stream, type, etag })
    } finally {
      if (!streaming) question.release()
    }
  }

  async function raw(
    caller: Caller,
    request: RequestFacts,
    input: RawAskInput,
    page: { limit?: number | undefined; cursor?: string | undefined; format?: Format | undefined },
  ) {
    const format = formatOf(request, page.format)
    const place = readCursor(page.cursor, z.tuple([z.string(), z.int().min(0)]))
    const limit = Math.min(page.limit ?? needs.rawRowLimit, needs.rawRowLimit)
    const question = openRawQuestion(needs, caller, input)
    let streaming = false
    try {
      // Row numbers mean something within one snapshot only; going on in another would skip or repeat rows unseen.
      if (place && place[0] !== question.reading.snapshot)
        throw queryInvalid({
          detail: 'The model was refreshed since the first page.',
          hint: 'Begin again without a cursor.',
        })
      const etag = `${question.etag}-${format}-${place?.[1] ?? 0}-${limit}`
      const from = place ? { from: place[1] } : {}
      const { stream, next } = await streamRaw(needs, question, format, { limit, ...from }, { signal: request.signal })
      streaming = true
      const headers = next === null ? {} : { link: nextLink(request, writeCursor([question.reading.snapshot, next])) }
      return respond<never>({ stream, type: typeOf(format), etag, headers })
    } finally {
      if (!streaming) question.release()
    }
  }

  return [
    route(contract.postQuery, ({ caller, query, body, request }) => ask(caller, request, body, query.format)),

    route(contract.getQuery, ({ caller, query, request }) => {
      const { model, metrics, dimensions, unit, series, order, limit, others, totals } = query
      const input: AskInput = {
        model,
        metrics,
        ...scopeOf(query),
        ...(dimensions && { dimensions }),
        ...(unit && { unit }),
        ...(series !== undefined && { series }),
        ...(order && {
          order: order.map((term) => ({ by: term.replace(/^-/, ''), descending: term.startsWith('-') })),
        }),
        ...(limit !== undefined && { limit }),
        ...(others !== undefined && { others }),
        ...(totals !== undefined && { totals }),
      }
      return ask(caller, request, input, query.format)
    }),

    route(contract.getRaw, ({ caller, params, query, request }) => {
      const { fields } = query
      return raw(caller, request, { model: params.model, ...scopeOf(query), ...(fields && { fields }) }, query)
    }),

    route(contract.postRaw, ({ caller, params, query, body, request }) =>
      raw(caller, request, { ...body, model: params.model }, query),
    ),

    route(contract.listValues, async ({ caller, params, query, request }) => {
      const offset = readCursor(query.cursor, z.int().min(0)) ?? 0
      const { search, limit } = query
      const { total, values } = await listValues(
        needs,
        caller,
        { ...params, search, limit, offset },
        { signal: request.signal },
      )
      const more = offset + values.length < total
      return respond({
        body: { total, values },
        headers: more ? { link: nextLink(request, writeCursor(offset + values.length)) } : {},
      })
    }),
  ]
}

const typeOf = (format: Format): string =>
  format === 'json' || format === 'csv' ? `${mediaTypes[format]}; charset=utf-8` : mediaTypes[format]

/** What `?format=` or `Accept` ask for; of several, the one wanted most. */
function formatOf(request: RequestFacts, asked: Format | undefined): Format {
  if (asked) return asked
  const accept = request.headers.accept
  if (accept === undefined) return 'json'
  const wanted = accept
    .split(',')
    .map((item) => {
      const [type = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
      const q = parameters.find((parameter) => parameter.startsWith('q='))
      return { type, q: q === undefined ? 1 : Number(q.slice(2)) }
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q)
  for (const { type } of wanted) {
    const format = (Object.keys(mediaTypes) as Format[]).find((name) => mediaTypes[name] === type)
    if (format) return format
    if (type === '*/*' || type === 'application/*') return 'json'
    if (type === 'text/*') return 'csv'
  }
  throw notAcceptable({ hint: `Accept one of ${Object.values(mediaTypes).join(', ')}, or set format.` })
}

interface ScopeQuery {
  readonly filter?: readonly string[] | undefined
  readonly start?: string | undefined
  readonly end?: string | undefined
  readonly period?: Exclude<AskInput['period'], object> | undefined
}

/** Filters and period as they are written in an address. */
function scopeOf({ filter = [], start, end, period }: ScopeQuery): Pick<AskInput, 'filters' | 'period'> {
  if ((start === undefined) !== (end === undefined) || (start !== undefined && period !== undefined)) {
    const detail = 'Give start and end together, or period.'
    throw queryInvalid({ detail, errors: [{ pointer: 'start', detail }] })
  }
  const filters = filter.map((text) => {
    const colon = text.indexOf(':')
    const exclude = text[colon - 1] === '!'
    return {
      dimension: text.slice(0, exclude ? colon - 1 : colon),
      values: splitIds(text.slice(colon + 1)),
      exclude,
    }
  })
  const days = start !== undefined && end !== undefined ? { start, end } : period
  return { filters, ...(days !== undefined && { period: days }) }
}
