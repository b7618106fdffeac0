import { defineProblem, type Problem } from '#src/problem/problem.ts'

/** Refusals in Dataverse's own words, one for each status that it gives: its clients compare the words. */
export const dataverseInvalid = defineProblem(
  'dataverse-invalid',
  'invalid',
  'The request lacks something, or has it wrong',
  'The message names what is missing or wrong; correct that.',
)
export const dataverseUnauthorized = defineProblem(
  'dataverse-unauthorized',
  'unauthenticated',
  'Only authenticated users can perform the requested operation',
  'Send an API token whose account may do this.',
)
export const dataverseForbidden = defineProblem(
  'dataverse-forbidden',
  'forbidden',
  'A rule of the repository stands against it',
  'The message says which; Dataverse’s status for this is 403.',
)
export const dataverseNotFound = defineProblem(
  'dataverse-not-found',
  'not_found',
  'It is not there',
  'Check the identifier.',
)
export const dataverseNotAcceptable = defineProblem(
  'dataverse-not-acceptable',
  'not_acceptable',
  'This installation does not offer it',
  'Ask for it in another way.',
)
export const dataverseConflict = defineProblem(
  'dataverse-conflict',
  'conflict',
  'Something that is there stands against it',
  'The message says what.',
)
/** In the shape of the framework below Dataverse, with the address that was asked. */
export const dataverseAccessDenied = defineProblem(
  'dataverse-access-denied',
  'forbidden',
  'Not authorized to access this object via this API endpoint. Please check your code for typos, or consult our API guide at http://guides.dataverse.org.',
  'Send an API token whose account may download it.',
)
export const dataverseNothingHere = defineProblem(
  'dataverse-nothing-here',
  'not_found',
  'API endpoint does not exist on this server. Please check your code for typos, or consult our API guide at http://guides.dataverse.org.',
  'Check the address and the identifier.',
)

export const dataverseRangeInvalid = defineProblem(
  'dataverse-range-invalid',
  'range_not_satisfiable',
  'The range lies outside of the file, or there are several',
  'Ask for one range within the file.',
)

const byStatus = {
  400: dataverseInvalid,
  401: dataverseUnauthorized,
  403: dataverseForbidden,
  404: dataverseNotFound,
  406: dataverseNotAcceptable,
  409: dataverseConflict,
}

/** A refusal with this status and exactly this message; `fieldErrors` name members of the body. */
export const refused = (
  status: keyof typeof byStatus,
  message: string,
  fieldErrors?: Readonly<Record<string, string>>,
): Problem => byStatus[status]({ detail: message, ...(fieldErrors && { extensions: { fieldErrors } }) })

/** Whether the message is already in Dataverse's words. */
export const isRefused = ({ code }: Problem): boolean => codes.has(code)
const codes = new Set<string>(Object.values(byStatus).map(({ code }) => code))

export const authenticatedOnly = (): Problem => refused(401, dataverseUnauthorized.title)
