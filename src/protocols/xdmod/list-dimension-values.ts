import type { Caller } from '#src/access/caller.ts'
import { listValues } from '#src/warehouse/list-values.ts'
import type { RealmNeeds } from './needs.ts'
import { type Parameters, parameter } from './parameters.ts'
import { invalid } from './problems.ts'
import { allRealms, findRealm, none, type Realm, requireDimension, requireRealm } from './realms.ts'
import { writeValueId } from './value-ids.ts'
import { oneLine } from './write-csv.ts'

interface Value {
  readonly id: string
  readonly label: string
}

interface Page {
  readonly total: number
  readonly values: readonly Value[]
}

const defaultLimit = 20

/** A page of the values of a dimension that occur in the data and that this caller may see, in the dimension's own order. */
export async function listDimensionValues(needs: RealmNeeds, caller: Caller, given: Parameters, signal: AbortSignal) {
  const dimension = parameter(given, 'dimension_id')
  if (dimension === undefined) throw invalid('dimension_id is a required parameter.')
  const realms = requestedRealms(needs, caller, given, dimension)
  const start = wholeNumber(given, 'start') || 0
  const limit = wholeNumber(given, 'limit') || defaultLimit
  const words = searchedWords(given)
  const page = await readPage(needs, caller, realms, { dimension, start, limit, words, signal })

  const chosen = new Set((parameter(given, 'selectedFilterIds') ?? '').split(','))
  const data = page.values.map(({ id, label }) => {
    const name = oneLine(label)
    const written = writeValueId(id)
    return { id: written, name, short_name: name, checked: chosen.has(`${dimension}=${written}`) }
  })
  return { totalCount: page.total, data }
}

const longestSearch = 200

/** Each word is looked for in each label, so there must not be any number of them. */
function searchedWords(given: Parameters): string[] {
  const text = parameter(given, 'search_text') ?? ''
  if (text.length > longestSearch) throw invalid(`search_text has at most ${longestSearch} characters.`)
  return text.toLowerCase().split(/\s+/)
}

interface PageAsk {
  readonly dimension: string
  readonly start: number
  readonly limit: number
  readonly words: readonly string[]
  readonly signal: AbortSignal
}

async function readPage(
  { warehouse, organization }: RealmNeeds,
  caller: Caller,
  realms: readonly Realm[],
  { dimension, start, limit, words, signal }: PageAsk,
): Promise<Page> {
  const [first] = realms
  const searched = words.some((word) => word !== '')
  if (first && realms.length === 1 && !searched && dimension !== none.id)
    return listValues(warehouse, caller, { model: first.catalogue.model, dimension, offset: start, limit }, { signal })

  const merged = new Map<string, Value>()
  if (dimension === none.id) merged.set(none.valueId, { id: none.valueId, label: organization })
  else
    for (const { catalogue } of realms) {
      const { values } = await listValues(warehouse, caller, { model: catalogue.model, dimension }, { signal })
      for (const value of values) if (!merged.has(value.id)) merged.set(value.id, value)
    }
  const found = [...merged.values()].filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)))
  return { total: found.length, values: found.slice(start, start + limit) }
}

/** The realms named (a comma list), or those of all that have the dimension. */
function requestedRealms(
  { warehouse: { shelf } }: RealmNeeds,
  caller: Caller,
  given: Parameters,
  dimension: string,
): Realm[] {
  const named = parameter(given, 'realm')
  if (named === undefined)
    return allRealms(shelf).filter((realm) => {
      try {
        requireRealm(realm, caller)
        requireDimension(realm, caller, dimension)
        return true
      } catch {
        return false
      }
    })
  return [...new Set(named.split(','))].map((id) => {
    const realm = findRealm(shelf, id)
    if (!realm) throw invalid('No realm exists with the requested name.')
    requireRealm(realm, caller)
    requireDimension(realm, caller, dimension)
    return realm
  })
}

function wholeNumber(given: Parameters, name: string): number {
  const text = parameter(given, name) ?? '0'
  if (!/^\d{1,15}$/.test(text)) throw invalid(`Invalid value for ${name}. Must be a(n) integer.`)
  return Number(text)
}
