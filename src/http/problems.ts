import { defineProblem } from '#src/problem/problem.ts'

export const requestInvalid = defineProblem(
  'request-invalid',
  'invalid',
  'The request is not what this endpoint expects',
)
export const jsonInvalid = defineProblem('json-invalid', 'invalid', 'The body is not proper JSON')
export const cursorInvalid = defineProblem('cursor-invalid', 'invalid', 'The cursor is not one that we gave out')
export const credentialsAmbiguous = defineProblem(
  'credentials-ambiguous',
  'invalid',
  'The request shows two different credentials',
)
export const tokenInUrl = defineProblem('token-in-url', 'invalid', 'The request carries an API token in its address')
export const tokenMissing = defineProblem(
  'token-missing',
  'unauthenticated',
  'This needs an API token or a signed-in session',
)
export const tokenInvalid = defineProblem('token-invalid', 'unauthenticated', 'The API token is not valid')
export const sessionRequired = defineProblem(
  'session-required',
  'forbidden',
  'This needs a signed-in session; a token cannot do it',
)
export const permissionMissing = defineProblem('permission-missing', 'forbidden', 'A permission is missing')
export const crossSite = defineProblem('cross-site', 'forbidden', 'A session may change things only from our own pages')
export const notFound = defineProblem('not-found', 'not_found', 'There is nothing at this address')
export const methodNotAllowed = defineProblem(
  'method-not-allowed',
  'method_not_allowed',
  'This address does not take this method',
)
export const notAcceptable = defineProblem(
  'not-acceptable',
  'not_acceptable',
  'There is no answer in a form that you accept',
)
export const bodyTooLarge = defineProblem('body-too-large', 'too_large', 'The body is too large')
export const mediaUnsupported = defineProblem(
  'media-unsupported',
  'unsupported_media',
  'The body has the wrong media type',
)
export const rateExceeded = defineProblem('rate-exceeded', 'too_many', 'Too many requests')
export const preconditionFailed = defineProblem(
  'precondition-failed',
  'precondition_failed',
  'It has changed since you read it',
)
export const preconditionRequired = defineProblem(
  'precondition-required',
  'precondition_required',
  'The request must say which state it changes',
)
export const internalError = defineProblem('internal-error', 'internal', 'Something went wrong on our side')
export const unavailable = defineProblem('unavailable', 'unavailable', 'We cannot answer at the moment')
export const idempotencyKeyInvalid = defineProblem(
  'idempotency-key-invalid',
  'invalid',
  'The Idempotency-Key is not one',
)
export const idempotencyKeyRunning = defineProblem(
  'idempotency-key-running',
  'conflict',
  'The first request with this Idempotency-Key is still running',
)
export const idempotencyKeyReused = defineProblem(
  'idempotency-key-reused',
  'unprocessable',
  'This Idempotency-Key was used for another request',
)
export const cannotListen = defineProblem('cannot-listen', 'unavailable', 'The server cannot listen at its address')
