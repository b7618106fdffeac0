import type pg from 'pg'

interface Column {
  table: string
  column: string
  type: string
  array: boolean
  nullable: boolean
  /** Filled in by the database when an insert leaves it out. */
  filled: boolean
  /** Never written by hand (identity always, computed columns). */
  fixed: boolean
}

const columnsOfTables = `
  select c.relname as table, a.attname as column,
    coalesce(e.typname, t.typname) as type, e.oid is not null as array,
    not a.attnotnull as nullable,
    a.atthasdef or a.attidentity <> '' as filled,
    a.attidentity = 'a' or a.attgenerated <> '' as fixed
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_type t on t.oid = a.atttypid
  left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and c.relname not like 'kysely\\_%'
    and a.attnum > 0 and not a.attisdropped
  order by c.relname collate "C", a.attnum`

/** What a value of each column type is in TypeScript, as `open-database.ts` reads it. */
const typeNames: Record<string, string> = {
  bool: 'boolean',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float4: 'number',
  float8: 'number',
  // Exact, so it stays text.
  numeric: 'string',
  text: 'string',
  varchar: 'string',
  bpchar: 'string',
  name: 'string',
  uuid: 'string',
  inet: 'string',
  date: 'string',
  timestamptz: 'Timestamp',
  bytea: 'Buffer',
  json: 'Json',
  jsonb: 'Json',
  tsvector: 'string',
}

const helpers: [string, string][] = [
  [
    'Json',
    '/** Read as the parsed value; written as its JSON text. */\nexport type Json = ColumnType<unknown, string, string>',
  ],
  ['Timestamp', 'export type Timestamp = ColumnType<Date, Date | string, Date | string>'],
  [
    // Kysely's own does not look into a ColumnType: a generated timestamp would be read as one.
    'Generated',
    '/** May be left out when writing. */\nexport type Generated<T> =\n  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>',
  ],
]

/** The Kysely types of every table in a migrated database, as the text of `tables.ts`; the same database, the same text. */
export async function describeTables(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<Column>(columnsOfTables)
  const tables = Map.groupBy(rows, (row) => row.table)
  const bodies = [...tables].map(([table, columns]) => {
    const lines = columns.map((column) => `  ${column.column}: ${typeOf(column)}\n`)
    return `export interface ${interfaceName(table)} {\n${lines.join('')}}\n`
  })
  const names = [...tables.keys()].map((table) => `  ${table}: ${interfaceName(table)}\n`)
  const body = [...bodies, `export interface Tables {\n${names.join('')}}\n`].join('\n')
  const used = helpers.filter(([name]) => new RegExp(`\\b${name}\\b`).test(body)).map(([, text]) => `${text}\n`)
  const kysely = ['ColumnType', 'GeneratedAlways'].filter((name) =>
    new RegExp(`\\b${name}<`).test(used.join('') + body),
  )
  const head = [
    '// Written by `npm run tables` from the migrations. Don’t edit.\n',
    ...(kysely.length > 0 ? [`import type { ${kysely.join(', ')} } from 'kysely'\n`] : []),
  ]
  return [...head, ...used, body].join('\n')
}

function typeOf(column: Column): string {
  const name = typeNames[column.type]
  if (!name) throw new Error(`${column.table}.${column.column}: no TypeScript type is decided for ${column.type}`)
  const element = column.array ? `${name}[]` : name
  const value = column.nullable ? `${element} | null` : element
  if (column.fixed) return `GeneratedAlways<${value}>`
  // Kysely lets a nullable column be left out by itself.
  return column.filled && !column.nullable ? `Generated<${value}>` : value
}

function interfaceName(table: string): string {
  return table.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
