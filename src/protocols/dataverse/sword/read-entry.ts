import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { refused } from '../problems.ts'

/** What an Atom entry with Dublin Core terms says of a dataset, in the order in which it stands there. */
export interface Entry {
  readonly titles: readonly string[]
  readonly creators: readonly { readonly name: string; readonly affiliation: string | null }[]
  readonly descriptions: readonly string[]
  readonly subjects: readonly string[]
  readonly contributors: readonly { readonly name: string; readonly type: string | null }[]
  readonly publishers: readonly string[]
  readonly dates: readonly string[]
  readonly kinds: readonly string[]
  readonly sources: readonly string[]
  readonly relations: readonly string[]
  readonly coverages: readonly string[]
  readonly references: readonly string[]
  readonly rights: string | null
  readonly license: string | null
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  alwaysCreateTextNode: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  isArray: (_name, path) => String(path).split('.').length === 2,
})

/** Reads an entry. What could name a file or an address of its own (a document type, entities) is refused unread. */
export function readEntry(text: string): Entry {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw refused(400, 'A document type is not allowed in a deposit.')
  const valid = XMLValidator.validate(text)
  if (valid !== true) throw refused(400, `The entry is not well-formed XML: ${valid.err.msg} (line ${valid.err.line})`)
  const { entry } = parsed(text)
  if (typeof entry !== 'object' || entry === null) throw refused(400, 'The body is not an Atom entry.')
  const elements = (name: string): Element[] => {
    const all = (entry as Record<string, unknown>)[name]
    return Array.isArray(all) ? all.map(elementOf).filter(({ text }) => text !== '') : []
  }
  const texts = (name: string) => elements(name).map(({ text }) => text)
  return {
    titles: texts('title'),
    creators: elements('creator').map(({ text, attribute }) => ({ name: text, affiliation: attribute('affiliation') })),
    descriptions: [...texts('description'), ...texts('abstract')],
    subjects: texts('subject'),
    contributors: elements('contributor').map(({ text, attribute }) => ({ name: text, type: attribute('type') })),
    publishers: texts('publisher'),
    dates: texts('date'),
    kinds: texts('type'),
    sources: texts('source'),
    relations: texts('relation'),
    coverages: [...texts('coverage'), ...texts('spatial')],
    references: texts('isReferencedBy'),
    rights: texts('rights')[0] ?? null,
    license: texts('license')[0] ?? null,
  }
}

function parsed(text: string): { entry?: unknown } {
  try {
    const { entry } = parser.parse(text) as { entry?: unknown }
    return { entry: Array.isArray(entry) ? entry[0] : entry }
  } catch {
    throw refused(400, 'The entry is not well-formed XML.')
  }
}

interface Element {
  readonly text: string
  attribute(name: string): string | null
}

function elementOf(value: unknown): Element {
  const fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { '#text': value }
  const read = (name: string): string => {
    const found = Object.hasOwn(fields, name) ? fields[name] : undefined
    return typeof found === 'string' ? decode(found).trim() : ''
  }
  return { text: read('#text'), attribute: (name) => read(`@${name}`) || null }
}

/** The five entities of XML and numbers of characters; nothing else is one here. */
const decode = (text: string): string =>
  text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[String(name).toLowerCase()] ?? whole
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
