import { defineProblem } from '#src/problem/problem.ts'

export const noTable = defineProblem(
  'file-has-no-table',
  'not_found',
  'There is no table in this file',
  'Tables are found in CSV, TSV, Parquet, JSON and XLSX files. `GET /v1/files/{file}/table` says why there is none in one of these.',
)
export const tableNotReady = defineProblem(
  'table-not-ready',
  'conflict',
  'The file has not been read yet',
  'Try again in a moment; `GET /v1/files/{file}/table` says how far it is.',
)
