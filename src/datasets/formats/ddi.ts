import { element, type Xml, xmlDocument } from '#src/http/xml.ts'
import { geoLocations } from './datacite.ts'
import {
  abstract,
  type Child,
  type Described,
  type DescribedColumn,
  type DescribedFile,
  dayOf,
  fieldsOf,
  pathOf,
  title,
} from './described.ts'

/**
 * DDI Codebook 2.5 (namespace `ddi:codebook:2_5`). Its order of elements is part of the schema: who adds one looks there
 * where it stands.
 */
export function ddiElement(described: Described): Xml {
  const tables = described.files.filter(({ columns }) => columns !== null)
  return element(
    'codeBook',
    {
      xmlns: 'ddi:codebook:2_5',
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation':
        'ddi:codebook:2_5 https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd',
      version: '2.5',
    },
    study(described),
    tables.map(fileDescription),
    tables.length === 0 ? null : element('dataDscr', {}, tables.flatMap(variables)),
    described.files.filter(({ columns }) => columns === null).map(otherMaterial),
  )
}

export const ddiXml = (described: Described): string => xmlDocument(ddiElement(described))

function study(described: Described): Xml {
  const fields = fieldsOf(described)
  const { license, terms } = described
  return element(
    'stdyDscr',
    {},
    citation(described),
    studyInfo(described),
    some(
      'method',
      some(
        'dataColl',
        some(
          'sources',
          fields.texts('dataSources').map((text) => element('dataSrc', {}, text)),
          [
            texts('srcOrig', fields.texts('originOfSources')),
            texts('srcChar', fields.texts('characteristicOfSources')),
            texts('srcDocu', fields.texts('accessToSources')),
          ],
        ),
      ),
      texts('notes', fields.texts('notesText')),
    ),
    element(
      'dataAccs',
      {},
      some(
        'setAvail',
        texts('accsPlac', [terms.data_access_place]),
        texts('origArch', [terms.original_archive]),
        texts('avlStatus', [terms.availability_status]),
        texts('collSize', [terms.size_of_collection]),
        texts('complete', [terms.study_completion]),
      ),
      some(
        'useStmt',
        texts('confDec', [terms.confidentiality_declaration]),
        texts('specPerm', [terms.special_permissions]),
        texts('restrctn', [terms.restrictions]),
        texts('contact', [terms.contact_for_access]),
        texts('citReq', [terms.citation_requirements]),
        texts('deposReq', [terms.depositor_requirements]),
        texts('conditions', [terms.conditions]),
        texts('disclaimer', [terms.disclaimer]),
      ),
      texts('notes', [license ? `${license.name} (${license.uri})` : terms.terms_of_use, terms.terms_of_access]),
    ),
    some(
      'othrStdyMat',
      texts('relMat', fields.texts('relatedMaterial')),
      texts('relStdy', fields.texts('relatedDatasets')),
      fields.compounds('publication').map((child) => {
        const text = child('publicationCitation') ?? child('publicationURL')
        return text === null ? null : element('relPubl', {}, text)
      }),
      texts('othRefs', fields.texts('otherReferences')),
    ),
  )
}

function citation(described: Described): Xml {
  const fields = fieldsOf(described)
  const published = described.releasedAt ?? described.updatedAt
  return element(
    'citation',
    {},
    element(
      'titlStmt',
      {},
      element('titl', {}, title(described)),
      texts('subTitl', fields.texts('subtitle')),
      texts('altTitl', fields.texts('alternativeTitle')),
      element('IDNo', { agency: described.pid.split(':')[0]?.toUpperCase() }, described.pid),
      each(fields.compounds('otherId'), 'IDNo', 'otherIdValue', { agency: 'otherIdAgency' }),
    ),
    element(
      'rspStmt',
      {},
      each(fields.compounds('author'), 'AuthEnty', 'authorName', { affiliation: 'authorAffiliation' }),
      each(fields.compounds('contributor'), 'othId', 'contributorName', { role: 'contributorType' }),
    ),
    some(
      'prodStmt',
      each(fields.compounds('producer'), 'producer', 'producerName', {
        abbr: 'producerAbbreviation',
        affiliation: 'producerAffiliation',
      }),
      texts('prodDate', [fields.text('productionDate')]),
      texts('prodPlac', fields.texts('productionPlace')),
      each(fields.compounds('software'), 'software', 'softwareName', { version: 'softwareVersion' }),
      each(fields.compounds('grantNumber'), 'grantNo', 'grantNumberValue', { agency: 'grantNumberAgency' }),
    ),
    element(
      'distStmt',
      {},
      element('distrbtr', { URI: described.siteAddress }, described.publisher),
      each(fields.compounds('distributor'), 'distrbtr', 'distributorName', { abbr: 'distributorAbbreviation' }),
      // Names only, as everywhere outside.
      each(fields.compounds('datasetContact'), 'contact', 'datasetContactName', {
        affiliation: 'datasetContactAffiliation',
      }),
      texts('depositr', [fields.text('depositor')]),
      texts('depDate', [fields.text('dateOfDeposit')]),
      element('distDate', { date: dayOf(published) }, dayOf(published)),
    ),
    fields
      .compounds('series')
      .map((child) =>
        some('serStmt', texts('serName', [child('seriesName')]), texts('serInfo', [child('seriesInformation')])),
      ),
    element(
      'verStmt',
      {},
      element(
        'version',
        { date: dayOf(published), type: described.version === 'DRAFT' ? 'DRAFT' : 'RELEASED' },
        described.version,
      ),
    ),
    element('biblCit', {}, described.citation),
    element('holdings', { URI: described.pidUrl }),
  )
}

