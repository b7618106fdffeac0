/** What a dataset is cited by. */
export interface Citable {
  readonly title: string
  readonly authors: readonly string[]
  /** Of its publication; null for a draft. */
  readonly year: string | null
  readonly publisher: string
  /** `1.0`, `DRAFT`. */
  readonly version: string
  /** `doi:10.5072/FK2/J8SJZB`, `perma:tessera/J8SJZB`. */
  readonly pid: string
  /** Where the persistent id leads. */
  readonly address: string
  readonly keywords: readonly string[]
  readonly description: string
}

/** The citation in a form that programs for references read. */
export interface CitationFile {
  readonly name: string
  /** Of the file: `bib`. */
  readonly ending: string
  readonly type: string
  readonly text: string
}

export const citationFiles = (citable: Citable): CitationFile[] => [
  { name: 'BibTeX', ending: 'bib', type: 'application/x-bibtex', text: bibtex(citable) },
  { name: 'RIS', ending: 'ris', type: 'application/x-research-info-systems', text: ris(citable) },
  { name: 'CSL JSON', ending: 'json', type: 'application/vnd.citationstyles.csl+json', text: cslJson(citable) },
]

/** Name of files about the dataset: `perma-tessera-J8SJZB`. */
export const fileStem = (pid: string): string => pid.replace(/[^A-Za-z0-9.]+/g, '-')

const doiOf = (pid: string): string | null => (pid.startsWith('doi:') ? pid.slice(4) : null)

function bibtex({ title, authors, year, publisher, version, pid, address }: Citable): string {
  const doi = doiOf(pid)
  const fields: [string, string][] = [
    ['author', authors.map((name) => `{${inTex(name)}}`).join(' and ')],
    ['publisher', `{${inTex(publisher)}}`],
    ['title', `{{${inTex(title)}}}`],
    ...(year === null ? [] : ([['year', `{${year}}`]] as [string, string][])),
    ['version', `{${inTex(version)}}`],
    ...(doi === null ? [] : ([['doi', `{${doi}}`]] as [string, string][])),
    ['url', `{${address}}`],
  ]
  const lines = fields.map(([name, value]) => `  ${name} = ${name === 'author' ? `{${value}}` : value}`)
  return `@data{${fileStem(pid)}${year === null ? '' : `_${year}`},\n${lines.join(',\n')}\n}\n`
}

const texSigns: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
}

/** What means something to TeX is written out; line breaks are spaces. */
const inTex = (text: string): string => oneLine(text).replace(/[\\{}$&#%_~^]/g, (sign) => texSigns[sign] ?? `\\${sign}`)

function ris({ title, authors, year, publisher, version, pid, address, keywords, description }: Citable): string {
  const doi = doiOf(pid)
  const lines: [string, string][] = [
    ['TY', 'DATA'],
    ['TI', title],
    ...authors.map((name): [string, string] => ['AU', name]),
    ...(year === null ? [] : ([['PY', year]] as [string, string][])),
    ['PB', publisher],
    ['ET', version],
    ...(doi === null ? [] : ([['DO', doi]] as [string, string][])),
    ['UR', address],
    ...keywords.map((word): [string, string] => ['KW', word]),
    ...(description === '' ? [] : ([['AB', description]] as [string, string][])),
    ['ER', ''],
  ]
  // The format asks for two spaces and for these ends of lines.
  return lines.map(([tag, value]) => `${tag}  - ${oneLine(value)}\r\n`).join('')
}

function cslJson({ title, authors, year, publisher, version, pid, address, keywords, description }: Citable): string {
  const doi = doiOf(pid)
  return `${JSON.stringify(
    [
      {
        id: pid,
        type: 'dataset',
        title,
        author: authors.map(cslName),
        ...(year !== null && { issued: { 'date-parts': [[Number(year)]] } }),
        publisher,
        version,
        ...(doi !== null && { DOI: doi }),
        URL: address,
        ...(keywords.length > 0 && { keyword: keywords.join(', ') }),
        ...(description !== '' && { abstract: description }),
      },
    ],
    null,
    2,
  )}\n`
}

/** `Marsh, Sandra` is a person; what has no comma may be anything, and stays whole. */
function cslName(name: string): Record<string, string> {
  const [family, given, ...more] = name.split(',').map((part) => part.trim())
  return family && given && more.length === 0 ? { family, given } : { literal: name }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()
