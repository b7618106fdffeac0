import type { Caller } from '#src/access/caller.ts'
import type { RawField } from '#src/warehouse/catalogue.ts'
import { mayRead, type Shelf } from '#src/warehouse/reading.ts'
import { isDay, type Parameters, restParameter } from './parameters.ts'
import { invalid, xdmodAccessDenied } from './problems.ts'
import { findRealm, type Realm, requireDimension } from './realms.ts'
import { readValueIds } from './value-ids.ts'

export interface RawRequest {
  readonly realm: Realm
  /** In the order of the columns. */
  readonly fields: readonly RawField[]
  readonly filters: readonly { dimension: string; values: string[] }[]
  readonly start: string
  readonly end: string
  readonly offset: number
}

/** Reads a request for raw rows, refusing what is wrong in the portal's words and in its order. */
export function readRawAsk(shelf: Shelf, caller: Caller, given: Parameters): RawRequest {
  const start = readDay(given, 'start_date')
  const end = readDay(given, 'end_date')
  if (end < start) throw invalid('End date cannot be less than start date.')
  const { realm, columns } = readRealm(shelf, caller, given)
  const fields = restParameter(given, 'fields')
  const filters = readFilters(realm, caller, given)
  const offset = readOffset(given)
  return { realm, fields: chooseFields(columns, fields), filters, start, end, offset }
}

function required(given: Parameters, name: string): string {
  const value = restParameter(given, name)
  if (value === undefined) throw invalid(`${name} is a required parameter.`)
  return value
}

function readDay(given: Parameters, name: string): string {
  const day = required(given, name)
  if (!isDay(day)) throw invalid(`Invalid value for ${name}. Must be a(n) ISO 8601 Date.`)
  return day
}

function readRealm(shelf: Shelf, caller: Caller, given: Parameters): { realm: Realm; columns: readonly RawField[] } {
  const realm = findRealm(shelf, required(given, 'realm'))
  if (!realm) throw invalid('No realm exists with the requested name.')
  const { raw } = realm.catalogue
  if (raw === null) throw invalid('The requested realm is not configured to provide raw data.')
  if (!mayRead(realm.catalogue, caller, 'raw'))
    throw xdmodAccessDenied({
      detail: 'Your user account does not have permission to get raw data from the requested realm.',
    })
  return { realm, columns: raw.fields }
}

const filterName = /^filters\[([^\]]*)\]$/

/** `filters[resource]=1,4` */
function readFilters(realm: Realm, caller: Caller, given: Parameters): RawRequest['filters'] {
  if (Object.hasOwn(given, 'filters')) throw invalid('Invalid value for filters. Must be a(n) array.')
  return Object.entries(given).flatMap(([key, value]) => {
    const dimension = filterName.exec(key)?.[1]
    if (dimension === undefined) return []
    if (!realm.catalogue.dimensions.some(({ name }) => name === dimension))
      throw invalid(`Invalid filter key '${dimension}'.`)
    requireDimension(realm, caller, dimension)
    return [{ dimension, values: readValueIds([value].flat().join(',')) }]
  })
}

function readOffset(given: Parameters): number {
  const text = restParameter(given, 'offset') ?? '0'
  if (!/^[+-]?\d{1,15}$/.test(text)) throw invalid('Invalid value for offset. Must be a(n) integer.')
  if (Number(text) < 0) throw invalid('Offset must be non-negative.')
  return Number(text)
}

function chooseFields(columns: readonly RawField[], asked: string | undefined): readonly RawField[] {
  if (asked === undefined) return columns
  const wanted = new Set(asked.split(','))
  const unknown = [...wanted].filter((name) => !columns.some(({ label }) => label === name))
  if (unknown.length > 0) throw invalid(`Invalid fields specified: ${unknown.map((name) => `'${name}'`).join(', ')}.`)
  return columns.filter(({ label }) => wanted.has(label))
}
