import { defineProblem } from '#src/problem/problem.ts'

export const invalidSettings = defineProblem(
  'invalid-settings',
  'invalid',
  'The settings cannot be used',
  'Correct the lines that the `detail` names and start again; `docs/reference/settings.md` lists every setting.',
)

export const invalidRelativeTime = defineProblem(
  'invalid-relative-time',
  'unprocessable',
  'Not a relative time',
  'Write a span such as `6 months`, `90 days` or `1 year`.',
)
