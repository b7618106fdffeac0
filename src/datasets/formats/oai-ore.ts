import type { CompoundValue, FieldValue } from '../blocks/block.ts'
import { type Described, title } from './described.ts'
import { given } from './schema-org.ts'

/**
 * The dataset as an aggregation of its files (OAI-ORE in JSON-LD), in the form that Dataverse's archives use: fields of the
 * blocks under addresses of their own, so that nothing but
 * e-mail addresses is lost.
 */
export function oaiOre(described: Described): Record<string, unknown> {
  const { siteAddress, pidUrl } = described
  const vocabulary = (block: string): string => `${siteAddress}/schema/${block}#`
  const terms = Object.entries(described.metadata).flatMap(([block, fields]) =>
    Object.entries(fields).map(([name, value]): [string, unknown] => [`${block}:${name}`, termsOf(block, value)]),
  )
  return {
    'dcterms:modified': described.updatedAt.toISOString(),
    'dcterms:creator': described.publisher,
    '@type': 'ore:ResourceMap',
    '@id': `${siteAddress}/api/datasets/export?exporter=OAI_ORE&persistentId=${encodeURIComponent(described.pid)}`,
    'ore:describes': given({
      ...Object.fromEntries(terms),
      '@id': pidUrl,
      '@type': ['ore:Aggregation', 'schema:Dataset'],
      'schema:name': title(described),
      'schema:version': described.version,
      'schema:datePublished': described.publishedAt?.toISOString().slice(0, 10),
      'schema:dateModified': described.updatedAt.toISOString(),
      'schema:license': described.license?.uri,
      'dvcore:termsOfUse': described.terms.terms_of_use,
      'schema:isPartOf': described.collections.map(({ alias, name }) => ({
        'schema:name': name,
        '@id': `${siteAddress}/collections/${encodeURIComponent(alias)}`,
      })),
      'schema:includedInDataCatalog': described.publisher,
      'ore:aggregates': described.files.map((file) =>
        given({
          '@id': file.address,
          '@type': 'ore:AggregatedResource',
          'schema:name': file.name,
          'schema:description': file.description || undefined,
          'dvcore:directoryLabel': file.directory || undefined,
          'schema:fileFormat': file.mediaType,
          'dvcore:filesize': file.bytes,
          'dvcore:restricted': file.closed,
          'dvcore:categories': file.categories.length === 0 ? undefined : file.categories,
          'dvcore:checksum': { '@type': 'MD5', '@value': file.md5 },
        }),
      ),
      'schema:hasPart': described.files.map(({ address }) => address),
    }),
    '@context': {
      dcterms: 'http://purl.org/dc/terms/',
      ore: 'http://www.openarchives.org/ore/terms/',
      schema: 'http://schema.org/',
      dvcore: 'https://dataverse.org/schema/core#',
      MD5: 'https://dataverse.org/schema/core#MD5',
      ...Object.fromEntries(Object.keys(described.metadata).map((block) => [block, vocabulary(block)])),
    },
  }
}

export const oaiOreJson = (described: Described): string => `${JSON.stringify(oaiOre(described), null, 2)}\n`

function termsOf(block: string, value: FieldValue): unknown {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map((one: string | CompoundValue) => termsOf(block, one))
  return Object.fromEntries(
    Object.entries(value as CompoundValue)
      // Addresses of contacts are for whoever asks the repository.
      .filter(([name]) => !name.endsWith('Email'))
      .map(([name, child]) => [`${block}:${name}`, child]),
  )
}
