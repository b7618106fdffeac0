import { findOptionSet } from '#src/warehouse/catalogue.ts'
import type { Shelf } from '#src/warehouse/reading.ts'
import type { SelectColumn } from './choices.ts'

/** What the option set of a column says for which rows its options are, as its data are now; null: they are for every row. */
export function filterOf(shelf: Shelf, { options }: SelectColumn): string | null {
  if ('values' in options) return null
  const reading = shelf.take(options.model)
  if (reading === null || reading === 'none_yet') return null
  const set = findOptionSet(reading.catalogue, options.option_set)
  reading.release()
  return set?.filterBy ?? null
}
