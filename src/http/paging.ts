import type { z } from 'zod'
import { cursorInvalid } from './problems.ts'
import type { RequestFacts } from './request.ts'

/** A cursor is the sort key of the last item seen, not an offset: pages neither skip nor repeat when rows come and go. */
export function readCursor<S extends z.ZodType>(cursor: string | undefined, key: S): z.output<S> | null {
  if (cursor === undefined) return null
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    throw cursorInvalid({ hint: 'Follow the Link header as it is.' })
  }
  // Anyone can write a cursor; it only names a place in what its reader may see anyway, and is bound as a parameter.
  const read = key.safeParse(value)
  if (!read.success) throw cursorInvalid({ hint: 'Follow the Link header as it is.' })
  return read.data
}

export const writeCursor = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url')

/**
 * One page out of `limit + 1` rows: the rows to show, and the headers with the way to the next page when there is one.
 * Ask the store for one row more than the limit.
 */
export function pageOf<T>(
  request: RequestFacts,
  rows: readonly T[],
  limit: number,
  keyOf: (row: T) => unknown,
): { rows: readonly T[]; headers: Record<string, string> } {
  if (rows.length <= limit) return { rows, headers: {} }
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  if (last === undefined) return { rows: shown, headers: {} }
  return { rows: shown, headers: { link: nextLink(request, writeCursor(keyOf(last))) } }
}

/** RFC 8288: the same question with another cursor. Relative to the address asked, so that proxies need not be known. */
export function nextLink(request: RequestFacts, cursor: string): string {
  const url = new URL(request.url, 'http://host.invalid')
  url.searchParams.set('cursor', cursor)
  return `<${url.pathname}${url.search}>; rel="next"`
}
