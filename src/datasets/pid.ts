import { randomInt } from 'node:crypto'

/** A persistent id in its parts; written `protocol:authority` + separator + `identifier`. */
export interface Pid {
  readonly protocol: 'perma' | 'doi' | 'hdl'
  readonly authority: string
  readonly separator: string
  readonly identifier: string
}

/** How new ids are made, and where they lead. */
export interface PidPolicy {
  readonly protocol: 'perma' | 'doi'
  readonly authority: string
  /** Begins every identifier. */
  readonly shoulder: string
  /** Without a closing slash. */
  readonly siteAddress: string
}

export const writePid = ({ protocol, authority, separator, identifier }: Pid): string =>
  `${protocol}:${authority}${separator}${identifier}`

/** Without letters and digits that look alike. */
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** One in a thousand million: whoever inserts it tries again when it is taken. */
export function newPid({ protocol, authority, shoulder }: PidPolicy): Pid {
  const random = Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('')
  return { protocol, authority, separator: '/', identifier: `${shoulder}${random}` }
}

const resolvers: readonly (readonly [start: RegExp, protocol: string])[] = [
  [/^https?:\/\/(?:dx\.)?doi\.org\//i, 'doi:'],
  [/^https?:\/\/hdl\.handle\.net\//i, 'hdl:'],
  [/^https?:\/\/[^/]+\/datasets\/(?=(?:perma|doi|hdl)(?::|%3A))/i, ''],
]

/** The id in its plain form (`doi:10.5072/FK2/J8SJZB`), of that or of the address it leads to; null: it is none. */
export function readPid(text: string): string | null {
  let plain = text.trim()
  for (const [start, protocol] of resolvers)
    if (start.test(plain)) {
      plain = protocol + plain.replace(start, '')
      try {
        plain = decodeURIComponent(plain)
      } catch {
        return null
      }
      break
    }
  const [, protocol, rest] = /^(perma|doi|hdl):(\S{1,300})$/i.exec(plain) ?? []
  return protocol === undefined || rest === undefined ? null : `${protocol.toLowerCase()}:${rest}`
}

/** Where the id leads: what citations and links show. */
export function addressOf(pid: Pid, siteAddress: string): string {
  if (pid.protocol === 'doi') return `https://doi.org/${pid.authority}${pid.separator}${pid.identifier}`
  if (pid.protocol === 'hdl') return `https://hdl.handle.net/${pid.authority}${pid.separator}${pid.identifier}`
  return `${siteAddress}/datasets/${writePid(pid)}`
}
