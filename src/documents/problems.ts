import { defineProblem } from '#src/problem/problem.ts'

export const renderFailed = defineProblem(
  'render-failed',
  'internal',
  'The document could not be made',
  'Try again. When it fails again, leave out blocks until you find which one it is, and tell the administrator; the data themselves are all right and can be had as CSV.',
)
export const renderTooLong = defineProblem(
  'render-too-long',
  'too_large',
  'The document would be too big',
  'Ask for fewer rows or a shorter period, or take the report as XLSX or CSV.',
)
export const pressBusy = defineProblem(
  'press-busy',
  'unavailable',
  'Too many documents wait to be made',
  'Wait for as long as `Retry-After` says and ask again.',
)
