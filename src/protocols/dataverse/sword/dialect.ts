import type { Dialect } from '#src/http/dialect.ts'
import {
  bodyTooLarge,
  internalError,
  mediaUnsupported,
  methodNotAllowed,
  notFound,
  tokenInvalid,
  tokenMissing,
} from '#src/http/problems.ts'
import { inDataverseWords } from '../words.ts'
import { errorDocument } from './documents.ts'

export const swordRoot = '/dvn/api/data-deposit/v1.1/swordv2'

/** What SWORD has a status and a name of its own for; all else is a bad request there. */
const kinds: Readonly<Record<string, readonly [status: number, kind: string]>> = {
  [tokenMissing.code]: [401, 'ErrorAuthenticationRequired'],
  [tokenInvalid.code]: [403, 'TargetOwnerUnknown'],
  [notFound.code]: [404, 'ErrorBadRequest'],
  [methodNotAllowed.code]: [405, 'MethodNotAllowed'],
  [bodyTooLarge.code]: [413, 'MaxUploadSizeExceeded'],
  [mediaUnsupported.code]: [415, 'ErrorContent'],
  [internalError.code]: [500, 'ErrorBadRequest'],
}

const renderProblem: Dialect['renderProblem'] = (problem, { status, caller }) => {
  const [code, kind] = kinds[problem.code] ?? [status === 429 || status >= 500 ? status : 400, 'ErrorBadRequest']
  const { message } = inDataverseWords(problem, status, caller)
  return {
    status: code,
    type: 'application/xml; charset=utf-8',
    body: errorDocument(kind, message, new Date()),
    ...(code === 401 && { headers: { 'www-authenticate': 'Basic realm="SWORD2"' } }),
  }
}

/** What OSF and tools for deposit speak: the token is the user name of HTTP Basic, and answers are XML. */
export const swordDialect: Dialect = {
  name: 'sword',
  prefixes: ['/dvn/'],
  tokenHeaders: [],
  tokenParameters: [],
  tokenAsBasicUser: true,
  // Older clients leave the minor version out.
  rewrite: (path) =>
    path.replace(/^\/dvn\/api\/data-deposit\/v1(?:\.1)?(?=\/)/, '/dvn/api/data-deposit/v1.1').replace(/\/+$/, ''),
  renderProblem,
}
