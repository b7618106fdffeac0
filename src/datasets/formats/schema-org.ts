import { geoLocations } from './datacite.ts'
import {
  abstract,
  type Child,
  type Described,
  dateIn,
  dayOf,
  fieldsOf,
  identifierOf,
  keywords,
  nameParts,
  pathOf,
  title,
  webAddress,
} from './described.ts'

/** What search engines read in a dataset's page (https://schema.org/Dataset). At most so many files are listed there. */
const mostFiles = 500

export function schemaOrg(described: Described): Record<string, unknown> {
  const fields = fieldsOf(described)
  const creators = fields.compounds('author').flatMap(author)
  const publisher = { '@type': 'Organization', name: described.publisher, url: described.siteAddress }
  const collection = described.collections.at(-1)
  return given({
    '@context': 'https://schema.org',
    '@type': 'Dataset',
    '@id': described.pidUrl,
    identifier: described.pidUrl,
    url: described.landingPage,
    name: title(described),
    alternateName: many(fields.texts('alternativeTitle')),
    description: describedFor(described),
    creator: creators,
    // Older readers know this word only.
    author: creators,
    keywords: [...fields.texts('subject'), ...keywords(described)],
    license: described.license?.uri ?? (described.terms.terms_of_use || undefined),
    isAccessibleForFree: true,
    version: described.version,
    dateCreated: dateIn(fields.text('productionDate')) ?? undefined,
    datePublished: described.publishedAt ? dayOf(described.publishedAt) : undefined,
    dateModified: dayOf(described.updatedAt),
    temporalCoverage: many(fields.compounds('timePeriodCovered').flatMap(period)),
    spatialCoverage: many(geoLocations(described).map(place)),
    citation: many(fields.compounds('publication').flatMap(publication)),
    funder: many(
      fields.compounds('grantNumber').flatMap((child) => {
        const name = child('grantNumberAgency')
        return name === null ? [] : [{ '@type': 'Organization', name }]
      }),
    ),
    publisher,
    provider: publisher,
    includedInDataCatalog: given({
      '@type': 'DataCatalog',
      name: collection?.name ?? described.publisher,
      url: described.siteAddress,
    }),
    distribution: many(
      described.files.slice(0, mostFiles).map((file) =>
        given({
          '@type': 'DataDownload',
          name: pathOf(file),
          encodingFormat: file.mediaType,
          contentSize: String(file.bytes),
          description: file.description || undefined,
          sha256: file.sha256,
          contentUrl: file.closed ? undefined : file.address,
        }),
      ),
    ),
  })
}

export const schemaOrgJson = (described: Described): string => `${JSON.stringify(schemaOrg(described), null, 2)}\n`

export function author(child: Child): Record<string, unknown>[] {
  const name = child('authorName')
  if (name === null) return []
  const id = identifierOf(child('authorIdentifierScheme'), child('authorIdentifier'))
  const affiliation = child('authorAffiliation')
  const parts = nameParts(name)
  const sameAs = webAddress(id?.id ?? null)
  return [
    given({
      '@type': id?.scheme !== 'ROR' && (parts || id?.scheme === 'ORCID') ? 'Person' : 'Organization',
      '@id': sameAs ?? undefined,
      identifier: sameAs ?? undefined,
      sameAs: sameAs ?? undefined,
      name,
      givenName: parts?.given,
      familyName: parts?.family,
      affiliation: affiliation === null ? undefined : { '@type': 'Organization', name: affiliation },
    }),
  ]
}

/** Search engines want 50 to 5000 characters. */
function describedFor(described: Described): string {
  const text = abstract(described) || title(described)
  const long = text.length >= 50 ? text : `${text} (Published in ${described.publisher} as ${described.pid}.)`
  return long.length <= 5000 ? long : `${long.slice(0, 4999)}…`
}

function period(child: Child): string[] {
  const [start, end] = [dateIn(child('timePeriodCoveredStart')), dateIn(child('timePeriodCoveredEnd'))]
  if (start === null && end === null) return []
  return [`${start ?? '..'}/${end ?? '..'}`]
}

function place({ geoLocationPlace: name, geoLocationBox: box }: ReturnType<typeof geoLocations>[number]) {
  return given({
    '@type': 'Place',
    name,
    geo: box && {
      '@type': 'GeoShape',
      box: `${box.southBoundLatitude} ${box.westBoundLongitude} ${box.northBoundLatitude} ${box.eastBoundLongitude}`,
    },
  })
}

function publication(child: Child) {
  const text = child('publicationCitation')
  const address = webAddress(child('publicationURL'))
  if (text === null && address === null) return []
  return [
    given({
      '@type': 'CreativeWork',
      name: text ?? address,
      '@id': address ?? undefined,
      identifier: address ?? undefined,
    }),
  ]
}

const many = <T>(items: readonly T[]): readonly T[] | undefined => (items.length === 0 ? undefined : items)

/** Without members that have no value. */
export const given = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null))
