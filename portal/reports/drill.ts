import { readSearch, type Search } from '#portal/kit/search.ts'
import { writeFilterWord } from '#portal/warehouse/filter-words.ts'
import { daysOfPeriod } from '#portal/warehouse/periods.ts'
import type { Unit } from '#portal/warehouse/question.ts'
import type { RowKey } from './report-data.ts'

export interface Target {
  readonly to: string
  readonly search: Search
}

/** An address of the portal as the router takes it. */
export function targetOf(address: string): Target {
  const { pathname, search } = new URL(address, 'http://portal.invalid')
  return { to: pathname, search: readSearch(search) }
}

/** The same question narrowed to one row: to the ids of its dimensions, and in a series to the days of its period. */
export function narrowed({ to, search }: Target, { period, ...ids }: RowKey, unit: Unit): Target {
  const filters = Object.entries(ids).map(([dimension, id]) =>
    writeFilterWord({ dimension, values: [id], exclude: false }),
  )
  const filter = [search.filter ?? [], filters].flat()
  const { period: _, ...rest } = search
  const days = period === undefined ? null : daysOfPeriod(period, unit)
  return {
    to,
    search: {
      ...(days === null ? search : { ...rest, ...days }),
      ...(filter.length > 0 && { filter: filter.length === 1 ? filter[0]! : filter }),
    },
  }
}
