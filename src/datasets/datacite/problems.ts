import { defineProblem } from '#src/problem/problem.ts'

export const dataCiteRefused = defineProblem(
  'datacite-refused',
  'unprocessable',
  'DataCite does not take what it was told',
  'Check the account under `[datacite]`, and whether the DOI’s prefix belongs to it.',
)
export const dataCiteUnreachable = defineProblem(
  'datacite-unreachable',
  'unavailable',
  'DataCite could not be reached',
  'It is tried again by itself.',
)
