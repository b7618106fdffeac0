import { defineProblem } from '#src/problem/problem.ts'

export const runNotFound = defineProblem(
  'run-not-found',
  'not_found',
  'There is no such run',
  'Check the id. Of others’ runs only those who may see everyone’s are told.',
)
export const runFinished = defineProblem(
  'run-finished',
  'conflict',
  'The run has already ended',
  'Nothing is left to cancel; start a new one if you need it.',
)
export const mayNotCancelRun = defineProblem(
  'may-not-cancel-run',
  'forbidden',
  'This run is not yours to cancel',
  'Ask whoever started it, or an administrator.',
)
