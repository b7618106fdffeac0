import { addressOf } from '#portal/kit/ask.ts'
import { type RowsQuestion, writeQuestion, writeRowsQuestion } from './explore-search.ts'
import type { Question } from './question.ts'

/** Where the server gives the answer as a file; the session goes along as with any link. */
export function downloadAddress(model: string, question: Question, format: 'csv' | 'parquet'): string {
  const { view: _, log: __, compare: ___, limit, others, filter, ...words } = writeQuestion(question)
  return addressOf('GET /v1/query', {
    query: {
      model,
      ...words,
      ...(filter !== undefined && { filter: [filter].flat() }),
      ...(question.dimensions.length > 0 && limit && { limit, ...(others && { others }) }),
      format,
    } as never,
  })
}

/** The first page of raw rows as a file. */
export function rowsAddress(model: string, question: RowsQuestion, format: 'csv' | 'parquet' | 'ndjson'): string {
  const { filter, ...words } = writeRowsQuestion(question)
  return addressOf('GET /v1/models/:model/raw', {
    params: { model },
    query: { ...words, ...(filter !== undefined && { filter: [filter].flat() }), format } as never,
  })
}
