import { defineProblem } from '#src/problem/problem.ts'

export const requestInvalid = defineProblem(
  'request-invalid',
  'invalid',
  'The request is not what this endpoint expects',
  '`errors` names each wrong member; correct these and send it again.',
)
export const jsonInvalid = defineProblem(
  'json-invalid',
  'invalid',
  'The body is not proper JSON',
  'Send one JSON value in UTF-8, with every name only once.',
)
export const cursorInvalid = defineProblem(
  'cursor-invalid',
  'invalid',
  'The cursor is not one that we gave out',
  'Follow the `Link` header of the page before, with the same filters, or begin without a cursor.',
)
export const credentialsAmbiguous = defineProblem(
  'credentials-ambiguous',
  'invalid',
  'The request shows two different credentials',
  'Show one credential, once.',
)
export const tokenInUrl = defineProblem(
  'token-in-url',
  'invalid',
  'The request carries an API token in its address',
  'Send it as `Authorization: Bearer …`, and rotate it: addresses end up in logs and histories.',
)
export const tokenMissing = defineProblem(
  'token-missing',
  'unauthenticated',
  'This needs an API token or a signed-in session',
  'Send `Authorization: Bearer …` with a token, or sign in.',
)
export const tokenInvalid = defineProblem(
  'token-invalid',
  'unauthenticated',
  'The API token is not valid',
  'Check that it was copied whole; make a new one when it has expired or was revoked.',
)
export const sessionRequired = defineProblem(
  'session-required',
  'forbidden',
  'This needs a signed-in session; a token cannot do it',
  'Sign in with a browser and do it there.',
)
export const permissionMissing = defineProblem(
  'permission-missing',
  'forbidden',
  'A permission is missing',
  '`missing_permissions` names it. Use a token that holds it, or ask an administrator for a role that does.',
)
export const crossSite = defineProblem(
  'cross-site',
  'forbidden',
  'A session may change things only from our own pages',
  'Open the portal itself, at its own address. Programs send a token instead of a cookie.',
)
export const notFound = defineProblem(
  'not-found',
  'not_found',
  'There is nothing at this address',
  'Check the address; `/docs` lists all that there are.',
)
export const methodNotAllowed = defineProblem(
  'method-not-allowed',
  'method_not_allowed',
  'This address does not take this method',
  'The `Allow` header lists the methods that it takes.',
)
export const notAcceptable = defineProblem(
  'not-acceptable',
  'not_acceptable',
  'There is no answer in a form that you accept',
  'Accept one of the types that the `hint` lists, or set `format`.',
)
export const bodyTooLarge = defineProblem('body-too-large', 'too_large', 'The body is too large', 'Send less at once.')
export const mediaUnsupported = defineProblem(
  'media-unsupported',
  'unsupported_media',
  'The body has the wrong media type',
  'Set `Content-Type` to one that the endpoint takes: nearly always `application/json`.',
)
export const rateExceeded = defineProblem(
  'rate-exceeded',
  'too_many',
  'Too many requests',
  'Wait as long as `Retry-After` says. Fewer, larger questions help; so do `ETag`s.',
)
export const preconditionFailed = defineProblem(
  'precondition-failed',
  'precondition_failed',
  'It has changed since you read it',
  'Read it again, and repeat the change on what it is now.',
)
export const preconditionRequired = defineProblem(
  'precondition-required',
  'precondition_required',
  'The request must say which state it changes',
  'Read it first, and send its `ETag` as `If-Match`.',
)
export const internalError = defineProblem(
  'internal-error',
  'internal',
  'Something went wrong on our side',
  'Try once more; if it stays, tell the administrator the `request_id`, under which the log says what happened.',
)
export const unavailable = defineProblem(
  'unavailable',
  'unavailable',
  'We cannot answer at the moment',
  'Try again in a moment, not before `Retry-After` where there is one.',
)
export const idempotencyKeyInvalid = defineProblem(
  'idempotency-key-invalid',
  'invalid',
  'The Idempotency-Key is not one',
  'Use 1 to 200 visible ASCII characters, best a random UUID for each thing to be made.',
)
export const idempotencyKeyRunning = defineProblem(
  'idempotency-key-running',
  'conflict',
  'The first request with this Idempotency-Key is still running',
  'Wait a second and send the same request again: then it tells how the first one ended.',
)
export const idempotencyKeyReused = defineProblem(
  'idempotency-key-reused',
  'unprocessable',
  'This Idempotency-Key was used for another request',
  'Send a new key for a new request; repeat an old one word for word.',
)
export const cannotListen = defineProblem(
  'cannot-listen',
  'unavailable',
  'The server cannot listen at its address',
  'The administrator chooses another `[general] host` or `port`, or stops the program that has it.',
)
