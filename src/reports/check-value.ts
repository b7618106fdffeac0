import { z } from 'zod'
import type { InputColumn } from './definition.ts'
import type { StoredValue } from './store.ts'

const Day = z.iso.date()

/** A value as it is kept: nothing but blanks is empty, and so is a choice of none. */
export function tidyValue(value: StoredValue): StoredValue {
  if (typeof value === 'string') return value.trim() === '' ? null : value
  if (typeof value !== 'object' || value === null) return value
  const ids = [...new Set(value)]
  return ids.length === 0 ? null : ids
}

/** Why a value is none for its column; null when it is. Whether a choice is among the options is asked elsewhere. */
export function faultOfValue(column: InputColumn, value: StoredValue): string | null {
  if (value === null) return column.required ? 'needs a value and cannot be emptied' : null
  switch (column.type) {
    case 'text':
      if (typeof value !== 'string') return 'takes a text'
      return value.length > column.max_length ? `is longer than ${column.max_length} characters` : null
    case 'number':
      if (typeof value !== 'number') return 'takes a number'
      if (column.decimals !== undefined && !hasDecimals(value, column.decimals))
        return column.decimals === 0
          ? 'takes a whole number'
          : `takes at most ${column.decimals} digits after the point`
      return outside(column, value)
    case 'checkbox':
      return typeof value === 'boolean' ? null : 'takes true or false'
    case 'date':
      return typeof value === 'string' && Day.safeParse(value).success
        ? outside(column, value)
        : 'takes a day, YYYY-MM-DD'
    case 'person':
      return typeof value === 'string' ? null : 'takes a user name'
    case 'single_select':
      return typeof value === 'string' ? null : 'takes the id of an option'
    case 'multi_select':
      if (typeof value !== 'object') return 'takes a list of ids of options'
      return value.length > column.most ? `takes at most ${column.most} choices` : null
  }
}

function outside<V extends number | string>(
  { min, max }: { min?: V | undefined; max?: V | undefined },
  value: V,
): string | null {
  if (min !== undefined && value < min) return `is less than ${min}`
  return max !== undefined && value > max ? `is more than ${max}` : null
}

const hasDecimals = (value: number, decimals: number): boolean => Number(value.toFixed(decimals)) === value
