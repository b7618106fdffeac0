import { createReadStream, createWriteStream } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { sql } from 'kysely'
import { type Manifest, sumFile } from './backup-format.ts'
import type { Tx } from './change.ts'
import { backupDamaged } from './problems.ts'

const rowsAtOnce = 500

interface TableColumns {
  name: string
  columns: { name: string; type: string }[]
}

/** Our tables with the columns that hold something (not those computed from others), in the order of the catalogue. */
async function listTables(tx: Tx): Promise<TableColumns[]> {
  const { rows } = await sql<TableColumns>`
    select c.relname as name,
      json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname not like 'kysely\\_%' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname order by c.relname collate "C"`.execute(tx)
  return rows
}

/** Values leave and come back as Postgres' own texts of them, so nothing is lost on the way: no digit, no blank in a JSON document. */
export async function dumpTables(tx: Tx, directory: string): Promise<Manifest['tables']> {
  await sql`set local datestyle = 'ISO'; set local timezone = 'UTC'; set local bytea_output = 'hex'`.execute(tx)
  const tables: Manifest['tables'] = []
  for (const { name, columns } of await listTables(tx)) {
    const file = path.posix.join('tables', `${name}.ndjson.gz`)
    let rows = 0
    const lines = Readable.from(
      (async function* () {
        for await (const batch of linesOf(tx, name, columns)) {
          rows += batch.length
          yield batch.join('')
        }
      })(),
    )
    await pipeline(lines, createGzip({ level: 1 }), createWriteStream(path.join(directory, file), { flush: true }))
    const sum = await sumFile(path.join(directory, file))
    tables.push({ name, columns: columns.map((column) => column.name), rows, path: file, ...sum })
  }
  return tables
}

async function* linesOf(tx: Tx, name: string, columns: TableColumns['columns']): AsyncGenerator<string[]> {
  const values = sql.join(columns.map((column) => sql`${sql.ref(column.name)}::text`))
  await sql`declare dump no scroll cursor for
    select json_build_array(${values})::text as line from ${sql.id('public', name)}`.execute(tx)
  for (;;) {
    const { rows } = await sql<{ line: string }>`fetch ${sql.lit(rowsAtOnce)} from dump`.execute(tx)
    if (rows.length > 0) yield rows.map(({ line }) => `${line}\n`)
    if (rows.length < rowsAtOnce) break
  }
  await sql`close dump`.execute(tx)
}

export async function dumpSequences(tx: Tx): Promise<Manifest['sequences']> {
  const { rows: names } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'S' order by relname collate "C"`.execute(tx)
  const sequences: Manifest['sequences'] = []
  for (const { name } of names) {
    const { rows } = await sql<{ last_value: string; is_called: boolean }>`
      select last_value::text, is_called from ${sql.id('public', name)}`.execute(tx)
    if (rows[0]) sequences.push({ name, ...rows[0] })
  }
  return sequences
}

/**
 * Fills freshly migrated tables with what a backup holds. Foreign keys are taken off meanwhile and checked at the end,
 * as rows come in no order; triggers (the audit trail's guard) are asleep.
 */
export async function loadTables(tx: Tx, directory: string, manifest: Manifest): Promise<void> {
  const present = new Map((await listTables(tx)).map((table) => [table.name, table.columns]))
  if (present.size === 0) return
  const all = sql.join([...present.keys()].map((name) => sql.id('public', name)))
  const keys = await takeOffForeignKeys(tx)
  for (const name of present.keys()) await sql`alter table ${sql.id('public', name)} disable trigger user`.execute(tx)
  // Rows that the migrations themselves put in.
  await sql`truncate ${all}`.execute(tx)
  for (const table of manifest.tables) {
    const columns = present.get(table.name)
    if (!columns) throw doesNotFit(`its table ${table.name} is unknown`)
    await loadTable(tx, path.join(directory, table.path), table, columns)
  }
  for (const { name, last_value, is_called } of manifest.sequences) {
    await sql`select setval(format('public.%I', ${name}::text)::regclass, ${last_value}::bigint, ${is_called})`.execute(
      tx,
    )
  }
  for (const name of present.keys()) await sql`alter table ${sql.id('public', name)} enable trigger user`.execute(tx)
  for (const key of keys) await sql.raw(key).execute(tx)
}

/** Returns the statements that put them back. */
async function takeOffForeignKeys(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ off: string; on: string }>`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as off,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as on
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0`.execute(tx)
  for (const { off } of rows) await sql.raw(off).execute(tx)
  return rows.map(({ on }) => on)
}

async function loadTable(
  tx: Tx,
  file: string,
  table: Manifest['tables'][number],
  columns: TableColumns['columns'],
): Promise<void> {
  // Types come from the database: nothing in a backup becomes SQL.
  const types = table.columns.map((name) => {
    const type = columns.find((column) => column.name === name)?.type
    if (!type) throw doesNotFit(`its column ${table.name}.${name} is unknown`)
    return type
  })
  const names = sql.join(table.columns.map((name) => sql.ref(name)))
  const values = sql.join(types.map((type, at) => sql`(line ->> ${sql.lit(at)})::${sql.raw(type)}`))
  const insert = async (lines: string[]): Promise<void> => {
    await sql`insert into ${sql.id('public', table.name)} (${names}) overriding system value
      select ${values} from unnest(${lines}::json[]) as line`.execute(tx)
  }
  let rows = 0
  let batch: string[] = []
  const unpacked = createReadStream(file).pipe(createGunzip())
  for await (const line of createInterface({ input: unpacked })) {
    rows++
    if (batch.push(line) < rowsAtOnce) continue
    await insert(batch)
    batch = []
  }
  if (batch.length > 0) await insert(batch)
  if (rows !== table.rows) throw doesNotFit(`${table.name} has ${rows} rows instead of ${table.rows}`)
}

const doesNotFit = (what: string) =>
  backupDamaged({
    detail: `The backup does not fit the migrations it names: ${what}.`,
    hint: 'Nothing was restored. Restore it with the version of Tessera that made it.',
  })
