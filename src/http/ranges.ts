import type { RequestFacts } from './request.ts'

export interface ByteRange {
  readonly start: number
  /** Included. */
  readonly end: number
}

/**
 * The one part of a file that `Range` asks for (RFC 9110 §14). Null: all of it, as where several parts are asked for,
 * which a server may ignore, or where `If-Range` names another state. `unsatisfiable`: it lies outside.
 */
export function rangeOf({ headers }: RequestFacts, size: number, etag: string): ByteRange | null | 'unsatisfiable' {
  const { range } = headers
  const held = headers['if-range']
  if (range === undefined || (held !== undefined && held !== `"${etag}"`)) return null
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range.replaceAll(' ', '')) ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < start) return null
  return start >= size ? 'unsatisfiable' : { start, end }
}
