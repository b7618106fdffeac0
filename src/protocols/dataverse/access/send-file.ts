import type { FileNeeds } from '#src/datasets/files/needs.ts'
import { type OpenedFile, openFile } from '#src/datasets/files/open-file.ts'
import { fileNotOpen } from '#src/datasets/files/problems.ts'
import { servedAs } from '#src/datasets/files/served-as.ts'
import { fileNotFound } from '#src/datasets/problems.ts'
import type { Visitor } from '#src/datasets/visitor.ts'
import { hasCurrent } from '#src/http/etag.ts'
import { rangeOf } from '#src/http/ranges.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { respond } from '#src/http/respond.ts'
import { isTrue } from '../parameters.ts'
import { dataverseAccessDenied, dataverseNothingHere, dataverseRangeInvalid } from '../problems.ts'
import { type Retell, retelling } from '../retelling.ts'

/** Whoever may not have a file is told 403 here, be it there for them or not; what is not there, 404. */
export const ofDownloads: Retell = [
  ['hidden', () => dataverseAccessDenied()],
  [fileNotOpen, () => dataverseAccessDenied()],
  [fileNotFound, () => dataverseNothingHere()],
]

export const open = (files: FileNeeds, visitor: Visitor, segment: string): Promise<OpenedFile> =>
  retelling(ofDownloads, () => {
    if (!/^\d{1,15}$/.test(segment)) throw dataverseNothingHere()
    return openFile(files, visitor, segment)
  })

interface DownloadQuery {
  readonly format?: string | undefined
  readonly imageThumb?: string | undefined
  readonly variables?: string | undefined
  readonly gbrecs?: string | undefined
}

/** Files are only ever had as they were deposited. */
export function refuseConversion({ format, imageThumb, variables }: DownloadQuery): void {
  if ((format === undefined || format === 'original' || format === '') && !imageThumb && !variables) return
  throw dataverseNothingHere({
    detail:
      'datafile access error: requested optional service (image scaling, format conversion, etc.) is not supported on this datafile.',
  })
}

/** A file or the one part of it that is asked for. */
export async function sendFile(opened: OpenedFile, query: DownloadQuery, request: RequestFacts) {
  const { etag, bytes, name } = opened
  const { type, headers: fixed } = servedAs(opened)
  const headers = { ...fixed, 'accept-ranges': 'bytes' }
  if (hasCurrent(request, etag)) return respond<never>({ status: 304, etag, headers })
  const several = request.headers.range?.includes(',') ?? false
  const range = rangeOf(request, bytes, etag)
  if (several || range === 'unsatisfiable')
    throw dataverseRangeInvalid({ headers: { 'content-range': `bytes */${bytes}` } })
  const length = range ? range.end - range.start + 1 : bytes
  return respond<never>({
    stream: await opened.read(range, { uncounted: isTrue(query.gbrecs) }),
    type: `${type}; name="${asciiOf(name)}"`,
    etag,
    headers: {
      ...headers,
      'content-length': String(length),
      ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${bytes}` }),
    },
    ...(range && { status: 206 }),
  })
}

/** A header holds no more than this; the whole name stands in `Content-Disposition`. */
const asciiOf = (name: string): string => name.replaceAll(/[^\x20-\x7e]|["\\]/g, '_')
