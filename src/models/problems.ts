import { defineProblem } from '#src/problem/problem.ts'

export const modelFilesInvalid = defineProblem('model-files-invalid', 'invalid', 'Model files are not right')
export const refreshRefused = defineProblem('refresh-refused', 'unprocessable', 'The new data were not accepted')
export const refreshFailed = defineProblem('refresh-failed', 'internal', 'The refresh could not be done')
