import type { RequestFacts } from '#src/http/request.ts'
import { offsetMedia, tusChecksums, tusVersion } from './contract.ts'
import { tusVersionUnknown, uploadInvalid } from './problems.ts'
import type { Upload } from './upload.ts'

type Headers = RequestFacts['headers']

/** Who speaks another version of tus than ours is told so; who says nothing (curl) may go on. */
export function checkVersion(headers: Headers): void {
  const said = headers['tus-resumable']
  if (said !== undefined && said !== tusVersion)
    throw tusVersionUnknown({ detail: `It is version ${tusVersion}.`, headers: { 'tus-version': tusVersion } })
}

const wholeNumber = (header: string | string[] | undefined): number | null =>
  typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : null

const wrong = (name: string, detail: string) =>
  uploadInvalid({ detail: `${name} ${detail}.`, errors: [{ pointer: name, detail }] })

export function readLength(headers: Headers): number {
  const length = wholeNumber(headers['upload-length'])
  if (length === null) throw wrong('Upload-Length', 'must say how many bytes will come')
  return length
}

export function readOffset(headers: Headers): number {
  const offset = wholeNumber(headers['upload-offset'])
  if (offset === null) throw wrong('Upload-Offset', 'must say where the part begins')
  return offset
}

/** How many bytes the part is said to have; null: it comes in chunks. */
export const partLength = (headers: Headers): number | null => wholeNumber(headers['content-length'])

/** Whether the body of the first request is the beginning of the file. */
export function carriesPart(headers: Headers): boolean {
  const empty = headers['transfer-encoding'] === undefined && (partLength(headers) ?? 0) === 0
  if (empty) return false
  if ((headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() === offsetMedia) return true
  throw wrong('Content-Type', `of a first part must be ${offsetMedia}`)
}

/** `filename` and `filetype` of `Upload-Metadata`: pairs of a key and a value in Base64. Clients call them one way or another. */
export function readMetadata(headers: Headers): { name: string; mediaType: string | null } {
  const header = headers['upload-metadata']
  const pairs = new Map<string, string>()
  for (const pair of (typeof header === 'string' ? header : '').split(',')) {
    const [key = '', value = '', ...rest] = pair.trim().split(/ +/)
    if (key === '') continue
    if (rest.length > 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value))
      throw wrong('Upload-Metadata', 'must be pairs of a key and a value in Base64')
    pairs.set(key.toLowerCase(), textOf(value))
  }
  const name = (pairs.get('filename') ?? pairs.get('name') ?? '').trim()
  if (name === '') throw wrong('Upload-Metadata', 'must tell the filename')
  if (name.length > 1000) throw wrong('Upload-Metadata', 'tells a filename of more than 1,000 characters')
  return { name, mediaType: (pairs.get('filetype') ?? pairs.get('type') ?? '').slice(0, 200) || null }
}

function textOf(base64: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'))
    if (!text.includes('\0')) return text
  } catch {
    // Said below.
  }
  throw wrong('Upload-Metadata', 'must be in UTF-8 and without NUL')
}

export function readChecksum(headers: Headers): { algorithm: string; digest: Buffer } | null {
  const header = headers['upload-checksum']
  if (header === undefined) return null
  const [, algorithm = '', digest = ''] =
    /^([a-z0-9]+) +([A-Za-z0-9+/]+={0,2})$/.exec(typeof header === 'string' ? header.trim() : '') ?? []
  if (!tusChecksums.split(',').includes(algorithm))
    throw wrong('Upload-Checksum', `must be one of ${tusChecksums}, and the sum in Base64`)
  return { algorithm, digest: Buffer.from(digest, 'base64') }
}

/** What tus tells of an upload in headers. */
export const tusHeaders = (upload: Upload): Record<string, string> => ({
  'tus-resumable': tusVersion,
  'upload-offset': String(upload.received),
  'upload-length': String(upload.bytes),
  'upload-expires': upload.expiresAt.toUTCString(),
  'cache-control': 'no-store',
})

export const metadataHeader = ({ name, toldMediaType }: Upload): Record<string, string> => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const type = toldMediaType === null ? '' : `,filetype ${base64(toldMediaType)}`
  return { 'upload-metadata': `filename ${base64(name)}${type}` }
}
