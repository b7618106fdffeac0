import type { Caller } from '#src/access/caller.ts'
import { roles } from '#src/access/permissions.ts'
import { requirePermission } from '#src/http/permission.ts'
import { tokenMissing } from '#src/http/problems.ts'
import type { Catalogue, Dimension, Who } from './catalogue.ts'
import type { DayRange } from './period.ts'
import { dataForbidden, modelNotReady, unknownModel } from './problems.ts'

/** A model as it can be read at this moment. The snapshot stays until `release` is called. */
export interface Reading {
  readonly catalogue: Catalogue
  /** `flights@17`: what names the data for good, and the snapshot in the engine. */
  readonly snapshot: string
  /** Days that have facts; null where there are none or the model knows no days. */
  readonly days: DayRange | null
  release(): void
}

/** The models and their current snapshots; `models/` keeps it. */
export interface Shelf {
  /** Null: no such model. `none_yet`: it was never refreshed. */
  take(model: string): Reading | 'none_yet' | null
  /** The catalogue for who asks what there is, even before the first refresh. */
  catalogue(model: string): Catalogue | null
  readonly models: readonly string[]
}

const rank = (role: (typeof roles)[number]): number => roles.indexOf(role)

const roleReaches = (caller: Caller, who: Who): boolean =>
  who === 'public' || (caller.role !== null && rank(caller.role) >= rank(who))

/** Whether the caller may query the model (`warehouse:read`), or read its raw rows (`warehouse:raw`). */
export function mayRead(catalogue: Catalogue, caller: Caller, what: 'query' | 'raw'): boolean {
  const who = catalogue.access[what]
  if (who === 'public') return true
  return roleReaches(caller, who) && caller.grants.allows(permissionFor[what], catalogue.model)
}

const permissionFor = { query: 'warehouse:read', raw: 'warehouse:raw' } as const

/** Refuses with the reason: no credentials, a missing permission, or too low a role. */
export function requireRead(catalogue: Catalogue, caller: Caller, what: 'query' | 'raw'): void {
  if (mayRead(catalogue, caller, what)) return
  if (caller.via === 'anonymous')
    throw tokenMissing({
      detail: `${what === 'raw' ? 'Raw rows' : 'Aggregates'} of this model are not public.`,
      headers: { 'www-authenticate': 'Bearer realm="tessera"' },
    })
  requirePermission(caller, permissionFor[what], catalogue.model)
  throw dataForbidden({
    detail: `This model is for the role ${catalogue.access[what]} and those above it.`,
    hint: 'Ask an administrator for such a role.',
  })
}

/** Whether the caller may group and filter by a dimension. */
export const mayUse = (dimension: Dimension, caller: Caller): boolean => roleReaches(caller, dimension.who)

/** The dimensions that catalogues show this caller. */
export const usableDimensions = (catalogue: Catalogue, caller: Caller): Dimension[] =>
  catalogue.dimensions.filter((dimension) => !dimension.hidden && mayUse(dimension, caller))

/** Whose places in the engine a caller takes: everybody unknown is one. */
export const askerOf = ({ accountId, via }: Caller): string => accountId ?? via

/** Takes a model off the shelf for a caller who may read it; `release` it when done. */
export function takeModel(shelf: Shelf, caller: Caller, model: string, what: 'query' | 'raw'): Reading {
  const catalogue = shelf.catalogue(model)
  if (catalogue === null)
    throw unknownModel({ detail: `There is no model called ${model}.`, hint: 'GET /v1/models lists them.' })
  requireRead(catalogue, caller, what)
  const reading = shelf.take(model)
  if (reading === null || reading === 'none_yet')
    throw modelNotReady({
      detail: `The model ${model} has not been refreshed yet.`,
      hint: `Start a refresh with POST /v1/models/${model}/refreshes.`,
      headers: { 'retry-after': '5' },
    })
  return reading
}
