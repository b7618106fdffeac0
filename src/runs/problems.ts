import { defineProblem } from '#src/problem/problem.ts'

export const runNotFound = defineProblem('run-not-found', 'not_found', 'There is no such run')
export const runFinished = defineProblem('run-finished', 'conflict', 'The run has already ended')
export const mayNotCancelRun = defineProblem('may-not-cancel-run', 'forbidden', 'This run is not yours to cancel')
