import { type Block, compound, field } from './block.ts'
import { languages } from './languages.ts'

const subjects = [
  'Agricultural Sciences',
  'Arts and Humanities',
  'Astronomy and Astrophysics',
  'Business and Management',
  'Chemistry',
  'Computer and Information Science',
  'Earth and Environmental Sciences',
  'Engineering',
  'Law',
  'Mathematical Sciences',
  'Medicine, Health and Life Sciences',
  'Physics',
  'Social Sciences',
  'Other',
  // What tools say that were never told one.
  'N/A',
]
const authorSchemes = ['ORCID', 'ROR', 'ISNI', 'LCNA', 'VIAF', 'GND', 'DAI', 'ResearcherID', 'ScopusID']
/** What a contributor may be. */
export const contributorTypes: readonly string[] = [
  'Data Collector',
  'Data Curator',
  'Data Manager',
  'Editor',
  'Funder',
  'Hosting Institution',
  'Project Leader',
  'Project Manager',
  'Project Member',
  'Related Person',
  'Researcher',
  'Research Group',
  'Rights Holder',
  'Sponsor',
  'Supervisor',
  'Work Package Leader',
  'Other',
]
const idTypes = [
  ...['ark', 'arXiv', 'bibcode', 'cstr', 'doi', 'ean13', 'eissn', 'handle', 'isbn', 'issn', 'istc', 'lissn', 'lsid'],
  ...['pmid', 'purl', 'upc', 'url', 'urn', 'DASH-NRS'],
]
const relations = ['IsCitedBy', 'Cites', 'IsSupplementTo', 'IsSupplementedBy', 'IsReferencedBy', 'References']

const day = 'YYYY-MM-DD'
const many = { multiple: true } as const
const onCreate = { displayOnCreate: true } as const
const url = { type: 'URL', watermark: 'https://' } as const
const date = { type: 'DATE', watermark: day } as const
const long = { type: 'TEXTBOX' } as const

