import type { Caller } from '#src/access/caller.ts'
import type { Catalogue, Dimension } from '#src/warehouse/catalogue.ts'
import { mayRead, mayUse, type Shelf } from '#src/warehouse/reading.ts'
import { xdmodAccessDenied, xdmodUnknownDimension } from './problems.ts'

/** A model as this protocol shows it. */
export interface Realm {
  readonly id: string
  readonly catalogue: Catalogue
}

const inByteOrder =
  <T>(of: (item: T) => string) =>
  (a: T, b: T) =>
    Buffer.compare(Buffer.from(of(a)), Buffer.from(of(b)))

/** Sorted in plain byte order of a text, as clients show them. */
export const sortedBy = <T>(items: readonly T[], of: (item: T) => string): T[] => items.toSorted(inByteOrder(of))

/** Every realm there is, by id. */
export function allRealms(shelf: Shelf): Realm[] {
  const realms = shelf.models.flatMap((model) => {
    const catalogue = shelf.catalogue(model)
    return catalogue === null || catalogue.realm === null ? [] : [{ id: catalogue.realm, catalogue }]
  })
  return sortedBy(realms, (realm) => realm.id)
}

export const findRealm = (shelf: Shelf, id: string): Realm | undefined =>
  allRealms(shelf).find((realm) => realm.id === id)

/** Three lines, as the portal's own message has. */
const noPermission = `Your user account does not have permission to see the requested data.
If you believe that you should be able to see it,
ask an administrator of this portal for access.`

export const accessDenied = () => xdmodAccessDenied({ detail: noPermission })

export function requireRealm(realm: Realm, caller: Caller): void {
  if (!mayRead(realm.catalogue, caller, 'query')) throw accessDenied()
}

/** The dimension `none`, which no model has: everything together, under the organisation's name. */
export const none = { id: 'none', label: 'None', valueId: '-9999' } as const

/** The dimensions that this caller may group and filter by, hidden ones too. */
export const usableDimensions = (realm: Realm, caller: Caller): Dimension[] =>
  realm.catalogue.dimensions.filter((dimension) => mayUse(dimension, caller))

/** A dimension of the realm for this caller; null for `none`. */
export function requireDimension(realm: Realm, caller: Caller, id: string): Dimension | null {
  if (id === none.id) return null
  const dimension = realm.catalogue.dimensions.find(({ name }) => name === id)
  if (!dimension) throw xdmodUnknownDimension({ detail: `Dimension '${id}' does not exist for realm '${realm.id}'.` })
  if (!mayUse(dimension, caller)) throw accessDenied()
  return dimension
}
