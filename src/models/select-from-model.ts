import { type Catalogue, findOptionSet, keyColumn, optionsTable, valuesTable } from '#src/warehouse/catalogue.ts'
import { duckdbDialect } from '#src/warehouse/engines/duckdb-dialect.ts'
import { literal } from '#src/warehouse/engines/duckdb-lock-down.ts'
import type { ModelTable } from './recipe.ts'

const { quote, table: tableOf } = duckdbDialect
const types = {
  string: 'varchar',
  integer: 'bigint',
  number: 'double',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
}

/** A SELECT of what a model's snapshot holds, under the names that people know it by; null when it does not hold that. */
export function selectFromModel(catalogue: Catalogue, alias: string, rows: ModelTable['rows']): string | null {
  if (rows !== null && typeof rows === 'object') {
    const set = findOptionSet(catalogue, rows.optionSet)
    return set ? `select id, label, only_for from ${tableOf(alias, optionsTable(set.name))} order by place` : null
  }
  const { raw } = catalogue
  if (rows === 'raw' && !raw) return null
  if (raw && rows !== 'facts') {
    const fields = raw.fields.map(
      ({ name, type, column }) => `cast(r.${quote(column)} as ${types[type]}) as ${quote(name)}`,
    )
    return `select ${fields.join(', ')} from ${tableOf(alias, raw.table)} r`
  }
  if (catalogue.dimensions.length === 0 && catalogue.metrics.length === 0) return null
  const { dimensions } = catalogue
  const own =
    raw?.table === 'facts' ? raw.fields.map(({ column }) => column).filter((column) => /^r_/.test(column)) : []
  // A column that a metric reads may be called as a dimension is; then the dimension is meant.
  const hidden = [
    ...dimensions.flatMap(({ name }, i) => [name, `${name}_label`, keyColumn(name), `id ${i}`, `label ${i}`]),
    ...own,
  ].map(literal)
  const joined = dimensions.map(
    ({ name }, i) => `left join ${tableOf(alias, valuesTable(name))} v${i} on v${i}.key = f.${quote(keyColumn(name))}`,
  )
  const values = dimensions.map((_, i) => `, v${i}.id as "id ${i}", v${i}.label as "label ${i}"`)
  const named = dimensions.map(
    ({ name }, i) => `, "id ${i}" as ${quote(name)}, "label ${i}" as ${quote(`${name}_label`)}`,
  )
  return `select columns(lambda c: c not in (${hidden.join(', ') || "''"}))${named.join('')}
from (select f.rowid as fact_number, f.*${values.join('')} from ${tableOf(alias, 'facts')} f ${joined.join(' ')})`
}
