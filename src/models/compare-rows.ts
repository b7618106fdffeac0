import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from '#src/warehouse/engines/duckdb-lock-down.ts'
import { quoted } from './build-plan.ts'
import type { RecipeKey } from './recipe.ts'

export interface Differences {
  readonly added: number
  readonly removed: number
  readonly changed: number
}

/**
 * Keeps a short mark of every row by its key, and counts what is different from the marks of the snapshot before. Null when
 * that one has none (no key was named then, or another engine's version made them), or is there no more.
 */
export async function compareRows(
  connection: DuckDBConnection,
  { table, columns: key }: RecipeKey,
  columns: Readonly<Record<string, string>>,
  before: string | null,
): Promise<Differences | null> {
  const version = (await connection.runAndReadAll('select version()')).getRows()[0]?.[0]
  // How values are hashed is the engine's own affair, and may be another in its next version.
  const marks = quoted(`marks by ${key.join(', ')} in ${String(version)}`)
  const hash = (names: readonly string[]) => `hash(${names.map((name) => `t.${quoted(name)}`).join(', ')})`
  await connection.run(
    `create table ${marks} as select ${hash(key)} as key, ${hash(Object.keys(columns).sort())} as mark from ${quoted(table)} t`,
  )
  if (before === null || !(await hasTable(connection, before, marks))) return null
  const compared = await connection.runAndReadAll(
    `select count(*) filter (o.key is null), count(*) filter (n.key is null), count(*) filter (o.mark <> n.mark)
     from ${marks} n full join ${before}.${marks} o on o.key = n.key`,
  )
  const [added, removed, changed] = (compared.getRows()[0] ?? []).map(Number)
  return { added: added ?? 0, removed: removed ?? 0, changed: changed ?? 0 }
}

/** Makes the snapshot before readable; null when it is there no more. */
export async function openBefore(connection: DuckDBConnection, file: string): Promise<string | null> {
  const name = quoted('the snapshot before')
  try {
    await connection.run(`attach ${literal(file)} as ${name} (read_only)`)
    return name
  } catch {
    return null
  }
}

export async function hasTable(connection: DuckDBConnection, before: string, table: string): Promise<boolean> {
  try {
    await connection.run(`describe ${before}.${table}`)
    return true
  } catch {
    return false
  }
}
