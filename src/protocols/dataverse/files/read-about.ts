import { withoutNulls } from '../parameters.ts'
import { refused } from '../problems.ts'

/** What clients say of a file beside it. What they leave out is not there. */
export interface About {
  readonly label?: string
  readonly directoryLabel?: string
  readonly description?: string
  readonly categories?: readonly string[]
  readonly tags?: readonly string[]
  readonly restrict?: boolean
  /** A replacement may be of another type. */
  readonly forceReplace?: boolean
  /** Of content that was sent to an address of its own. */
  readonly storageIdentifier?: string
  readonly fileName?: string
  readonly mimeType?: string
  readonly checksum?: { readonly type: string; readonly value: string }
  readonly fileToReplaceId?: number
}

/** Tags of tables: these, and no others. */
export const tabularTags = ['Survey', 'Time Series', 'Panel', 'Event', 'Genomics', 'Network', 'Geospatial'] as const

const malformed = (detail?: string) =>
  refused(400, `Error in parsing provided json${detail === undefined ? '' : `: ${detail}`}`)

/** Reads `jsonData`, of which unknown members mean nothing: clients send what else they know of a file. */
export const readAbout = (text: string): About => aboutOf(objectOf(parsed(text)))

/** The same for many files at once. */
export function readManyAbout(text: string): About[] {
  const all = parsed(text)
  if (!Array.isArray(all)) throw malformed()
  return all.map((one) => aboutOf(objectOf(one)))
}

function parsed(text: string): unknown {
  try {
    return withoutNulls(JSON.parse(text))
  } catch {
    throw malformed()
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed()
  return value as Record<string, unknown>
}

function aboutOf(fields: Record<string, unknown>): About {
  const checksum = checksumOf(fields)
  const toReplace = fields.fileToReplaceId
  return {
    ...member('label', textOf(fields, 'label')),
    ...member('directoryLabel', textOf(fields, 'directoryLabel')),
    ...member('description', textOf(fields, 'description')),
    ...member('categories', wordsOf(fields, 'categories')),
    ...member('tags', tagsOf(fields)),
    ...member('restrict', yesOrNo(fields, 'restrict')),
    ...member('forceReplace', yesOrNo(fields, 'forceReplace')),
    ...member('storageIdentifier', textOf(fields, 'storageIdentifier')),
    ...member('fileName', textOf(fields, 'fileName')),
    ...member('mimeType', textOf(fields, 'mimeType')),
    ...member('checksum', checksum),
    ...member('fileToReplaceId', Number.isSafeInteger(toReplace) ? (toReplace as number) : undefined),
  }
}

const member = <K extends keyof About>(name: K, value: About[K] | undefined): Pick<About, K> | object =>
  value === undefined ? {} : { [name]: value }

function textOf(fields: Record<string, unknown>, name: string): string | undefined {
  const value = fields[name]
  if (value === undefined || typeof value === 'string') return value
  throw malformed(`${name} is not a text`)
}

function yesOrNo(fields: Record<string, unknown>, name: string): boolean | undefined {
  const value = fields[name]
  if (value === undefined || typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value.toLowerCase() : ''
  if (text === 'true' || text === 'false') return text === 'true'
  throw malformed(`${name} is neither true nor false`)
}

/** Texts, or objects with a `name`. Empty ones and repetitions are dropped. */
export function wordsOf(fields: Record<string, unknown>, name: string): string[] | undefined {
  const value = fields[name]
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw malformed(`${name} is not a list`)
  const words = value.map((one) => {
    const word = typeof one === 'object' && one !== null ? (one as { name?: unknown }).name : one
    if (typeof word !== 'string') throw malformed(`${name} holds something else than texts`)
    return word.trim()
  })
  return [...new Set(words)].filter((word) => word !== '')
}

export function tagsOf(fields: Record<string, unknown>, name = 'dataFileTags'): string[] | undefined {
  const tags = wordsOf(fields, name)
  const wrong = tags?.filter((tag) => !(tabularTags as readonly string[]).includes(tag)) ?? []
  if (wrong.length > 0)
    throw refused(
      400,
      `Not a valid Tabular Data Tag:  [${wrong.join(', ')}]. Please use one of the following: ${tabularTags.join(', ')}`,
    )
  return tags
}

function checksumOf(fields: Record<string, unknown>): About['checksum'] | undefined {
  const md5 = textOf(fields, 'md5Hash')
  if (md5 !== undefined) return { type: 'MD5', value: md5 }
  const { checksum } = fields
  if (typeof checksum !== 'object' || checksum === null) return undefined
  const { '@type': type, '@value': value } = checksum as Record<string, unknown>
  if (typeof type !== 'string' || typeof value !== 'string') throw malformed('checksum lacks @type or @value')
  return { type, value }
}
