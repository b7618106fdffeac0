import type { CompoundValue, Metadata } from './blocks/block.ts'
import type { DatasetView } from './dataset-view.ts'

export interface Citation {
  readonly text: string
  readonly html: string
}

export interface Cited {
  readonly authors: readonly string[]
  readonly year: number
  readonly title: string
  /** Where the persistent id leads. */
  readonly url: string
  readonly publisher: string
  /** `V1`, `V1.2`, `DRAFT VERSION`, `V1, DEACCESSIONED VERSION`. */
  readonly edition: string
}

/** `Ames, Alice, 2026, "Tide pools", https://doi.org/10.5072/FK2/J8SJZB, Tessera, V1` */
export function cite({ authors, year, title, url, publisher, edition }: Cited): Citation {
  const line = (link: string, say: (text: string) => string) =>
    [
      ...(authors.length > 0 ? [say(authors.join('; '))] : []),
      year,
      `"${say(title)}"`,
      link,
      say(publisher),
      edition,
    ].join(', ')
  const href = escapeHtml(url)
  return {
    text: line(url, (text) => text),
    html: line(`<a href="${href}" target="_blank">${href}</a>`, escapeHtml),
  }
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => escapes[char]!)

/** Values of a compound that may be given several times. */
export function compoundsOf(metadata: Metadata, block: string, field: string): readonly CompoundValue[] {
  const value = metadata[block]?.[field]
  return Array.isArray(value) ? (value as readonly CompoundValue[]) : []
}

/** The value of a child; empty where there is none. */
export const childOf = (value: CompoundValue, name: string): string => {
  const own = value[name]
  return typeof own === 'string' ? own : ''
}

export const authorsOf = (metadata: Metadata): string[] =>
  compoundsOf(metadata, 'citation', 'author').flatMap((author) => childOf(author, 'authorName') || [])

/** As much of a dataset as a citation needs. */
export interface Citable {
  readonly dataset: Pick<DatasetView['dataset'], 'published_at' | 'url'>
  readonly version: Pick<DatasetView['version'], 'major' | 'minor' | 'state' | 'title' | 'metadata' | 'updated_at'>
}

/** What is cited of a version that was never published: the year in which it was last changed. */
export function citedOf({ dataset, version }: Citable, publisher: string): Cited {
  const { major, minor, state, title, metadata } = version
  const number = minor === 0 ? `V${major}` : `V${major}.${minor}`
  const edition = { draft: 'DRAFT VERSION', released: number, deaccessioned: `${number}, DEACCESSIONED VERSION` }[state]
  return {
    authors: authorsOf(metadata),
    year: (dataset.published_at ?? version.updated_at).getUTCFullYear(),
    title,
    url: dataset.url,
    publisher,
    edition,
  }
}

// — For programs that keep references

/** What `keyword` a reference goes by. */
const keyOf = ({ authors, year }: Cited, pid: string): string => {
  const [family = 'dataset'] = (authors[0] ?? 'dataset').split(',')
  const end = pid.split(/[/:]/).at(-1) ?? ''
  return `${`${family}_${end}`.normalize('NFKD').replaceAll(/[^A-Za-z0-9_]/g, '')}_${year}`
}

/** TeX's own characters, as text. */
const tex = (text: string): string =>
  text
    .replaceAll(/[\\{}$&#^_%~]/g, (char) =>
      char === '\\'
        ? '\\textbackslash{}'
        : char === '^'
          ? '\\textasciicircum{}'
          : char === '~'
            ? '\\textasciitilde{}'
            : `\\${char}`,
    )
    .replaceAll(/\s+/g, ' ')

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()
const doiOf = (pid: string): string | null => (pid.startsWith('doi:') ? pid.slice(4) : null)
/** Whoever has no comma is an organization, and its name is one word. */
const bibAuthor = (name: string): string => (name.includes(',') ? tex(name) : `{${tex(name)}}`)

export function bibtexOf(cited: Cited, pid: string): string {
  const doi = doiOf(pid)
  const fields: [string, string][] = [
    ...(cited.authors.length > 0 ? [['author', cited.authors.map(bibAuthor).join(' and ')] as [string, string]] : []),
    ['publisher', tex(cited.publisher)],
    ['title', `{${tex(cited.title)}}`],
    ['year', String(cited.year)],
    ['version', tex(cited.edition)],
    ...(doi === null ? [] : [['doi', doi] as [string, string]]),
    ['url', cited.url],
  ]
  return `@data{${keyOf(cited, pid)},\n${fields.map(([name, value]) => `  ${name} = {${value}}`).join(',\n')}\n}\n`
}

export function risOf(cited: Cited, pid: string, abstract = ''): string {
  const doi = doiOf(pid)
  const lines: [string, string][] = [
    ['TY', 'DATA'],
    ['T1', cited.title],
    ...cited.authors.map((author): [string, string] => ['AU', author]),
    ...(doi === null ? [] : [['DO', `doi:${doi}`] as [string, string]]),
    ['ET', cited.edition],
    ['PY', String(cited.year)],
    ['UR', cited.url],
    ['PB', cited.publisher],
    ...(abstract === '' ? [] : [['AB', abstract] as [string, string]]),
    ['ER', ''],
  ]
  return lines
    .map(([tag, value]) => `${tag}  - ${oneLine(value)}`)
    .join('\r\n')
    .concat('\r\n')
}

export function endnoteOf(cited: Cited, pid: string, abstract = ''): string {
  const xml = (text: string) => escapeHtml(oneLine(text)).replaceAll('&#39;', '&apos;')
  const authors = cited.authors.map((author) => `<author>${xml(author)}</author>`).join('')
  return (
    `<?xml version="1.0" encoding="UTF-8"?><xml><records><record><ref-type name="Dataset">59</ref-type>` +
    `<contributors><authors>${authors}</authors></contributors><titles><title>${xml(cited.title)}</title></titles>` +
    `<section>${xml(pid)}</section>${abstract === '' ? '' : `<abstract>${xml(abstract)}</abstract>`}<dates><year>${cited.year}</year></dates>` +
    `<edition>${xml(cited.edition)}</edition><publisher>${xml(cited.publisher)}</publisher>` +
    `<urls><related-urls><url>${xml(cited.url)}</url></related-urls></urls>` +
    `${doiOf(pid) === null ? '' : `<electronic-resource-num>${xml(pid)}</electronic-resource-num>`}</record></records></xml>`
  )
}

/** One item of CSL-JSON. */
export function cslOf(cited: Cited, pid: string): Record<string, unknown> {
  const doi = doiOf(pid)
  return {
    id: pid,
    type: 'dataset',
    title: cited.title,
    author: cited.authors.map((name) => {
      const [family, ...given] = name.split(',')
      return given.length === 0 ? { literal: name } : { family: family?.trim(), given: given.join(',').trim() }
    }),
    issued: { 'date-parts': [[cited.year]] },
    publisher: cited.publisher,
    version: cited.edition,
    ...(doi !== null && { DOI: doi }),
    URL: cited.url,
  }
}
