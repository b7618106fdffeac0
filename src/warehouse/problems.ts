import { defineProblem } from '#src/problem/problem.ts'

export const unknownModel = defineProblem(
  'unknown-model',
  'not_found',
  'There is no such model',
  '`GET /v1/models` lists those that you may use.',
)
export const modelNotReady = defineProblem(
  'model-not-ready',
  'unavailable',
  'The model has no data yet',
  'Wait for its first refresh to end, or ask for one.',
)
export const queryInvalid = defineProblem(
  'query-invalid',
  'invalid',
  'The query names something that the model does not have',
  'The `detail` names it; `GET /v1/models/{model}` lists everything that can be asked.',
)
export const queryTooLarge = defineProblem(
  'query-too-large',
  'unprocessable',
  'The answer has too many rows for this form',
  'Narrow the period or the filters, set a limit, or ask for NDJSON, CSV, Parquet or Arrow, which are streamed.',
)
export const queryTimedOut = defineProblem(
  'query-timed-out',
  'timeout',
  'The query took too long',
  'Ask for a shorter period, fewer dimensions or a larger unit.',
)
export const queryCancelled = defineProblem('query-cancelled', 'unavailable', 'The query was cancelled', 'Ask again.')
export const queryFailed = defineProblem(
  'query-failed',
  'internal',
  'The warehouse could not answer',
  'Try once more; if it stays, tell the administrator the `request_id`.',
)
export const outOfMemory = defineProblem(
  'query-out-of-memory',
  'unprocessable',
  'The query needs more memory than the warehouse has',
  'Ask for a shorter period, fewer dimensions or a larger unit; the administrator may raise `[datawarehouse] memory_limit`.',
)
export const warehouseBusy = defineProblem(
  'warehouse-busy',
  'unavailable',
  'Too many queries are running',
  'Try again in a few seconds.',
)
export const dataForbidden = defineProblem(
  'data-forbidden',
  'forbidden',
  'Your role may not read this',
  'Ask an administrator for a role that may.',
)
export const streamTooLong = defineProblem(
  'stream-too-long',
  'unprocessable',
  'There are more rows than one stream may have',
  'Ask for a shorter period or fewer values.',
)
