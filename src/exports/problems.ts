import { defineProblem } from '#src/problem/problem.ts'

export const tooManyExports = defineProblem(
  'too-many-exports',
  'too_many',
  'As many of your exports as possible are under way',
  'Wait for one to end, or cancel one; `GET /v1/exports` lists them.',
)
export const askerGone = defineProblem(
  'asker-gone',
  'forbidden',
  'Who asked for it can no longer be asked for',
  'The account was disabled or its token is gone. Let somebody else ask for it.',
)
