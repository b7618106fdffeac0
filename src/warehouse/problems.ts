import { defineProblem } from '#src/problem/problem.ts'

export const unknownModel = defineProblem('unknown-model', 'not_found', 'There is no such model')
export const modelNotReady = defineProblem('model-not-ready', 'unavailable', 'The model has no data yet')
export const queryInvalid = defineProblem(
  'query-invalid',
  'invalid',
  'The query names something that the model does not have',
)
export const queryTooLarge = defineProblem(
  'query-too-large',
  'unprocessable',
  'The answer has too many rows for this form',
)
export const queryTimedOut = defineProblem('query-timed-out', 'timeout', 'The query took too long')
export const queryCancelled = defineProblem('query-cancelled', 'unavailable', 'The query was cancelled')
export const queryFailed = defineProblem('query-failed', 'internal', 'The warehouse could not answer')
export const outOfMemory = defineProblem(
  'query-out-of-memory',
  'unprocessable',
  'The query needs more memory than the warehouse has',
)
export const warehouseBusy = defineProblem('warehouse-busy', 'unavailable', 'Too many queries are running')
export const dataForbidden = defineProblem('data-forbidden', 'forbidden', 'Your role may not read this')
export const streamTooLong = defineProblem(
  'stream-too-long',
  'unprocessable',
  'There are more rows than one stream may have',
)
