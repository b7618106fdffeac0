import type { SqlDialect } from './engine.ts'

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** DuckDB's spelling of what engines spell differently. */
export const duckdbDialect: SqlDialect = {
  quote,
  table: (snapshot, name) => `${quote(snapshot)}.main.${quote(name)}`,
  truncate: (unit, date) => (unit === 'day' ? date : `cast(date_trunc('${unit}', ${date}) as date)`),
  next: (unit, date) => `cast(${date} + interval ${unit === 'quarter' ? '3 month' : `1 ${unit}`} as date)`,
  dayBegins: (date, zone) => `cast(epoch(timezone(${zone}, cast(${date} as timestamp))) as bigint)`,
  date: (parameter) => `cast(${parameter} as date)`,
  among: (text, parameter) => `${text} in (select unnest(cast(${parameter} as varchar[])))`,
  sameOrBothNull: (left, right) => `${left} is not distinct from ${right}`,
  isoMoment: (moment) => `strftime(${moment}, '%Y-%m-%dT%H:%M:%SZ')`,
  unixMoment: (moment) => `epoch_ms(${moment}) // 1000`,
}
