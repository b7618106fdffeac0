import type { Xml } from '#src/http/xml.ts'
import { bibtexOf, cslOf, endnoteOf, risOf } from '../citation.ts'
import { croissantJson, croissantSlimJson } from './croissant.ts'
import { dataCiteElement, dataCiteJson, dataCiteXml } from './datacite.ts'
import { ddiElement, ddiXml } from './ddi.ts'
import { abstract, type Described } from './described.ts'
import { dcTermsElement, dcTermsXml, oaiDcElement, oaiDcXml } from './dublin-core.ts'
import { oaiOreJson } from './oai-ore.ts'
import { roCrateJson } from './ro-crate.ts'
import { schemaOrgJson } from './schema-org.ts'

export interface Format {
  /** As Dataverse's exporters are called, where it has the same. */
  readonly name: string
  readonly label: string
  readonly mediaType: string
  /** Of the downloaded file. */
  readonly extension: string
  write(described: Described): string
  /** What harvesters may ask for (OAI-PMH). */
  readonly harvested?: {
    readonly prefix: string
    readonly namespace: string
    readonly schema: string
    element(described: Described): Xml
  }
}

const xml = { mediaType: 'application/xml', extension: 'xml' }
const json = { mediaType: 'application/json', extension: 'json' }

const dataCiteSchema = {
  namespace: 'http://datacite.org/schema/kernel-4',
  schema: 'http://schema.datacite.org/meta/kernel-4.5/metadata.xsd',
  element: dataCiteElement,
}
const ddiSchema = {
  namespace: 'ddi:codebook:2_5',
  schema: 'https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd',
  element: ddiElement,
}
const dcSchema = {
  namespace: 'http://www.openarchives.org/OAI/2.0/oai_dc/',
  schema: 'http://www.openarchives.org/OAI/2.0/oai_dc.xsd',
  element: oaiDcElement,
}

/** Every format that a version of a dataset is told in. */
export const formats: readonly Format[] = [
  {
    name: 'Datacite',
    label: 'DataCite (XML)',
    ...xml,
    write: dataCiteXml,
    harvested: { prefix: 'Datacite', ...dataCiteSchema },
  },
  {
    name: 'datacite_json',
    label: 'DataCite (JSON)',
    mediaType: 'application/vnd.datacite.datacite+json',
    extension: 'json',
    write: dataCiteJson,
  },
  {
    name: 'oai_datacite',
    label: 'OpenAIRE (DataCite XML)',
    ...xml,
    write: dataCiteXml,
    harvested: { prefix: 'oai_datacite', ...dataCiteSchema },
  },
  {
    name: 'schema.org',
    label: 'schema.org (JSON-LD)',
    mediaType: 'application/ld+json',
    extension: 'jsonld',
    write: schemaOrgJson,
  },
  { name: 'oai_dc', label: 'Dublin Core', ...xml, write: oaiDcXml, harvested: { prefix: 'oai_dc', ...dcSchema } },
  {
    name: 'dcterms',
    label: 'Dublin Core terms',
    ...xml,
    write: dcTermsXml,
    harvested: {
      prefix: 'dcterms',
      namespace: 'http://purl.org/dc/terms/',
      schema: 'http://dublincore.org/schemas/xmls/qdc/dcterms.xsd',
      element: dcTermsElement,
    },
  },
  { name: 'ddi', label: 'DDI Codebook 2.5', ...xml, write: ddiXml },
  {
    name: 'oai_ddi',
    label: 'DDI Codebook 2.5 for harvesters',
    ...xml,
    write: ddiXml,
    harvested: { prefix: 'oai_ddi', ...ddiSchema },
  },
  { name: 'OAI_ORE', label: 'OAI-ORE (JSON-LD)', ...json, write: oaiOreJson },
  { name: 'croissant', label: 'Croissant', ...json, write: croissantJson },
  { name: 'croissantSlim', label: 'Croissant without columns', ...json, write: croissantSlimJson },
  { name: 'ro-crate', label: 'RO-Crate 1.1', mediaType: 'application/ld+json', extension: 'json', write: roCrateJson },
]

/** How programs that keep references take a dataset. */
export const citationFormats: readonly Format[] = [
  {
    name: 'bibtex',
    label: 'BibTeX',
    mediaType: 'application/x-bibtex',
    extension: 'bib',
    write: ({ cited, pid }) => bibtexOf(cited, pid),
  },
  {
    name: 'ris',
    label: 'RIS',
    mediaType: 'application/x-research-info-systems',
    extension: 'ris',
    write: (described) => risOf(described.cited, described.pid, abstract(described)),
  },
  {
    name: 'endnote',
    label: 'EndNote (XML)',
    ...xml,
    write: (described) => endnoteOf(described.cited, described.pid, abstract(described)),
  },
  {
    name: 'csl_json',
    label: 'CSL (JSON)',
    mediaType: 'application/vnd.citationstyles.csl+json',
    extension: 'json',
    write: ({ cited, pid }) => `${JSON.stringify([cslOf(cited, pid)], null, 2)}\n`,
  },
]

/** By name, whatever its letters' case. */
export const formatNamed = (name: string): Format | null =>
  [...formats, ...citationFormats].find((one) => one.name.toLowerCase() === name.toLowerCase()) ?? null
