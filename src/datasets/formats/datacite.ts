import { element, type Xml, xmlDocument } from '#src/http/xml.ts'
import { contributorTypes } from '../blocks/citation.ts'
import {
  type Child,
  type Described,
  dateIn,
  dayOf,
  fieldsOf,
  identifierOf,
  nameParts,
  title,
  webAddress,
} from './described.ts'

/** DataCite's Metadata Schema 4.5, in its JSON form (https://schema.datacite.org/meta/kernel-4.5/). */
export interface DataCite {
  readonly doi?: string
  readonly url: string
  readonly types: { readonly resourceType: string; readonly resourceTypeGeneral: 'Dataset' }
  readonly creators: readonly Agent[]
  readonly titles: readonly { title: string; titleType?: string }[]
  readonly publisher: { name: string }
  readonly publicationYear: string
  readonly subjects: readonly { subject: string; subjectScheme?: string; schemeUri?: string; valueUri?: string }[]
  readonly contributors: readonly (Agent & { contributorType: string })[]
  readonly dates: readonly { date: string; dateType: string; dateInformation?: string }[]
  readonly language?: string
  readonly alternateIdentifiers: readonly { alternateIdentifier: string; alternateIdentifierType: string }[]
  readonly relatedIdentifiers: readonly {
    relatedIdentifier: string
    relatedIdentifierType: string
    relationType: string
  }[]
  readonly sizes: readonly string[]
  readonly formats: readonly string[]
  readonly version: string
  readonly rightsList: readonly {
    rights: string
    rightsUri?: string
    rightsIdentifier?: string
    rightsIdentifierScheme?: string
    schemeUri?: string
  }[]
  readonly descriptions: readonly { description: string; descriptionType: string }[]
  readonly geoLocations: readonly { geoLocationPlace?: string; geoLocationBox?: Box }[]
  readonly fundingReferences: readonly { funderName: string; awardNumber?: string }[]
  readonly schemaVersion: 'http://datacite.org/schema/kernel-4'
}

interface Agent {
  readonly name: string
  readonly nameType?: 'Personal' | 'Organizational'
  readonly givenName?: string
  readonly familyName?: string
  readonly affiliation?: readonly { name: string }[]
  readonly nameIdentifiers?: readonly { nameIdentifier: string; nameIdentifierScheme: string; schemeUri?: string }[]
}

interface Box {
  readonly westBoundLongitude: number
  readonly eastBoundLongitude: number
  readonly southBoundLatitude: number
  readonly northBoundLatitude: number
}

/** What is registered with a DOI as well. */
export function dataCite(described: Described): DataCite {
  const fields = fieldsOf(described)
  const contributors = contributorsOf(described)
  const published = described.releasedAt ?? described.updatedAt
  return {
    ...(described.pid.startsWith('doi:') && { doi: described.pid.slice(4) }),
    url: described.landingPage,
    types: { resourceType: fields.texts('kindOfData').join('; ') || 'Dataset', resourceTypeGeneral: 'Dataset' },
    creators: fields
      .compounds('author')
      .flatMap((child) => agent(child('authorName'), child('authorAffiliation'), identifier(child)) ?? []),
    titles: [
      { title: title(described) },
      ...fields.texts('subtitle').map((text) => ({ title: text, titleType: 'Subtitle' })),
      ...fields.texts('alternativeTitle').map((text) => ({ title: text, titleType: 'AlternativeTitle' })),
    ],
    publisher: { name: described.publisher },
    publicationYear: String((described.publishedAt ?? published).getUTCFullYear()),
    subjects: distinct([
      ...fields.texts('subject').map((subject) => ({ subject })),
      ...fields
        .compounds('keyword')
        .flatMap((child) =>
          subject(child, 'keywordValue', 'keywordVocabulary', 'keywordVocabularyURI', 'keywordTermURI'),
        ),
      ...fields
        .compounds('topicClassification')
        .flatMap((child) => subject(child, 'topicClassValue', 'topicClassVocab', 'topicClassVocabURI')),
    ]),
    contributors,
    dates: datesOf(described),
    ...languageOf(fields.texts('language')),
    alternateIdentifiers: [
      ...(described.pid.startsWith('doi:')
        ? []
        : [{ alternateIdentifier: described.pid, alternateIdentifierType: 'Permalink' }]),
      ...fields.compounds('otherId').flatMap((child) => {
        const id = child('otherIdValue')
        return id === null
          ? []
          : [{ alternateIdentifier: id, alternateIdentifierType: child('otherIdAgency') ?? 'Other' }]
      }),
    ],
    relatedIdentifiers: distinct(fields.compounds('publication').flatMap(related)),
    sizes: distinct(described.files.map(({ bytes }) => `${bytes} bytes`)),
    formats: distinct(described.files.map(({ mediaType }) => mediaType)),
    version: described.version,
    rightsList: rightsOf(described),
    descriptions: distinct([
      ...textsOf(fields.compounds('dsDescription'), 'dsDescriptionValue', 'Abstract'),
      ...fields.texts('notesText').map((description) => ({ description, descriptionType: 'Other' })),
      ...textsOf(fields.compounds('series'), 'seriesInformation', 'SeriesInformation'),
      ...fields.texts('characteristicOfSources').map((description) => ({ description, descriptionType: 'Methods' })),
    ]),
    geoLocations: geoLocations(described),
    fundingReferences: distinct([
      ...fields.compounds('grantNumber').flatMap((child) => {
        const awardNumber = child('grantNumberValue')
        const funderName = child('grantNumberAgency')
        return funderName === null ? [] : [{ funderName, ...(awardNumber !== null && { awardNumber }) }]
      }),
      ...fields.compounds('contributor').flatMap((child) => {
        const funderName = child('contributorType') === 'Funder' ? child('contributorName') : null
        return funderName === null ? [] : [{ funderName }]
      }),
    ]),
    schemaVersion: 'http://datacite.org/schema/kernel-4',
  }
}

