import type { Caller } from '#src/access/caller.ts'
import type { RawField } from '#src/warehouse/catalogue.ts'
import { mayRead } from '#src/warehouse/reading.ts'
import type { RealmNeeds } from './needs.ts'
import { allRealms } from './realms.ts'

/** The header of a raw column: the name, and what one must know to read it. */
export const displayOf = (field: RawField): string => {
  if (field.type === 'timestamp') return `${field.label} (Timestamp)`
  return field.deidentified ? `${field.label} (Deidentified)` : field.label
}

/** Realms whose raw rows this caller may read, with their fields in the order of the columns. */
export function describeRawRealms({ warehouse }: RealmNeeds, caller: Caller) {
  const data = allRealms(warehouse.shelf).flatMap(({ id, catalogue }) => {
    if (catalogue.raw === null || !mayRead(catalogue, caller, 'raw')) return []
    const fields = catalogue.raw.fields.map((field) => ({
      // Callers name a field by what people read.
      name: field.label,
      alias: field.label,
      display: displayOf(field),
      anonymize: field.deidentified,
      documentation: field.description,
    }))
    return [{ id, name: catalogue.label, fields }]
  })
  return { success: true as const, data, total: data.length }
}
