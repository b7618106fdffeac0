import { defineProblem } from '#src/problem/problem.ts'

export const mailRefused = defineProblem(
  'mail-refused',
  'unprocessable',
  'The mail server refused a mail for good',
  'The `detail` says why; correct the recipient’s address or `[mailer]`.',
)
export const mailUnavailable = defineProblem(
  'mail-unavailable',
  'unavailable',
  'The mail server cannot take a mail now',
  'It is tried again by itself. If it stays, the administrator checks `[mailer] smtp_url`.',
)
