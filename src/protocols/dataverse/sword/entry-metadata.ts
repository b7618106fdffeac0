import { contributorTypes } from '#src/datasets/blocks/citation.ts'
import type { Entry } from './read-entry.ts'

interface Written {
  /** The citation block. */
  readonly citation: Readonly<Record<string, unknown>>
  /** Terms of use in the depositor's own words. */
  readonly termsOfUse: string | null
  readonly license: string | null
}

/**
 * Dublin Core in the words of the citation block, as Dataverse reads it: subjects that are none of its own list become
 * keywords, and without any the subject is `N/A`, which only deposits of this kind may have.
 */
export function entryMetadata(entry: Entry, subjects: readonly string[]): Written {
  const contacts = entry.contributors.filter(({ type }) => type?.toLowerCase() === 'contact')
  const others = entry.contributors.filter((one) => !contacts.includes(one))
  const known = entry.subjects.filter((one) => subjects.includes(one))
  const citation = {
    title: entry.titles[0],
    alternativeTitle: entry.titles.slice(1),
    author: entry.creators.map(({ name, affiliation }) => ({
      authorName: name,
      ...(affiliation !== null && { authorAffiliation: affiliation }),
    })),
    datasetContact: contacts.map(({ name }) =>
      name.includes('@') ? { datasetContactEmail: name } : { datasetContactName: name },
    ),
    contributor: others.map(({ name, type }) => ({
      contributorName: name,
      ...(type !== null && contributorTypes.includes(type) && { contributorType: type }),
    })),
    dsDescription: entry.descriptions.map((text) => ({ dsDescriptionValue: text })),
    subject: known.length > 0 ? known : ['N/A'],
    keyword: entry.subjects.filter((one) => !known.includes(one)).map((text) => ({ keywordValue: text })),
    publication: entry.references.map((text) => ({ publicationCitation: text })),
    producer: entry.publishers.map((text) => ({ producerName: text })),
    productionDate: entry.dates.find((text) => /^\d{4}(-\d\d(-\d\d)?)?$/.test(text)),
    kindOfData: entry.kinds,
    dataSources: entry.sources,
    relatedMaterial: entry.relations,
    notesText: entry.coverages.length === 0 ? undefined : `Coverage: ${entry.coverages.join('; ')}`,
  }
  const filled = Object.entries(citation).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined,
  )
  return { citation: Object.fromEntries(filled), termsOfUse: entry.rights, license: entry.license }
}