const identifier = (child: Child) => identifierOf(child('authorIdentifierScheme'), child('authorIdentifier'))

function agent(
  name: string | null,
  affiliation: string | null = null,
  id: ReturnType<typeof identifierOf> = null,
): Agent | null {
  if (name === null) return null
  const parts = nameParts(name)
  return {
    name,
    ...(parts && { nameType: 'Personal', givenName: parts.given, familyName: parts.family }),
    ...(id?.scheme === 'ROR' && { nameType: 'Organizational' }),
    ...(affiliation !== null && { affiliation: [{ name: affiliation }] }),
    ...(id && {
      nameIdentifiers: [
        {
          nameIdentifier: id.id,
          nameIdentifierScheme: id.scheme,
          ...(id.schemeUri !== null && { schemeUri: id.schemeUri }),
        },
      ],
    }),
  }
}

/** DataCite's list knows most kinds of contributors under the same words, written as one. */
function contributorsOf(described: Described): (Agent & { contributorType: string })[] {
  const fields = fieldsOf(described)
  const of = (name: string, child: string, contributorType: string, affiliation?: string) =>
    fields.compounds(name).flatMap((get) => {
      const found = agent(get(child), affiliation ? get(affiliation) : null)
      return found ? [{ ...found, contributorType }] : []
    })
  return distinct([
    // Names only: addresses of contacts are for whoever asks the repository.
    ...of('datasetContact', 'datasetContactName', 'ContactPerson', 'datasetContactAffiliation'),
    ...of('producer', 'producerName', 'Producer', 'producerAffiliation'),
    ...of('distributor', 'distributorName', 'Distributor', 'distributorAffiliation'),
    ...fields.compounds('contributor').flatMap((get) => {
      const found = agent(get('contributorName'))
      const type = (get('contributorType') ?? 'Other').replaceAll(' ', '')
      if (!found || type === 'Funder') return []
      return [{ ...found, contributorType: dataCiteTypes.has(type) ? type : 'Other' }]
    }),
  ])
}

/** DataCite knows all types of the citation block but funders, whom it has in a place of their own. */
const dataCiteTypes = new Set(contributorTypes.map((type) => type.replaceAll(' ', '')))

function subject(child: Child, value: string, scheme: string, schemeUri: string, valueUri?: string) {
  const text = child(value)
  if (text === null) return []
  const vocabulary = child(scheme)
  const vocabularyUri = webAddress(child(schemeUri))
  const termUri = valueUri === undefined ? null : webAddress(child(valueUri))
  return [
    {
      subject: text,
      ...(vocabulary !== null && { subjectScheme: vocabulary }),
      ...(vocabularyUri !== null && { schemeUri: vocabularyUri }),
      ...(termUri !== null && { valueUri: termUri }),
    },
  ]
}

function datesOf(described: Described) {
  const fields = fieldsOf(described)
  const one = (date: string | null, dateType: string, dateInformation?: string) =>
    date === null ? [] : [{ date, dateType, ...(dateInformation && { dateInformation }) }]
  return distinct([
    ...(described.publishedAt ? one(dayOf(described.publishedAt), 'Issued') : []),
    ...(described.releasedAt ? one(dayOf(described.releasedAt), 'Available') : []),
    ...one(dayOf(described.updatedAt), 'Updated'),
    ...one(dateIn(fields.text('dateOfDeposit')) ?? dayOf(described.createdAt), 'Submitted'),
    ...one(dateIn(fields.text('productionDate')), 'Created'),
    ...one(dateIn(fields.text('distributionDate')), 'Other', 'Distribution date'),
    ...fields.compounds('dateOfCollection').flatMap((child) => one(range(child, 'dateOfCollection'), 'Collected')),
    ...fields
      .compounds('timePeriodCovered')
      .flatMap((child) => one(range(child, 'timePeriodCovered'), 'Other', 'Time period covered by the data')),
  ])
}

