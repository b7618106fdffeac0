import { element, type Xml, xmlDocument } from '#src/http/xml.ts'
import { geoLocations } from './datacite.ts'
import { abstract, type Described, dayOf, fieldsOf, keywords, title } from './described.ts'

/** The fifteen elements, as OAI-PMH asks of every repository (http://www.openarchives.org/OAI/2.0/oai_dc.xsd). */
export const oaiDcElement = (described: Described): Xml =>
  element(
    'oai_dc:dc',
    {
      'xmlns:oai_dc': 'http://www.openarchives.org/OAI/2.0/oai_dc/',
      'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation':
        'http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd',
    },
    elements(described).map(([name, value]) => element(`dc:${simple[name] ?? name}`, {}, value)),
  )

/** The wider set of terms (http://purl.org/dc/terms/), which tells dates and relations apart. */
export const dcTermsElement = (described: Described): Xml =>
  element(
    'metadata',
    { xmlns: 'http://dublincore.org/documents/dcmi-terms/', 'xmlns:dcterms': 'http://purl.org/dc/terms/' },
    elements(described).map(([name, value]) => element(`dcterms:${name}`, {}, value)),
  )

export const oaiDcXml = (described: Described): string => xmlDocument(oaiDcElement(described))
export const dcTermsXml = (described: Described): string => xmlDocument(dcTermsElement(described))

/** What a term is called among the fifteen. */
const simple: Record<string, string> = {
  issued: 'date',
  modified: 'date',
  created: 'date',
  dateSubmitted: 'date',
  references: 'relation',
  isReferencedBy: 'relation',
  spatial: 'coverage',
  temporal: 'coverage',
  license: 'rights',
  accessRights: 'rights',
  abstract: 'description',
  alternative: 'title',
  bibliographicCitation: 'source',
}

function elements(described: Described): [name: string, value: string][] {
  const fields = fieldsOf(described)
  const of = (name: string, values: readonly (string | null | undefined)[]): [string, string][] =>
    values.flatMap((value) => (value ? [[name, value]] : []))
  return [
    ...of('title', [title(described)]),
    ...of('alternative', [...fields.texts('subtitle'), ...fields.texts('alternativeTitle')]),
    ...of('identifier', [described.pidUrl, ...fields.compounds('otherId').map((child) => child('otherIdValue'))]),
    ...of(
      'creator',
      fields.compounds('author').map((child) => child('authorName')),
    ),
    ...of('publisher', [described.publisher]),
    ...of(
      'contributor',
      fields.compounds('contributor').map((child) => child('contributorName')),
    ),
    ...of('issued', [described.publishedAt && dayOf(described.publishedAt)]),
    ...of('modified', [dayOf(described.updatedAt)]),
    ...of('created', [fields.text('productionDate')]),
    ...of('dateSubmitted', [fields.text('dateOfDeposit')]),
    ...of('description', [abstract(described), ...fields.texts('notesText')]),
    ...of('subject', [...fields.texts('subject'), ...keywords(described)]),
    ...of('language', fields.texts('language')),
    ...of('type', [...fields.texts('kindOfData'), 'Dataset']),
    ...of('format', [...new Set(described.files.map(({ mediaType }) => mediaType))]),
    ...of(
      'isReferencedBy',
      fields.compounds('publication').map((child) => child('publicationCitation') ?? child('publicationURL')),
    ),
    ...of('references', [...fields.texts('relatedDatasets'), ...fields.texts('relatedMaterial')]),
    ...of('source', fields.texts('dataSources')),
    ...of(
      'temporal',
      fields.compounds('timePeriodCovered').map((child) => {
        const [start, end] = [child('timePeriodCoveredStart'), child('timePeriodCoveredEnd')]
        return start || end ? `${start ?? ''}/${end ?? ''}` : null
      }),
    ),
    ...of(
      'spatial',
      geoLocations(described).map((place) => place.geoLocationPlace),
    ),
    ...of('license', [described.license?.uri ?? described.terms.terms_of_use]),
    ...of('accessRights', [
      described.files.some(({ closed }) => closed)
        ? 'info:eu-repo/semantics/restrictedAccess'
        : 'info:eu-repo/semantics/openAccess',
    ]),
  ]
}
