import type { WrittenCollection } from '#src/datasets/collections/change-collection.ts'
import { type CollectionType, collectionTypes } from '#src/datasets/words.ts'
import { isObject, withoutNulls } from '../parameters.ts'
import { refused } from '../problems.ts'

const badJson = (what: string) => refused(400, `Error parsing the POSTed json into a dataverse: ${what}`)

/** What a client says of a collection, in part or whole. */
export function readCollectionJson(body: unknown): Partial<WrittenCollection> {
  const of = withoutNulls(body)
  if (!isObject(of)) throw refused(400, 'Error parsing Json: a JSON object is expected')
  const text = (name: string): string | undefined => {
    const value = of[name]
    if (value !== undefined && typeof value !== 'string') throw badJson(`Field '${name}' is not a string`)
    return value?.trim()
  }
  const blocks = objectIn(of.metadataBlocks)
  const names = blocks && textsIn(blocks.metadataBlockNames, 'metadataBlockNames')
  const facets = blocks && textsIn(blocks.facetIds, 'facetIds')
  const levels = blocks && levelsIn(blocks.inputLevels)
  return defined({
    alias: text('alias'),
    name: text('name'),
    affiliation: text('affiliation'),
    description: text('description'),
    type: typeOf(text('dataverseType')),
    contacts: contactsIn(of.dataverseContacts),
    // Nothing chosen: as the collection above has it.
    metadata_blocks: names?.length === 0 ? undefined : names,
    facets: facets?.length === 0 ? undefined : facets,
    input_levels: levels?.length === 0 ? undefined : levels,
  })
}

/** The same for a new one, which has an alias and a name. */
export function readNewCollectionJson(body: unknown): WrittenCollection {
  const { alias, name, ...rest } = readCollectionJson(body)
  if (alias === undefined) throw badJson("Field 'alias' is mandatory")
  if (name === undefined) throw badJson("Field 'name' is mandatory")
  return { ...rest, alias, name }
}

const typeOf = (text: string | undefined): CollectionType | undefined => {
  if (text === undefined) return undefined
  return collectionTypes.find((type) => type === text) ?? 'UNCATEGORIZED'
}

function contactsIn(value: unknown): { email: string }[] | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw badJson("Field 'dataverseContacts' is not an array")
  return value.map((one) => {
    const email = objectIn(one)?.contactEmail
    if (typeof email !== 'string') throw badJson("Field 'contactEmail' is mandatory")
    return { email: email.trim() }
  })
}

function levelsIn(value: unknown): { field: string; required: boolean; include: boolean }[] | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw badJson("Field 'inputLevels' is not an array")
  return value.map((one) => {
    const { datasetFieldTypeName: field, required, include } = objectIn(one) ?? {}
    if (typeof field !== 'string') throw badJson("Field 'datasetFieldTypeName' is mandatory")
    return { field, required: required === true, include: include !== false }
  })
}

function textsIn(value: unknown, name: string): string[] | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw badJson(`Field '${name}' is not an array of strings`)
  return value
}

const objectIn = (value: unknown) => (isObject(value) ? value : undefined)

const defined = <T extends object>(members: { [K in keyof T]: T[K] | undefined }): Partial<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>