function range(child: Child, name: string): string | null {
  const [start, end] = [dateIn(child(`${name}Start`)), dateIn(child(`${name}End`))]
  // A range has the same precision at both ends.
  if (start !== null && end !== null && start.length === end.length) return `${start}/${end}`
  return start ?? end
}

/** The first language by its code, where it is one that has many speakers; the field holds English names. */
function languageOf(names: readonly string[]): { language?: string } {
  const display = new Intl.DisplayNames(['en'], { type: 'language' })
  const code = names.length === 0 ? undefined : codes.find((one) => names.includes(display.of(one) ?? ''))
  return code === undefined ? {} : { language: code }
}

const codes =
  'ar bg bn ca cs cy da de el en es et eu fa fi fr ga gl he hi hr hu hy id is it ja ka kk ko la lt lv mk ms mt nl no pl pt ro ru sk sl sq sr sv sw ta te th tr uk ur vi zh'.split(
    ' ',
  )

function related(child: Child) {
  const relationType = child('publicationRelationType') ?? 'IsSupplementTo'
  const type = relatedTypes[(child('publicationIDType') ?? '').toLowerCase()]
  const id = child('publicationIDNumber')
  const address = webAddress(child('publicationURL'))
  if (id !== null && type !== undefined) return [{ relatedIdentifier: id, relatedIdentifierType: type, relationType }]
  return address === null ? [] : [{ relatedIdentifier: address, relatedIdentifierType: 'URL', relationType }]
}

const relatedTypes: Record<string, string> = {
  ark: 'ARK',
  arxiv: 'arXiv',
  bibcode: 'bibcode',
  doi: 'DOI',
  ean13: 'EAN13',
  eissn: 'EISSN',
  handle: 'Handle',
  isbn: 'ISBN',
  issn: 'ISSN',
  istc: 'ISTC',
  lissn: 'LISSN',
  lsid: 'LSID',
  pmid: 'PMID',
  purl: 'PURL',
  upc: 'UPC',
  url: 'URL',
  urn: 'URN',
}

function rightsOf({ license, terms, files }: Described) {
  const access = files.some(({ closed }) => closed)
    ? { rights: 'Restricted Access', rightsUri: 'info:eu-repo/semantics/restrictedAccess' }
    : { rights: 'Open Access', rightsUri: 'info:eu-repo/semantics/openAccess' }
  if (license)
    return [
      access,
      {
        rights: license.name,
        rightsUri: license.uri,
        ...(license.spdxId !== null && {
          rightsIdentifier: license.spdxId,
          rightsIdentifierScheme: 'SPDX',
          schemeUri: 'https://spdx.org/licenses/',
        }),
      },
    ]
  return terms.terms_of_use ? [access, { rights: terms.terms_of_use }] : [access]
}

const textsOf = (compounds: readonly Child[], name: string, descriptionType: string) =>
  compounds.flatMap((child) => {
    const description = child(name)
    return description === null ? [] : [{ description, descriptionType }]
  })

export function geoLocations(described: Described): { geoLocationPlace?: string; geoLocationBox?: Box }[] {
  const fields = fieldsOf(described, 'geospatial')
  const places = fields.compounds('geographicCoverage').flatMap((child) => {
    const place = ['otherGeographicCoverage', 'city', 'state', 'country']
      .flatMap((name) => child(name) ?? [])
      .join(', ')
    return place === '' ? [] : [{ geoLocationPlace: place }]
  })
  const boxes = fields.compounds('geographicBoundingBox').flatMap((child) => {
    const side = (name: string, within: number): number | null => {
      const value = Number(child(name) ?? Number.NaN)
      return Math.abs(value) <= within ? value : null
    }
    const west = side('westLongitude', 180)
    const east = side('eastLongitude', 180)
    // Dataverse's block once called latitudes longitudes.
    const north = side('northLatitude', 90) ?? side('northLongitude', 90)
    const south = side('southLatitude', 90) ?? side('southLongitude', 90)
    if (west === null || east === null || north === null || south === null) return []
    return [
      {
        geoLocationBox: {
          westBoundLongitude: west,
          eastBoundLongitude: east,
          southBoundLatitude: south,
          northBoundLatitude: north,
        },
      },
    ]
  })
  return distinct([...places, ...boxes])
}

/** The schema wants no entry twice. */
function distinct<T>(items: readonly T[]): T[] {
  const seen = new Set<string>()
  return items.filter((item) => {
    const key = JSON.stringify(item)
    return !seen.has(key) && Boolean(seen.add(key))
  })
}

