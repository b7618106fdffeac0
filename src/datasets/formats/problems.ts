import { defineProblem } from '#src/problem/problem.ts'

export const formatUnknown = defineProblem(
  'export-format-unknown',
  'not_found',
  'There is no such export format',
  '`GET /v1/export-formats` lists them.',
)
