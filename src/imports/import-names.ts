import type { Change } from '#src/database/change.ts'
import { noteReference, type ReferenceSummary, readReferenceFile, rowsOf, type Warn } from './read-reference-file.ts'
import * as store from './store.ts'

/**
 * Gives users and groups their names: lines of user or group name, first name, last name and, if you like, the
 * organization's abbreviation. Takes effect at the next refresh of a model.
 */
export async function importNames(change: Change, file: string, warn: Warn): Promise<ReferenceSummary> {
  const lines = await readReferenceFile(file)
  const names = rowsOf<store.PersonName>(file, lines, warn, (fields) => {
    const [username, first, last, organization] = fields
    if (fields.length < 3 || fields.length > 4) return `has ${fields.length} fields instead of 3 or 4`
    if (!username || !last) return 'has no user name or no last name'
    return { username, first_name: first || null, last_name: last, organization: organization || null }
  })
  const known = new Set(
    (await store.organizationAbbreviations(change.tx)).map((abbreviation) => abbreviation.toLowerCase()),
  )
  const unknown = new Set(
    names.flatMap(({ organization }) => organization ?? []).filter((o) => !known.has(o.toLowerCase())),
  )
  for (const abbreviation of unknown)
    warn(`${file}: organization "${abbreviation}" is not known; its people count as Unknown`)
  await store.upsertNames(change.tx, names)
  noteReference(change, 'names', file, names.length)
  return { taken: names.length, skipped: lines.length - names.length }
}
