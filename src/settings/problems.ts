import { defineProblem } from '#src/problem/problem.ts'

export const invalidSettings = defineProblem('invalid-settings', 'invalid', 'The settings cannot be used')

export const invalidRelativeTime = defineProblem('invalid-relative-time', 'unprocessable', 'Not a relative time')
