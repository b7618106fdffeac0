import { isIP } from 'node:net'
import { z } from 'zod'

/**
 * How a value written in the file (always a text) is read. Each message names the remedy, because an administrator
 * reads it.
 */

/** An empty text stands for "not set" and gives null. */
export const orNone = <T>(type: z.ZodType<T, string>): z.ZodType<T | null, string> =>
  z.string().transform((written, context) => {
    if (written.trim() === '') return null
    const read = type.safeParse(written)
    if (read.success) return read.data
    for (const issue of read.error.issues) context.addIssue({ code: 'custom', message: issue.message })
    return z.NEVER
  })

export const text = (): z.ZodType<string, string> => z.string().transform((written) => written.trim())

export const requiredText = (): z.ZodType<string, string> =>
  z.string().trim().min(1, 'must not be empty; write a text or remove the line')

const yes = new Set(['on', 'yes', 'true', '1'])
const no = new Set(['off', 'no', 'false', 'none', '0', ''])

/** PHP's words for a switch. */
export const onOff = (): z.ZodType<boolean, string> =>
  z.string().transform((written, context) => {
    const word = written.trim().toLowerCase()
    if (yes.has(word)) return true
    if (no.has(word)) return false
    context.addIssue({ code: 'custom', message: 'is neither on nor off; write on or off' })
    return z.NEVER
  })

export const wholeNumber = (least: number, most: number): z.ZodType<number, string> =>
  z.string().transform((written, context) => {
    const number = /^\d{1,15}$/.test(written.trim()) ? Number(written) : Number.NaN
    if (number >= least && number <= most) return number
    context.addIssue({ code: 'custom', message: `is not a whole number from ${least} to ${most}; write digits only` })
    return z.NEVER
  })

const sizeUnits: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

/** "512 MB", "2 GiB": bytes. */
export const byteSize = (least: number): z.ZodType<number, string> =>
  z.string().transform((written, context) => {
    const [, digits, unit = ''] = /^\s*(\d{1,9}(?:\.\d{1,3})?)\s*([kmgt]?i?b)\s*$/i.exec(written) ?? []
    const factor = sizeUnits[unit.toLowerCase()]
    if (digits !== undefined && factor !== undefined && Number(digits) * factor >= least) {
      return Math.floor(Number(digits) * factor)
    }
    context.addIssue({
      code: 'custom',
      message: `is not a size of at least ${least / 1e6} MB; write e.g. 512 MB or 2 GB`,
    })
    return z.NEVER
  })

export const oneOf = <const W extends readonly [string, ...string[]]>(words: W): z.ZodType<W[number], string> =>
  z.string().transform((written, context) => {
    const found = words.find((word) => word === written.trim().toLowerCase())
    if (found !== undefined) return found
    context.addIssue({ code: 'custom', message: `is not known; write one of ${words.join(', ')}` })
    return z.NEVER
  })

export const timeZone = (): z.ZodType<string, string> =>
  z.string().trim().refine(isTimeZone, 'is not a time zone; write an IANA name such as UTC or America/New_York')

export function isTimeZone(name: string): boolean {
  // Node also takes offsets ("+02:00"), which have no daylight saving and are rarely what is meant.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** An http(s) address; read without the closing slash. */
export const webAddress = (): z.ZodType<string, string> =>
  z.string().transform((written, context) => {
    const url = URL.canParse(written.trim()) ? new URL(written.trim()) : null
    if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '' && url.hash === '') {
      return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
    }
    context.addIssue({ code: 'custom', message: 'is not a web address; write e.g. https://data.example.org/' })
    return z.NEVER
  })

/** Postgres may be reached through a socket: `postgres://user@/database?host=/run/postgresql` names no host. */
const withHost = (written: string): string => written.replace(/^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)(?=\/)/, '$1socket')

/** A URL of one of some schemes, kept as written. */
export const urlOf = (example: string, ...schemes: string[]): z.ZodType<string, string> =>
  z
    .string()
    .trim()
    .refine(
      (written) =>
        URL.canParse(withHost(written)) && schemes.includes(new URL(withHost(written)).protocol.replace(':', '')),
      `is not an address beginning with ${schemes.map((s) => `${s}://`).join(' or ')}; write e.g. ${example}`,
    )

/** Values between commas, blanks around them ignored. */
const list = <T>(read: (item: string) => T | null, remedy: string): z.ZodType<readonly T[], string> =>
  z.string().transform((written, context) => {
    const items = written
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
    return items.flatMap((item) => {
      const value = read(item)
      if (value === null) context.addIssue({ code: 'custom', message: `has "${item}" in it; ${remedy}` })
      return value === null ? [] : [value]
    })
  })

/** Origins as browsers send them: scheme, host and port, nothing after. */
export const origins = (): z.ZodType<readonly string[], string> =>
  list((item) => {
    if (!URL.canParse(item)) return null
    const url = new URL(item)
    return /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.username === ''
      ? url.origin
      : null
  }, 'write origins such as https://hub.example.org, with commas between them')

/** IP addresses and networks in CIDR notation. */
export const networks = (): z.ZodType<readonly string[], string> =>
  list((item) => {
    const [address = '', bits, ...more] = item.split('/')
    const family = isIP(address)
    const most = family === 6 ? 128 : 32
    const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
    return family !== 0 && fits && more.length === 0 ? item : null
  }, 'write addresses or networks such as 10.0.0.5 or 10.0.0.0/8, with commas between them')

export const mailAddress = (): z.ZodType<string, string> =>
  z
    .string()
    .trim()
    .regex(/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/, 'is not a mail address; write e.g. portal@example.org')

/** Domains of mail addresses. */
export const domains = (): z.ZodType<readonly string[], string> =>
  list((item) => {
    const domain = item.toLowerCase().replace(/^@/, '')
    return /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(domain) ? domain : null
  }, 'write domains such as example.org, with commas between them')
