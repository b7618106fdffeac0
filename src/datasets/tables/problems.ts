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
export const tableTooLong = defineProblem(
  'table-too-long',
  'unprocessable',
  'The table has more rows than are sent in this form',
  'Ask for `format=parquet`, which is sent as it is kept. The administrator sets the limit: `[files] table_download_limit`.',
)
