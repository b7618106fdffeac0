import type { FileListAsk } from '#src/datasets/files/list-files.ts'
import type { Access } from '#src/datasets/files/version-file.ts'
import { refused } from '../problems.ts'

type FileOrder = NonNullable<FileListAsk['order']>
type FileFilter = Pick<FileListAsk, 'type' | 'access' | 'category' | 'tag' | 'search'>

const orders: Readonly<Record<string, FileOrder>> = {
  NameAZ: 'name',
  NameZA: '-name',
  Newest: 'newest',
  Oldest: 'oldest',
  Size: 'size',
  Type: 'type',
}

/** How Dataverse says who may have a file. */
export const accessStatus: Readonly<Record<Access, string>> = {
  public: 'Public',
  restricted: 'Restricted',
  embargoed: 'EmbargoedThenPublic',
  embargoed_restricted: 'EmbargoedThenRestricted',
}

export function orderOf(text = 'NameAZ'): FileOrder {
  if (Object.hasOwn(orders, text)) return orders[text] as FileOrder
  throw refused(400, `Invalid order criteria: ${text}`)
}

interface Filters {
  readonly contentType?: string | undefined
  readonly accessStatus?: string | undefined
  readonly categoryName?: string | undefined
  readonly tabularTagName?: string | undefined
  readonly searchText?: string | undefined
}

/** Null: of what is asked for there are none here (periods of retention). */
export function filterOf(query: Filters): FileFilter | null {
  const access = accessOf(query.accessStatus)
  if (access === null) return null
  return {
    ...(query.contentType && { type: query.contentType }),
    ...(access && { access }),
    ...(query.categoryName && { category: query.categoryName }),
    ...(query.tabularTagName && { tag: query.tabularTagName }),
    ...(query.searchText && { search: query.searchText }),
  }
}

function accessOf(text: string | undefined): Access | undefined | null {
  if (text === undefined || text === '') return undefined
  if (text === 'RetentionPeriodExpired') return null
  const found = Object.entries(accessStatus).find(([, name]) => name === text)?.[0] as Access | undefined
  if (found) return found
  throw refused(400, `Invalid access status: ${text}`)
}

/** The part of the list that is asked for. */
export function pageOf(query: { readonly limit?: string | undefined; readonly offset?: string | undefined }) {
  const limit = wholeNumber('limit', query.limit)
  const offset = wholeNumber('offset', query.offset)
  return { ...(limit !== undefined && { limit }), ...(offset !== undefined && { offset }) }
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw refused(400, `Invalid ${name}: ${text}`)
}

export const countsOf = (counts: readonly { readonly value: string; readonly count: number }[]) =>
  Object.fromEntries(counts.map(({ value, count }) => [value, count]))