/** What every dataset says of itself: enough to cite it, find it and understand it. */
export const citation: Block = {
  name: 'citation',
  displayName: 'Citation Metadata',
  fields: [
    field('title', 'Title', { ...onCreate, required: true, description: 'The main title of the dataset' }),
    field('subtitle', 'Subtitle', { description: 'A second title that says more' }),
    field('alternativeTitle', 'Alternative Title', { ...many, description: 'Another name, perhaps shorter or older' }),
    field('alternativeURL', 'Alternative URL', { ...url, description: 'Another address where it is found' }),
    compound(
      'otherId',
      'Other Identifier',
      [
        field('otherIdAgency', 'Other Identifier Agency', { title: 'Agency', description: 'Who gave the identifier' }),
        field('otherIdValue', 'Other Identifier', { title: 'Identifier', description: 'What it is called there' }),
      ],
      { description: 'What it is called elsewhere' },
    ),
    compound(
      'author',
      'Author',
      [
        field('authorName', 'Author Name', {
          title: 'Name',
          required: true,
          facetable: true,
          watermark: '1) Family name, given name or 2) organization',
          description: 'A person, family name first, or an organization',
        }),
        field('authorAffiliation', 'Author Affiliation', {
          title: 'Affiliation',
          facetable: true,
          description: 'Where the author works',
        }),
        field('authorIdentifierScheme', 'Author Identifier Type', {
          title: 'Identifier Type',
          vocabulary: authorSchemes,
          description: 'What kind of identifier is given',
        }),
        field('authorIdentifier', 'Author Identifier', {
          title: 'Identifier',
          watermark: '0000-0002-1825-0097',
          description: 'Names the author without doubt',
        }),
      ],
      { ...onCreate, required: true, description: 'Who made it, in the order of the citation' },
    ),
    compound(
      'datasetContact',
      'Point of Contact',
      [
        field('datasetContactName', 'Point of Contact Name', {
          title: 'Name',
          watermark: '1) Family name, given name or 2) organization',
          description: 'A person, family name first, or an organization',
        }),
        field('datasetContactAffiliation', 'Point of Contact Affiliation', {
          title: 'Affiliation',
          description: 'Where the contact works',
        }),
        field('datasetContactEmail', 'Point of Contact E-mail', {
          title: 'E-mail',
          type: 'EMAIL',
          required: true,
          watermark: 'name@example.org',
          description: 'Where questions are answered',
        }),
      ],
      { ...onCreate, required: true, description: 'Whom to ask about it' },
    ),
    compound(
      'dsDescription',
      'Description',
      [
        field('dsDescriptionValue', 'Description Text', {
          title: 'Text',
          type: 'TEXTBOX',
          required: true,
          description: 'What it is, what it is for, how far it goes',
        }),
        field('dsDescriptionDate', 'Description Date', {
          title: 'Date',
          ...date,
          description: 'When the description was written',
        }),
      ],
      { ...onCreate, required: true, description: 'What it is about' },
    ),
    field('subject', 'Subject', {
      ...onCreate,
      ...many,
      required: true,
      facetable: true,
      vocabulary: subjects,
      description: 'The areas of study that it belongs to',
    }),
    compound(
      'keyword',
      'Keyword',
      [
        field('keywordValue', 'Keyword Term', {
          title: 'Term',
          facetable: true,
          description: 'A word for what it is about',
        }),
        field('keywordTermURI', 'Keyword Term URI', {
          title: 'Term URI',
          ...url,
          description: 'Where the term is defined',
        }),
        field('keywordVocabulary', 'Keyword Controlled Vocabulary Name', {
          title: 'Controlled Vocabulary Name',
          description: 'The list that the term is of',
        }),
        field('keywordVocabularyURI', 'Keyword Controlled Vocabulary URL', {
          title: 'Controlled Vocabulary URL',
          ...url,
          description: 'Where that list is found',
        }),
      ],
      { ...onCreate, description: 'Words by which it is found' },
    ),
    compound(
      'topicClassification',
      'Topic Classification',
      [
        field('topicClassValue', 'Topic Classification Term', {
          title: 'Term',
          facetable: true,
          description: 'A topic',
        }),
        field('topicClassVocab', 'Topic Classification Controlled Vocabulary Name', {
          title: 'Controlled Vocabulary Name',
          description: 'The list that the topic is of',
        }),
        field('topicClassVocabURI', 'Topic Classification Controlled Vocabulary URL', {
          title: 'Controlled Vocabulary URL',
          ...url,
          description: 'Where that list is found',
        }),
      ],
      { description: 'Topics out of a list' },
    ),
    compound(
      'publication',
      'Related Publication',
      [
        field('publicationRelationType', 'Related Publication Relation Type', {
          title: 'Relation Type',
          vocabulary: relations,
          description: 'How the dataset stands to the publication',
        }),
        field('publicationCitation', 'Related Publication Citation', {
          title: 'Citation',
          ...long,
          description: 'The publication as it is cited',
        }),
        field('publicationIDType', 'Related Publication Identifier Type', {
          title: 'Identifier Type',
          vocabulary: idTypes,
          description: 'What kind of identifier is given',
        }),
        field('publicationIDNumber', 'Related Publication Identifier', {
          title: 'Identifier',
          description: 'The identifier of the publication',
        }),
        field('publicationURL', 'Related Publication URL', {
          title: 'URL',
          ...url,
          description: 'Where the publication is found',
        }),
      ],
      { ...onCreate, description: 'What was written about it or with it' },
    ),
    field('notesText', 'Notes', { ...onCreate, ...long, description: 'What else has to be known' }),
    field('language', 'Language', {
      ...many,
      facetable: true,
      vocabulary: languages,
      description: 'The languages of what is in its files',
    }),
    compound(
      'producer',
      'Producer',
      [
        field('producerName', 'Producer Name', { title: 'Name', required: true, facetable: true, description: 'Who' }),
        field('producerAffiliation', 'Producer Affiliation', { title: 'Affiliation', description: 'Where they work' }),
        field('producerAbbreviation', 'Producer Abbreviated Name', {
          title: 'Abbreviated Name',
          description: 'What they are called in short',
        }),
        field('producerURL', 'Producer URL', { title: 'URL', ...url, description: 'Their page' }),
        field('producerLogoURL', 'Producer Logo URL', { title: 'Logo URL', ...url, description: 'Their sign' }),
      ],
      { description: 'Who paid for it or had it made' },
    ),
    field('productionDate', 'Production Date', { ...date, facetable: true, description: 'When it was made' }),
    field('productionPlace', 'Production Location', { ...many, description: 'Where it was made' }),
    compound(
      'contributor',
      'Contributor',
      [
        field('contributorType', 'Contributor Type', {
          title: 'Type',
          facetable: true,
          vocabulary: contributorTypes,
          description: 'What they did',
        }),
        field('contributorName', 'Contributor Name', { title: 'Name', facetable: true, description: 'Who' }),
      ],
      { description: 'Who else worked on it' },
    ),
    compound(
      'grantNumber',
      'Funding Information',
      [
        field('grantNumberAgency', 'Funding Information Agency', {
          title: 'Agency',
          facetable: true,
          description: 'Who paid',
        }),
        field('grantNumberValue', 'Funding Information Identifier', {
          title: 'Identifier',
          description: 'The number of the grant',
        }),
      ],
      { description: 'Which grants it was made with' },
    ),
    compound(
      'distributor',
      'Distributor',
      [
        field('distributorName', 'Distributor Name', {
          title: 'Name',
          required: true,
          facetable: true,
          description: 'Who',
        }),
        field('distributorAffiliation', 'Distributor Affiliation', {
          title: 'Affiliation',
          description: 'Where they work',
        }),
        field('distributorAbbreviation', 'Distributor Abbreviated Name', {
          title: 'Abbreviated Name',
          description: 'What they are called in short',
        }),
        field('distributorURL', 'Distributor URL', { title: 'URL', ...url, description: 'Their page' }),
        field('distributorLogoURL', 'Distributor Logo URL', { title: 'Logo URL', ...url, description: 'Their sign' }),
      ],
      { description: 'Who hands it out' },
    ),
    field('distributionDate', 'Distribution Date', {
      ...date,
      facetable: true,
      description: 'When it was first handed out',
    }),
    field('depositor', 'Depositor', { ...onCreate, description: 'Who put it here' }),
    field('dateOfDeposit', 'Deposit Date', {
      ...onCreate,
      ...date,
      facetable: true,
      description: 'When it was put here',
    }),
    compound(
      'timePeriodCovered',
      'Time Period',
      [
        field('timePeriodCoveredStart', 'Time Period Start Date', {
          title: 'Start Date',
          ...date,
          description: 'From',
        }),
        field('timePeriodCoveredEnd', 'Time Period End Date', { title: 'End Date', ...date, description: 'To' }),
      ],
      { description: 'The time that the data speak of' },
    ),
    compound(
      'dateOfCollection',
      'Date of Collection',
      [
        field('dateOfCollectionStart', 'Date of Collection Start Date', {
          title: 'Start Date',
          ...date,
          description: 'From',
        }),
        field('dateOfCollectionEnd', 'Date of Collection End Date', { title: 'End Date', ...date, description: 'To' }),
      ],
      { description: 'When the data were collected' },
    ),
    field('kindOfData', 'Data Type', {
      ...many,
      facetable: true,
      description: 'Such as survey data, clinical data, program source code',
    }),
    compound(
      'series',
      'Series',
      [
        field('seriesName', 'Series Name', { title: 'Name', required: true, facetable: true, description: 'Its name' }),
        field('seriesInformation', 'Series Information', { title: 'Information', ...long, description: 'Its history' }),
      ],
      { description: 'The series that it is part of' },
    ),
    compound(
      'software',
      'Software',
      [
        field('softwareName', 'Software Name', { title: 'Name', description: 'Its name' }),
        field('softwareVersion', 'Software Version', { title: 'Version', description: 'Its version' }),
      ],
      { description: 'What it was made with' },
    ),
    field('relatedMaterial', 'Related Material', { ...many, ...long, description: 'What belongs to it' }),
    field('relatedDatasets', 'Related Dataset', { ...many, ...long, description: 'Other datasets that belong to it' }),
    field('otherReferences', 'Other Reference', { ...many, description: 'What else speaks of it' }),
    field('dataSources', 'Data Source', { ...many, ...long, description: 'What it was made out of' }),
    field('originOfSources', 'Origin of Historical Sources', { ...long, description: 'Where its sources come from' }),
    field('characteristicOfSources', 'Characteristic of Sources', {
      ...long,
      description: 'What its sources are like',
    }),
    field('accessToSources', 'Documentation and Access to Sources', {
      ...long,
      description: 'How its sources are had',
    }),
  ],
}
