import { defineProblem } from '#src/problem/problem.ts'

export const modelFilesInvalid = defineProblem(
  'model-files-invalid',
  'invalid',
  'Model files are not right',
  'The `detail` names file, line and remedy; `tessera model check` looks without starting anything.',
)
export const refreshRefused = defineProblem(
  'refresh-refused',
  'unprocessable',
  'The new data were not accepted',
  'The data that were read before still are. The `detail` names the guard that failed: correct the source, or the guard in the model file.',
)
export const refreshFailed = defineProblem(
  'refresh-failed',
  'internal',
  'The refresh could not be done',
  'The data that were read before still are. The log of the run tells more; ask for the refresh again once that is mended.',
)
export const unknownOptionSet = defineProblem(
  'unknown-option-set',
  'not_found',
  'The model has no such option set',
  '`GET /v1/models/{model}` lists those that it has.',
)
export const unknownSnapshot = defineProblem(
  'unknown-snapshot',
  'not_found',
  'The model has no such snapshot',
  '`GET /v1/models/{model}/snapshots` lists those that are kept.',
)
