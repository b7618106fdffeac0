/** A piece of text with the words that were found; places are in UTF-16 units, in order, not overlapping. */
export interface Snippet {
  readonly text: string
  readonly marks: readonly (readonly number[])[]
}

interface Found {
  readonly name: string
  readonly description: string
  readonly matches: readonly { readonly field: string; readonly snippets: readonly Snippet[] }[]
}

/** How something stands that was found; what is published and nothing else needs no word. */
export const stateWords: Readonly<Record<string, string>> = {
  published: 'Published',
  unpublished: 'Not published',
  draft: 'Draft',
  in_review: 'In review',
  deaccessioned: 'Withdrawn',
}

const titles = ['title', 'name', 'label']
const descriptions = ['description', 'dsDescriptionValue']
/** Places that tell nothing to who reads. */
const silent = ['citation', 'identifier', 'pid']
/** Where words are found besides title and description, as much as is worth reading. */
const mostElsewhere = 2

/** Title and description with the words in them that were found, and where else they stand. */
export function foundSnippets({ name, description, matches }: Found) {
  const whole = matches.find(({ field }) => titles.includes(field))?.snippets.find(({ text }) => text === name)
  const told = matches.find(({ field }) => descriptions.includes(field))?.snippets ?? []
  return {
    title: whole ?? { text: name, marks: [] },
    description: told.length > 0 ? joined(told) : { text: description, marks: [] },
    elsewhere: matches
      .filter(({ field }) => ![...titles, ...descriptions, ...silent].includes(field))
      .slice(0, mostElsewhere),
  }
}

/** Several pieces of one text, one after the other. */
function joined(snippets: readonly Snippet[]): Snippet {
  let text = ''
  const marks: [number, number][] = []
  for (const snippet of snippets) {
    if (text !== '') text += ' … '
    for (const [start = 0, end = 0] of snippet.marks) marks.push([text.length + start, text.length + end])
    text += snippet.text
  }
  return { text, marks }
}

const labels: Readonly<Record<string, string>> = {
  authorName: 'Author',
  authorAffiliation: 'Affiliation',
  keywordValue: 'Keyword',
  topicClassValue: 'Topic',
  datasetContactName: 'Contact',
  publicationCitation: 'Publication',
  grantNumberAgency: 'Funding',
  alias: 'Alias',
  directory: 'Folder',
  tag: 'Tag',
}

/** "Production place" of `productionPlace`. */
export const fieldLabel = (field: string): string =>
  labels[field] ??
  field
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
    .replace(/^./, (letter) => letter.toUpperCase())
