import type { Caller } from '#src/access/caller.ts'
import { cookieOf } from '#src/http/cookies.ts'
import type { RequestFacts } from '#src/http/request.ts'
import type { DatasetNeeds } from './needs.ts'
import { type Visitor, visitorWith } from './visitor.ts'

/**
 * Where who has a preview link shows it: programs in the header, the portal in a cookie, because browsers fetch pictures and
 * downloads without headers of ours. It only ever opens reading, so that other sites gain nothing by having it sent along.
 */
const previewHeader = 'preview-token'
const previewCookie = 'tessera_preview'

/** Who asks over HTTP, with the preview link that they show. */
export function visitorOf({ db }: Pick<DatasetNeeds, 'db'>, caller: Caller, request: RequestFacts): Promise<Visitor> {
  const shown = request.headers[previewHeader]
  const secret = typeof shown === 'string' ? shown : (cookieOf(request.headers.cookie, previewCookie) ?? undefined)
  return visitorWith(db, caller, secret)
}
