import { Problem } from '#src/problem/problem.ts'
import { addressRefused, addressUnreachable, fetchTimedOut } from './problems.ts'

/**
 * What went wrong on the way, in our words: nothing that the other side sent, and no more of the address than its host.
 */
export function failureOf(error: unknown, url: URL): Problem {
  if (error instanceof Problem) return error
  const { code = '', name = '' } = (error ?? {}) as { code?: string; name?: string }
  if (code === 'ADDRESS_REFUSED')
    return addressRefused({ detail: `${url.hostname} leads to an address that is not public.`, cause: error })
  if (name === 'TimeoutError' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
    return fetchTimedOut({ detail: `${url.host} took too long to answer.`, cause: error })
  return addressUnreachable({ detail: `${url.host} could not be reached: ${reasonOf(code)}.`, cause: error })
}

function reasonOf(code: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name is not known'
  if (code === 'ECONNREFUSED') return 'it refuses connections'
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'it did not answer in time'
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) return 'its certificate is not valid'
  return 'the connection broke off'
}
