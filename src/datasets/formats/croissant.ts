import {
  abstract,
  type Described,
  type DescribedColumn,
  type DescribedFile,
  dayOf,
  fieldsOf,
  keywords,
  pathOf,
  title,
} from './described.ts'
import { author, given } from './schema-org.ts'

/**
 * What machine-learning tools load a dataset by (Croissant 1.0): every file that anybody may have, and the columns of
 * tables. `slim` leaves out the columns.
 */
export function croissant(described: Described, { slim = false } = {}): Record<string, unknown> {
  const files = described.files.filter(({ closed }) => !closed)
  const tables = slim ? [] : files.filter(({ columns }) => columns !== null)
  const collected = fieldsOf(described).text('characteristicOfSources')
  return given({
    '@context': context,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: title(described),
    alternateName: described.pid,
    url: described.landingPage,
    description: abstract(described) || title(described),
    creator: fieldsOf(described).compounds('author').flatMap(author),
    keywords: [...fieldsOf(described).texts('subject'), ...keywords(described)],
    license: described.license?.uri ?? described.terms.terms_of_use,
    datePublished: dayOf(described.publishedAt ?? described.updatedAt),
    dateModified: dayOf(described.updatedAt),
    publisher: { '@type': 'sc:Organization', name: described.publisher, url: described.siteAddress },
    // Croissant counts versions in three parts.
    version: described.version === 'DRAFT' ? '0.0.0' : `${described.version}.0`,
    citeAs: described.citation,
    sdDatePublished: dayOf(described.updatedAt),
    'rai:dataCollection': collected ?? undefined,
    distribution: files.map((file) => fileObject(file)),
    recordSet: tables.length === 0 ? undefined : tables.map(recordSet),
  })
}

export const croissantJson = (described: Described): string => `${JSON.stringify(croissant(described), null, 2)}\n`
export const croissantSlimJson = (described: Described): string =>
  `${JSON.stringify(croissant(described, { slim: true }), null, 2)}\n`

const fileObject = (file: DescribedFile) =>
  given({
    '@type': 'cr:FileObject',
    '@id': pathOf(file),
    name: pathOf(file),
    description: file.description || undefined,
    contentUrl: file.address,
    contentSize: `${file.bytes} B`,
    encodingFormat: file.mediaType,
    sha256: file.sha256,
    md5: file.md5,
  })

const recordSet = (file: DescribedFile) => {
  const id = `${pathOf(file)}#rows`
  return {
    '@type': 'cr:RecordSet',
    '@id': id,
    name: `Rows of ${pathOf(file)}`,
    field: (file.columns ?? []).map((column) =>
      given({
        '@type': 'cr:Field',
        '@id': `${id}/${column.name}`,
        name: column.name,
        description: column.label ?? undefined,
        dataType: dataTypes[column.type],
        source: { fileObject: { '@id': pathOf(file) }, extract: { column: column.name } },
      }),
    ),
  }
}

const dataTypes: Record<DescribedColumn['type'], string> = {
  text: 'sc:Text',
  integer: 'sc:Integer',
  number: 'sc:Float',
  boolean: 'sc:Boolean',
  date: 'sc:Date',
  time: 'sc:Time',
  timestamp: 'sc:DateTime',
}

/** As the specification gives it (https://docs.mlcommons.org/croissant/docs/croissant-spec.html); readers compare it. */
const context = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  cr: 'http://mlcommons.org/croissant/',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  equivalentProperty: 'cr:equivalentProperty',
  samplingRate: 'cr:samplingRate',
  dct: 'http://purl.org/dc/terms/',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  extract: 'cr:extract',
  field: 'cr:field',
  fileObject: 'cr:fileObject',
  fileProperty: 'cr:fileProperty',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  path: 'cr:path',
  rai: 'http://mlcommons.org/croissant/RAI/',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  repeated: 'cr:repeated',
  replace: 'cr:replace',
  sc: 'https://schema.org/',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
}
