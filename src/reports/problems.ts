import { defineProblem } from '#src/problem/problem.ts'

export const reportNotFound = defineProblem(
  'report-not-found',
  'not_found',
  'There is no such report',
  '`GET /v1/reports` lists those that you may see.',
)
export const reportTaken = defineProblem(
  'report-taken',
  'conflict',
  'There is a report with this id already',
  'Choose another id, or leave it out: then one is made from the title.',
)
export const reportInvalid = defineProblem(
  'report-invalid',
  'unprocessable',
  'The report does not fit the models that it asks',
  '`errors` names everything that is wrong and where; `GET /v1/models/{model}` lists what can be asked.',
)
export const reportInUse = defineProblem(
  'report-in-use',
  'conflict',
  'Something needs this report',
  'Delete what `used_by` lists first.',
)
export const notYourReport = defineProblem(
  'not-your-report',
  'forbidden',
  'Only its owner and administrators may do this with a report',
  'Ask its owner; or make a report of your own from its definition.',
)
export const reportVersionNotFound = defineProblem(
  'report-version-not-found',
  'not_found',
  'The report has no such version',
  '`GET /v1/reports/{report}/versions` lists them.',
)
export const parametersInvalid = defineProblem(
  'report-parameters-invalid',
  'unprocessable',
  'These are not the parameters of the report',
  '`errors` names what is wrong, `parameters` those that the report declares, with their types.',
)
export const inputsInvalid = defineProblem(
  'report-inputs-invalid',
  'unprocessable',
  'Not everything can be filled in like this',
  '`errors` names each cell that is wrong and why; nothing was changed. Correct them and send all again.',
)
export const cellChanged = defineProblem(
  'report-cell-changed',
  'conflict',
  'Somebody has changed a cell since you read it',
  '`conflicts` says what each such cell holds now, who changed it and when; nothing was changed. Send the cell again with that version, if yours still holds.',
)
export const columnNotYours = defineProblem(
  'report-column-not-yours',
  'forbidden',
  'This data-input column is for others to fill in',
  'The `detail` says for whom; ask them, or ask the owner of the report to open it.',
)
export const columnNotFound = defineProblem(
  'report-column-not-found',
  'not_found',
  'The report has no such data-input column',
  '`GET /v1/reports/{report}` shows its definition.',
)
export const blockUnclear = defineProblem(
  'report-block-unclear',
  'unprocessable',
  'It is not clear which table of the report is meant',
  'Name its id as `block`.',
)