export const dataCiteJson = (described: Described): string => `${JSON.stringify(dataCite(described), null, 2)}\n`
export const dataCiteXml = (described: Described): string => xmlDocument(dataCiteElement(described))

/** The same in XML; in its order the schema's own documents are written. */
export function dataCiteElement(described: Described): Xml {
  const it = dataCite(described)
  const list = (name: string, items: readonly Xml[]): Xml | null =>
    items.length === 0 ? null : element(name, {}, items)
  return element(
    'resource',
    {
      xmlns: 'http://datacite.org/schema/kernel-4',
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation':
        'http://datacite.org/schema/kernel-4 http://schema.datacite.org/meta/kernel-4.5/metadata.xsd',
    },
    it.doi === undefined
      ? element('identifier', { identifierType: 'URL' }, described.pidUrl)
      : element('identifier', { identifierType: 'DOI' }, it.doi),
    list(
      'creators',
      it.creators.map((one) => element('creator', {}, agentElements('creatorName', one))),
    ),
    list(
      'titles',
      it.titles.map((one) => element('title', { titleType: one.titleType }, one.title)),
    ),
    element('publisher', {}, it.publisher.name),
    element('publicationYear', {}, it.publicationYear),
    element('resourceType', { resourceTypeGeneral: it.types.resourceTypeGeneral }, it.types.resourceType),
    list(
      'subjects',
      it.subjects.map((one) =>
        element(
          'subject',
          { subjectScheme: one.subjectScheme, schemeURI: one.schemeUri, valueURI: one.valueUri },
          one.subject,
        ),
      ),
    ),
    list(
      'contributors',
      it.contributors.map((one) =>
        element('contributor', { contributorType: one.contributorType }, agentElements('contributorName', one)),
      ),
    ),
    list(
      'dates',
      it.dates.map((one) =>
        element('date', { dateType: one.dateType, dateInformation: one.dateInformation }, one.date),
      ),
    ),
    it.language === undefined ? null : element('language', {}, it.language),
    list(
      'alternateIdentifiers',
      it.alternateIdentifiers.map((one) =>
        element(
          'alternateIdentifier',
          { alternateIdentifierType: one.alternateIdentifierType },
          one.alternateIdentifier,
        ),
      ),
    ),
    list(
      'relatedIdentifiers',
      it.relatedIdentifiers.map((one) =>
        element(
          'relatedIdentifier',
          { relatedIdentifierType: one.relatedIdentifierType, relationType: one.relationType },
          one.relatedIdentifier,
        ),
      ),
    ),
    list(
      'sizes',
      it.sizes.map((one) => element('size', {}, one)),
    ),
    list(
      'formats',
      it.formats.map((one) => element('format', {}, one)),
    ),
    element('version', {}, it.version),
    list(
      'rightsList',
      it.rightsList.map((one) =>
        element(
          'rights',
          {
            rightsURI: one.rightsUri,
            rightsIdentifier: one.rightsIdentifier,
            rightsIdentifierScheme: one.rightsIdentifierScheme,
            schemeURI: one.schemeUri,
          },
          one.rights,
        ),
      ),
    ),
    list(
      'descriptions',
      it.descriptions.map((one) => element('description', { descriptionType: one.descriptionType }, one.description)),
    ),
    list(
      'geoLocations',
      it.geoLocations.map((one) =>
        element(
          'geoLocation',
          {},
          one.geoLocationPlace === undefined ? null : element('geoLocationPlace', {}, one.geoLocationPlace),
          one.geoLocationBox === undefined
            ? null
            : element(
                'geoLocationBox',
                {},
                Object.entries(one.geoLocationBox).map(([side, value]) => element(side, {}, value)),
              ),
        ),
      ),
    ),
    list(
      'fundingReferences',
      it.fundingReferences.map((one) =>
        element(
          'fundingReference',
          {},
          element('funderName', {}, one.funderName),
          one.awardNumber === undefined ? null : element('awardNumber', {}, one.awardNumber),
        ),
      ),
    ),
  )
}

function agentElements(name: string, one: Agent): (Xml | null)[] {
  return [
    element(name, { nameType: one.nameType }, one.name),
    one.givenName === undefined ? null : element('givenName', {}, one.givenName),
    one.familyName === undefined ? null : element('familyName', {}, one.familyName),
    ...(one.nameIdentifiers ?? []).map((id) =>
      element(
        'nameIdentifier',
        { nameIdentifierScheme: id.nameIdentifierScheme, schemeURI: id.schemeUri },
        id.nameIdentifier,
      ),
    ),
    ...(one.affiliation ?? []).map((at) => element('affiliation', {}, at.name)),
  ]
}
