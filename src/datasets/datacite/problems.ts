import { defineProblem } from '#src/problem/problem.ts'

export const dataCiteRefused = defineProblem(
  'datacite-refused',
  'unprocessable',
  'DataCite does not take what it was told',
  'Check whether the DOI’s prefix belongs to the account under `[datacite]`.',
)
export const dataCiteAccountRefused = defineProblem(
  'datacite-account-refused',
  'unavailable',
  'DataCite does not know the account, or does not let it do this',
  'Check the account under `[datacite]`, and whether the DOI’s prefix belongs to it; it is tried again by itself.',
)
export const dataCiteUnreachable = defineProblem(
  'datacite-unreachable',
  'unavailable',
  'DataCite could not be reached',
  'It is tried again by itself.',
)
