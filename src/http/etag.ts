import { createHash } from 'node:crypto'
import { preconditionFailed, preconditionRequired } from './problems.ts'
import type { RequestFacts } from './request.ts'

/** A strong tag for a state that has no version of its own: of whatever tells this reply from others. */
export const etagOf = (...parts: readonly (string | number | null)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)

/** Whether a list such as `"a", W/"b"` or `*` names the tag (given with its quotes). */
export const matches = (list: string, tag: string): boolean =>
  list.trim() === '*' || list.split(',').some((item) => item.trim().replace(/^W\//, '') === tag)

/** Whether the caller already has this state, so that the work for the reply can be saved: return `notModified(etag)`. */
export function hasCurrent(request: RequestFacts, etag: string): boolean {
  const known = request.headers['if-none-match']
  return known !== undefined && matches(known, `"${etag}"`)
}

/** Refuses a change made on the ground of an older state (412), or of none at all where one is required (428). */
export function requireMatch(request: RequestFacts, etag: string, options: { required?: boolean } = {}): void {
  const wanted = request.headers['if-match']
  if (wanted === undefined) {
    if (options.required) throw preconditionRequired({ hint: 'Read it first, and send its ETag as If-Match.' })
    return
  }
  // Strong comparison (RFC 9110 §13.1.1): a weak tag never matches here.
  const held = wanted.trim() === '*' || wanted.split(',').some((item) => item.trim() === `"${etag}"`)
  if (!held)
    throw preconditionFailed({
      hint: 'Read it again, and repeat the change on what it is now.',
      headers: { etag: `"${etag}"` },
    })
}