function studyInfo(described: Described): Xml {
  const fields = fieldsOf(described)
  const places = fieldsOf(described, 'geospatial').compounds('geographicCoverage')
  return element(
    'stdyInfo',
    {},
    element(
      'subject',
      {},
      texts('keyword', fields.texts('subject')),
      each(fields.compounds('keyword'), 'keyword', 'keywordValue', {
        vocab: 'keywordVocabulary',
        vocabURI: 'keywordVocabularyURI',
      }),
      each(fields.compounds('topicClassification'), 'topcClas', 'topicClassValue', {
        vocab: 'topicClassVocab',
        vocabURI: 'topicClassVocabURI',
      }),
    ),
    texts('abstract', [abstract(described)]),
    some(
      'sumDscr',
      fields
        .compounds('timePeriodCovered')
        .flatMap((child) => [
          event('timePrd', child, 'timePeriodCoveredStart', 'start'),
          event('timePrd', child, 'timePeriodCoveredEnd', 'end'),
        ]),
      fields
        .compounds('dateOfCollection')
        .flatMap((child) => [
          event('collDate', child, 'dateOfCollectionStart', 'start'),
          event('collDate', child, 'dateOfCollectionEnd', 'end'),
        ]),
      each(places, 'nation', 'country'),
      places.map((child) =>
        texts(
          'geogCover',
          ['state', 'city', 'otherGeographicCoverage'].map((name) => child(name)),
        ),
      ),
      texts('geogUnit', fieldsOf(described, 'geospatial').texts('geographicUnit')),
      geoLocations(described).map(({ geoLocationBox: box }) =>
        box
          ? element(
              'geoBndBox',
              {},
              element('westBL', {}, box.westBoundLongitude),
              element('eastBL', {}, box.eastBoundLongitude),
              element('southBL', {}, box.southBoundLatitude),
              element('northBL', {}, box.northBoundLatitude),
            )
          : null,
      ),
      texts('anlyUnit', fieldsOf(described, 'socialscience').texts('unitOfAnalysis')),
      texts('universe', fieldsOf(described, 'socialscience').texts('universe')),
      texts('dataKind', fields.texts('kindOfData')),
    ),
  )
}

const fileDescription = (file: DescribedFile): Xml =>
  element(
    'fileDscr',
    { ID: `f${file.id}`, URI: file.address },
    element(
      'fileTxt',
      {},
      element('fileName', {}, pathOf(file)),
      element('dimensns', {}, element('varQnty', {}, file.columns?.length ?? 0)),
      element('fileType', {}, file.mediaType),
    ),
  )

const variables = (file: DescribedFile): Xml[] =>
  (file.columns ?? []).map((column, at) =>
    element(
      'var',
      {
        ID: `v${file.id}-${at + 1}`,
        name: column.name,
        files: `f${file.id}`,
        intrvl: numeric(column) ? 'contin' : 'discrete',
      },
      column.label === null ? null : element('labl', { level: 'variable' }, column.label),
      element('varFormat', { type: numeric(column) ? 'numeric' : 'character' }),
    ),
  )

const numeric = ({ type }: DescribedColumn): boolean => type === 'integer' || type === 'number'

const otherMaterial = (file: DescribedFile): Xml =>
  element(
    'otherMat',
    { ID: `f${file.id}`, URI: file.address, level: 'datafile' },
    element('labl', {}, pathOf(file)),
    file.description === '' ? null : element('txt', {}, file.description),
    element('notes', { level: 'file', type: 'DATAVERSE:CONTENTTYPE', subject: 'Content/MIME Type' }, file.mediaType),
  )

type Parts = Xml | null | readonly Parts[]

/** The element if anything stands in it; the schema knows no empty ones. */
function some(name: string, ...parts: readonly Parts[]): Xml | null {
  const filled = (part: Parts): boolean => (Array.isArray(part) ? part.some(filled) : part !== null)
  return filled(parts) ? element(name, {}, ...(parts as Xml[])) : null
}

const texts = (name: string, values: readonly (string | null | undefined)[]): Xml[] =>
  values.flatMap((value) => (value ? [element(name, {}, value)] : []))

function each(
  compounds: readonly Child[],
  name: string,
  value: string,
  attributes: Record<string, string> = {},
): Xml[] {
  return compounds.flatMap((child) => {
    const text = child(value)
    if (text === null) return []
    return [
      element(name, Object.fromEntries(Object.entries(attributes).map(([key, from]) => [key, child(from)])), text),
    ]
  })
}

function event(name: string, child: Child, from: string, which: 'start' | 'end'): Xml | null {
  const date = child(from)
  return date === null ? null : element(name, { date, event: which }, date)
}
