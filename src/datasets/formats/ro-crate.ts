import { abstract, type Described, dayOf, fieldsOf, keywords, pathOf, title } from './described.ts'
import { author, given } from './schema-org.ts'

/** `ro-crate-metadata.json` of the dataset (RO-Crate 1.1): one flat graph; files that are on the web stand under their address. */
export function roCrate(described: Described): Record<string, unknown> {
  const creators = fieldsOf(described)
    .compounds('author')
    .flatMap(author)
    .map((one, at) => ({ '@id': `#creator-${at + 1}`, ...one }))
  const affiliations = new Map<string, Record<string, unknown>>()
  const people = creators.map(({ affiliation, ...person }: Record<string, unknown>) => {
    const name = (affiliation as { name?: string } | undefined)?.name
    if (name === undefined) return person
    const id = `#organization-${[...affiliations.keys()].includes(name) ? [...affiliations.keys()].indexOf(name) + 1 : affiliations.size + 1}`
    affiliations.set(name, { '@id': id, '@type': 'Organization', name })
    return { ...person, affiliation: { '@id': id } }
  })
  const publisher = {
    '@id': described.siteAddress,
    '@type': 'Organization',
    name: described.publisher,
    url: described.siteAddress,
  }
  const files = described.files.map((file) =>
    given({
      '@id': file.address,
      '@type': 'File',
      name: pathOf(file),
      description: file.description || undefined,
      encodingFormat: file.mediaType,
      contentSize: String(file.bytes),
      sha256: file.sha256,
      sdDatePublished: dayOf(described.updatedAt),
    }),
  )
  const license = described.license
    ? {
        '@id': described.license.uri,
        '@type': 'CreativeWork',
        name: described.license.name,
        description: described.license.spdxId ? `SPDX: ${described.license.spdxId}` : described.license.name,
      }
    : {
        '@id': '#terms',
        '@type': 'CreativeWork',
        name: 'Terms of use',
        description: described.terms.terms_of_use ?? 'None given',
      }
  return {
    '@context': 'https://w3id.org/ro/crate/1.1/context',
    '@graph': [
      {
        '@id': 'ro-crate-metadata.json',
        '@type': 'CreativeWork',
        about: { '@id': './' },
        conformsTo: { '@id': 'https://w3id.org/ro/crate/1.1' },
      },
      given({
        '@id': './',
        '@type': 'Dataset',
        identifier: described.pidUrl,
        url: described.landingPage,
        name: title(described),
        description: abstract(described) || title(described),
        datePublished: (described.publishedAt ?? described.updatedAt).toISOString(),
        dateModified: described.updatedAt.toISOString(),
        version: described.version,
        keywords: [...fieldsOf(described).texts('subject'), ...keywords(described)].join(', ') || undefined,
        license: { '@id': license['@id'] },
        author: people.map((one) => ({ '@id': one['@id'] })),
        publisher: { '@id': publisher['@id'] },
        hasPart: files.map((file) => ({ '@id': file['@id'] })),
      }),
      ...people,
      ...affiliations.values(),
      publisher,
      license,
      ...files,
    ],
  }
}

export const roCrateJson = (described: Described): string => `${JSON.stringify(roCrate(described), null, 2)}\n`
