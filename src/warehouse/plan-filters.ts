import type { Caller } from '#src/access/caller.ts'
import { roles } from '#src/access/permissions.ts'
import type { Filter } from './ask.ts'
import { type Catalogue, type Dimension, findDimension, keyColumn, type RowFilter, valuesTable } from './catalogue.ts'
import type { Parameter, SqlDialect } from './engines/engine.ts'
import { noSuch } from './no-such.ts'
import type { DayRange } from './period.ts'
import { queryInvalid } from './problems.ts'
import { mayUse, usableDimensions } from './reading.ts'

/** Collects what is bound; the only way a caller's value gets near a statement. */
export interface Binder {
  readonly params: Parameter[]
  /** The placeholder of a value; the same value twice gets the same one. */
  bind(value: Parameter): string
}

export function makeBinder(): Binder {
  const params: Parameter[] = []
  const known = new Map<string, string>()
  return {
    params,
    bind(value) {
      const key = JSON.stringify(value)
      const before = known.get(key)
      if (before !== undefined) return before
      const placeholder = `$${params.push(value)}`
      known.set(key, placeholder)
      return placeholder
    },
  }
}

/** A condition that was matched against the catalogue. */
export interface Condition extends Omit<Filter, 'dimension'> {
  readonly dimension: Dimension
}

/** Names matched against what this caller may use; everything that is wrong is told at once. */
export function matchFilters(catalogue: Catalogue, caller: Caller, filters: readonly Filter[]): Condition[] {
  const errors: { pointer: string; detail: string }[] = []
  const conditions = filters.flatMap((filter, i) => {
    const dimension = findDimension(catalogue, filter.dimension)
    const pointer = `#/filters/${i}`
    if (!dimension || !mayUse(dimension, caller)) {
      errors.push({
        pointer: `${pointer}/dimension`,
        detail: noSuch('dimension', filter.dimension, usableDimensions(catalogue, caller)),
      })
      return []
    }
    if (dimension.type !== 'integer' && (filter.min !== undefined || filter.max !== undefined))
      errors.push({ pointer, detail: `${filter.dimension} is not a number; only numbers take min and max.` })
    return [{ ...filter, dimension }]
  })
  if (errors.length > 0) throw queryInvalid({ detail: errors[0]!.detail, errors })
  return conditions
}

/** The filters that a caller cannot take off: rows of their own. */
export function rowConditions(catalogue: Catalogue, caller: Caller): Condition[] {
  return catalogue.access.rowFilters.flatMap((filter) => {
    if (filter.unlessRole && caller.role && roles.indexOf(caller.role) >= roles.indexOf(filter.unlessRole)) return []
    const dimension = findDimension(catalogue, filter.dimension)
    if (!dimension) throw new Error(`row filter by ${filter.dimension}, which the model does not have`)
    const own = ownValue(caller, filter.equals)
    return [{ dimension, values: own === null ? [] : [own], exclude: false }]
  })
}

function ownValue(caller: Caller, which: RowFilter['equals']): string | null {
  if (which === 'account.name') return caller.accountName
  if (which === 'account.id') return caller.accountId
  return caller.role
}

export interface Scope {
  readonly dialect: SqlDialect
  readonly snapshot: string
  readonly binder: Binder
}

/** The conditions on rows of `alias` (a table with the dimensions' id columns and a `day`), as one SQL expression. */
export function whereSql(scope: Scope, alias: string, conditions: readonly Condition[], days: DayRange | null): string {
  const { dialect, binder } = scope
  const parts = conditions.map((condition) => conditionSql(scope, alias, condition))
  if (days) {
    const [from, to] = [days.start, days.end].map((day) => dialect.date(binder.bind(day)))
    parts.unshift(`${alias}.day between ${from} and ${to}`)
  }
  return parts.length === 0 ? 'true' : parts.join(' and ')
}

/** Facts hold a value's key; what is known of the value stands in the dimension's own small table. */
function conditionSql(
  scope: Scope,
  alias: string,
  { dimension, values, labels, min, max, exclude }: Condition,
): string {
  const { dialect, snapshot, binder } = scope
  const any = [
    ...(values ? [dialect.among('l.id', binder.bind(values))] : []),
    ...(labels ? [dialect.among('l.label', binder.bind(labels))] : []),
  ]
  const range = [
    ...(min === undefined ? [] : [`l.number >= ${binder.bind(min)}`]),
    ...(max === undefined ? [] : [`l.number <= ${binder.bind(max)}`]),
  ]
  if (range.length > 0) any.push(`(${range.join(' and ')})`)
  const keys = `select l.key from ${dialect.table(snapshot, valuesTable(dimension.name))} l where ${any.join(' or ')}`
  return `${alias}.${dialect.quote(keyColumn(dimension.name))} ${exclude ? 'not ' : ''}in (${keys})`
}
