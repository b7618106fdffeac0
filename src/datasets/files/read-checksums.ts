import type { IncomingHttpHeaders } from 'node:http'
import { checksumInvalid, checksumMismatch } from './problems.ts'

export const checksumNames = ['md5', 'sha1', 'sha256', 'sha512'] as const
export type ChecksumName = (typeof checksumNames)[number]
/** In hexadecimal. */
export type Expected = Partial<Record<ChecksumName, string>>

const lengths: Readonly<Record<ChecksumName, number>> = { md5: 32, sha1: 40, sha256: 64, sha512: 128 }
/** As HTTP's registry of digests calls them (RFC 9530); others that it knows are passed over. */
const digestNames: Readonly<Record<string, ChecksumName>> = {
  md5: 'md5',
  sha: 'sha1',
  'sha-256': 'sha256',
  'sha-512': 'sha512',
}

/** What the sender says that the content's checksums are. */
export function readChecksums(headers: IncomingHttpHeaders): Expected {
  const expected: Expected = {}
  const put = (header: string, name: ChecksumName, hex: string): void => {
    if (hex.length !== lengths[name] || !/^[0-9a-f]+$/.test(hex))
      throw checksumInvalid({ detail: `${header} holds no ${name} checksum.` })
    if (expected[name] !== undefined && expected[name] !== hex)
      throw checksumInvalid({ detail: `The headers name two different ${name} checksums.` })
    expected[name] = hex
  }
  for (const header of ['repr-digest', 'content-digest', 'digest'])
    for (const item of textOf(headers[header]).split(',')) {
      const [, algorithm = '', value = ''] = /^\s*([A-Za-z0-9-]+)=:?([A-Za-z0-9+/=]*):?\s*$/.exec(item) ?? []
      const name = digestNames[algorithm.toLowerCase()]
      if (name) put(header, name, fromBase64(value))
      else if (item.trim() !== '' && algorithm === '') throw checksumInvalid({ detail: `${header} cannot be read.` })
    }
  const md5 = headers['content-md5']
  if (md5 !== undefined) put('content-md5', 'md5', fromBase64(textOf(md5).trim()))
  for (const name of checksumNames) {
    const written = headers[`x-checksum-${name}`]
    if (written !== undefined) put(`x-checksum-${name}`, name, textOf(written).trim().toLowerCase())
  }
  return expected
}

const textOf = (header: string | string[] | undefined): string => [header ?? ''].flat().join(',')
const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('hex')

/** Refuses content that is not what its sender said. */
export function compareChecksums(
  expected: Expected,
  found: Readonly<Partial<Record<ChecksumName, string | null>>>,
): void {
  for (const name of checksumNames) {
    const said = expected[name]?.toLowerCase()
    if (said !== undefined && said !== found[name])
      throw checksumMismatch({
        detail: `Its ${name} checksum is ${found[name]}, but ${said} was announced.`,
        extensions: { expected: said, found: found[name], algorithm: name },
      })
  }
}
