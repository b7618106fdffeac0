import { defineProblem } from '#src/problem/problem.ts'

export const mailRefused = defineProblem('mail-refused', 'unprocessable', 'The mail server refused a mail for good')
export const mailUnavailable = defineProblem(
  'mail-unavailable',
  'unavailable',
  'The mail server cannot take a mail now',
)
