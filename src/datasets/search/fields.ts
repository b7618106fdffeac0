import { fieldNamed } from '../blocks/blocks.ts'

/** Names by which questions may ask, in small letters, and the fields of documents that answer to them. */
const others: Readonly<Record<string, readonly string[]>> = {
  name: ['name', 'title', 'fileName'],
  title: ['title', 'name'],
  dvname: ['name'],
  alias: ['alias'],
  dvalias: ['alias'],
  affiliation: ['affiliation', 'authorAffiliation'],
  dvaffiliation: ['affiliation'],
  description: ['description', 'dsDescriptionValue', 'fileDescription'],
  dvdescription: ['description'],
  pid: ['pid'],
  identifier: ['pid', 'alias'],
  persistentid: ['pid'],
  dspersistentid: ['pid'],
  filename: ['fileName'],
  filenamewithoutextension: ['fileName'],
  filedescription: ['fileDescription'],
  filetype: ['fileType'],
  filecontenttype: ['fileType'],
  filetag: ['fileTag'],
  directory: ['directory'],
  directorylabel: ['directory'],
  checksum: ['checksum'],
  filemd5: ['checksum'],
  filechecksumvalue: ['checksum'],
}

/** Endings that Dataverse's own index puts to names. */
const ending = /_(ss?|txt|en|sort)$/

const bare = (name: string): string => name.replace(ending, '')

/** The fields that a name in a question means, where it means any: of documents, or of metadata with all their parts. */
export function namesOfField(name: string): readonly string[] | null {
  const other = others[bare(name).toLowerCase()]
  if (other) return other
  const placed = fieldNamed(bare(name))
  if (!placed) return null
  const { field } = placed
  return field.children ? field.children.map((child) => child.name) : [field.name]
}
