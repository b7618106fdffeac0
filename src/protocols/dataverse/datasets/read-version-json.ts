import type { Written } from '#src/datasets/check-draft.ts'
import type { License } from '#src/datasets/dataset-view.ts'
import { type TermName, termNames } from '#src/datasets/terms.ts'
import { readTypedBlocks, readTypedFields, UnreadableMetadata } from '../metadata-json.ts'
import { isObject, withoutNulls } from '../parameters.ts'
import { refused } from '../problems.ts'
import { termKey } from './dataset-json.ts'

type Given = Readonly<Record<string, unknown>>

/** A body that has to be a JSON object, without its nulls. */
export function objectOf(body: unknown): Given {
  const given = withoutNulls(body)
  if (!isObject(given)) throw refused(400, 'Error parsing Json: a JSON object is expected')
  return given
}

/** What a client writes as a `datasetVersion`; ids, states and files in it mean nothing. */
export function readVersionJson(body: unknown, licenses: readonly License[]): Written {
  const given = objectOf(body)
  const { license, versionNote, fileAccessRequest } = given
  const terms = readTerms(given)
  return {
    metadata: reading('Error parsing Json: ', () => readTypedBlocks(given.metadataBlocks)),
    ...(license !== undefined && { license: licenseNamed(license, licenses) }),
    ...(Object.keys(terms).length > 0 && { terms }),
    ...(typeof versionNote === 'string' && { note: versionNote }),
    ...(typeof fileAccessRequest === 'boolean' && { access_requests: fileAccessRequest }),
  }
}

/** The fields of an `editMetadata`: a list of them, or one. */
export function readFieldsJson(body: unknown) {
  const given = objectOf(body)
  const fields = given.fields ?? [given]
  if (!Array.isArray(fields)) throw refused(400, 'Error parsing dataset update: fields is not an array')
  return reading('Error parsing dataset update: ', () => readTypedFields(fields, { strict: false }))
}

/** Terms by our names, of an object that has them by Dataverse's. */
export function readTerms(given: Given): Partial<Record<TermName, string>> {
  return Object.fromEntries(
    termNames.flatMap((name) => {
      const text = given[termKey(name)]
      return typeof text === 'string' ? [[name, text]] : []
    }),
  )
}

/** The name of the license that an object (its `uri` first, then its `name`) or a text means. */
export function licenseNamed(given: unknown, licenses: readonly License[]): string {
  const find = (text: unknown): License | undefined =>
    typeof text === 'string'
      ? licenses.find(({ name, uri }) => name.toLowerCase() === text.trim().toLowerCase() || bare(uri) === bare(text))
      : undefined
  if (isObject(given)) {
    const found = find(given.uri) ?? find(given.name)
    if (found) return found.name
    throw refused(400, `Error parsing Json: Invalid or unsupported license: ${String(given.name ?? given.uri ?? '')}`)
  }
  const found = find(given)
  if (found) return found.name
  throw refused(400, `Error parsing Json: Invalid license: ${String(given)}`)
}

/** Addresses of licenses are written with and without `s` and a slash at the end. */
const bare = (uri: string): string =>
  uri
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '')

/** Says what was being read where metadata cannot be. */
export function reading<T>(before: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof UnreadableMetadata) throw refused(400, `${before}${error.message}`)
    throw error
  }
}
