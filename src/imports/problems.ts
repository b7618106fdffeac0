import { defineProblem } from '#src/problem/problem.ts'

export const unreadableImport = defineProblem(
  'unreadable-import',
  'unprocessable',
  'The file cannot be imported',
  'The `detail` names the file, the line and what was expected there. Nothing was taken in.',
)

export const unknownResource = defineProblem(
  'unknown-resource',
  'not_found',
  'No resource of that name is known',
  'Bring it in with `tessera import resources FILE` first, or correct its name.',
)
