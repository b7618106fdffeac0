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
export const runAlreadyOpen = defineProblem(
  'run-already-open',
  'conflict',
  'Such a run is under way already',
  'Follow the run that the problem names (`run`), or ask with another `if_running`.',
)
export const tooManyCallbacks = defineProblem(
  'too-many-callbacks',
  'too_many',
  'As many as possible are told of this run’s end already',
  'Follow the run by its address instead.',
)
export const runNotFinished = defineProblem(
  'run-not-finished',
  'conflict',
  'The run has not ended yet',
  'Wait for its end, or cancel it first.',
)
export const runNotRepeatable = defineProblem(
  'run-not-repeatable',
  'unprocessable',
  'The run cannot be done again in this way',
  'Start a new one where such runs are started.',
)
export const mayNotRepeatRun = defineProblem(
  'may-not-repeat-run',
  'forbidden',
  'You may not start such a run',
  'Ask whoever may, or for the permission that the problem names.',
)
export const artifactNotFound = defineProblem(
  'artifact-not-found',
  'not_found',
  'The run has no such file that you may have',
  'List its files at `/v1/runs/{run}/artifacts`. They are for who asked for the run.',
)
export const artifactExpired = defineProblem(
  'artifact-expired',
  'gone',
  'The file was kept for a time only, and that is over',
  'Do the run again (`POST /v1/runs/{run}/rerun`).',
)
export const artifactTooLarge = defineProblem(
  'artifact-too-large',
  'too_large',
  'The file of the run would be too large',
  'Ask for less, or let an administrator raise `[files] largest_artifact`.',
)
export const rangeInvalid = defineProblem(
  'range-invalid',
  'range_not_satisfiable',
  'The range lies outside of the file',
  'Ask for bytes that the file has, or for all of it.',
)
export const unknownHolidayCalendar = defineProblem(
  'unknown-holiday-calendar',
  'unprocessable',
  'There is no such holiday calendar',
  'Take one from `/v1/holiday-calendars`, or leave `holidays` out.',
)
export const holidayCalendarNotFound = defineProblem(
  'holiday-calendar-not-found',
  'not_found',
  'There is no such holiday calendar',
  'Take one from `/v1/holiday-calendars`.',
)
export const holidayCalendarInUse = defineProblem(
  'holiday-calendar-in-use',
  'conflict',
  'Schedules leave out the days of this holiday calendar',
  'Take it out of them first.',
)
export const badHolidayCalendar = defineProblem(
  'bad-holiday-calendar',
  'unprocessable',
  'The days of the holiday calendar cannot be read',
  'Send days as dates, or the text of an iCalendar file (.ics) whose events lie on whole days.',
)
