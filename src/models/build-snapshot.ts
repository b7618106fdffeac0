import { open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { valuesTable } from '#src/warehouse/catalogue.ts'
import { literal, lockDown, lockedExtensions } from '#src/warehouse/engines/duckdb-lock-down.ts'
import { NotAnswered } from './asked-rows.ts'
import * as sql from './build-plan.ts'
import { BuildRefused } from './build-refused.ts'
import { compareRows, type Differences, openBefore } from './compare-rows.ts'
import { readAnswer } from './read-answer.ts'
import type { BuildRecipe, BuildTable, RecipeDimension, RecipeRaw } from './recipe.ts'
import { storeOptions } from './store-options.ts'

export interface BuildOrder {
  readonly recipe: BuildRecipe
  /** The file that is read now, to compare with and to build upon; null: there is none. */
  readonly before: string | null
  /** Made anew; the caller renames it when all is well. */
  readonly target: string
  readonly scratch: string
  readonly memoryLimitBytes: number
  readonly threads: number | null
  /** Hashed along with deidentified values. */
  readonly salt: string
  /** Rows of the facts table at the last refresh. */
  readonly rowsBefore: number | null
}

export interface Built {
  /** Of the facts table. */
  readonly rows: number
  /** Stored facts: more than `rows` where facts are spread over days. */
  readonly facts: number
  readonly days: { readonly start: string; readonly end: string } | null
  readonly bytes: number
  /** Against the snapshot before; null where that cannot be told. */
  readonly differences: Differences | null
  readonly sources: readonly BuiltSource[]
}

export interface BuiltSource {
  readonly name: string
  readonly rows: number
  readonly columns: Readonly<Record<string, string>>
  /** When a database that was asked gave its answer. */
  readonly time?: string
  /** The highest of a table that is refreshed incrementally. */
  readonly watermark?: string | null
  /** Rows of the snapshot before were built upon. */
  readonly resumed?: boolean
}

/** What the one who ordered it is told meanwhile: how far it is, and what people should know. */
export interface BuildNews {
  step(step: BuildStep): void
  say(text: string): void
}

export interface BuildStep {
  readonly name: 'read' | 'check' | 'facts' | 'rows' | 'values' | 'write'
  readonly done: number
  readonly total: number
}

/** Builds the snapshot that a recipe describes; what is not as the guards want it throws a `BuildRefused` and leaves no file. */
export async function buildSnapshot(order: BuildOrder, news: BuildNews): Promise<Built> {
  const { recipe, target } = order
  await rm(target, { force: true })
  const instance = await DuckDBInstance.create(target, {
    memory_limit: `${Math.floor(order.memoryLimitBytes / 1024)}KiB`,
    ...(order.threads !== null && { threads: String(order.threads) }),
    temp_directory: order.scratch,
    // Written and read by the same version of the engine, so its newest forms of storage may be used.
    storage_compatibility_version: 'latest',
    preserve_insertion_order: 'true',
    ...lockedExtensions,
  })
  const connection = await instance.connect()
  try {
    await connection.run("set timezone = 'UTC'")
    const known = order.before === null ? [] : [dirname(order.before)]
    await lockDown(connection, [dirname(target), order.scratch, ...known, ...sourceDirectories(recipe)])
    const total = recipe.tables.length + recipe.dimensions.length + 4
    let done = 0
    const step = (name: BuildStep['name']) => news.step({ name, done: done++, total })

    await connection.run(
      `create temp macro local_day(t) as cast(timezone(${literal(recipe.timeZone)}, cast(t as timestamptz)) as date)`,
    )
    const before = order.before === null ? null : await openBefore(connection, order.before)
    const sources: BuiltSource[] = []
    for (const table of recipe.tables) {
      step('read')
      sources.push(await readTable(connection, { recipe, scratch: order.scratch, before, news }, table))
    }
    step('check')
    await checkGuards(connection, order, sources)
    const columns = new Map(sources.map((source) => [source.name, source.columns]))
    for (const dimension of recipe.dimensions) {
      step('values')
      await connection.run(
        `create table ${sql.quoted(valuesTable(dimension.name))} as ${sql.valuesSql(recipe, dimension)}`,
      )
    }
    const built = await store(connection, order, columns.get(recipe.facts) ?? {}, step)
    await storeCapacities(connection, recipe, columns)
    for (const set of recipe.optionSets) await storeOptions(connection, set, columns.get(set.table) ?? {})
    const differences =
      recipe.key && (await compareRows(connection, recipe.key, columns.get(recipe.key.table) ?? {}, before))
    step('write')
    if (before !== null) await connection.run(`detach ${before}`)
    await connection.run('checkpoint')
    const rows = sources.find((source) => source.name === recipe.facts)?.rows ?? 0
    return { rows, ...built, differences, bytes: await close(), sources }
  } catch (error) {
    await close().catch(() => 0)
    await rm(target, { force: true })
    await rm(`${target}.wal`, { force: true })
    throw error
  }

  /** The file as it will stay: closed, and on the disk. */
  async function close(): Promise<number> {
    connection.disconnectSync()
    instance.closeSync()
    const file = await open(target, 'r')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
    return (await stat(target)).size
  }
}

const sourceDirectories = (recipe: BuildRecipe): string[] => [
  ...new Set(
    recipe.tables.flatMap((table) =>
      table.kind === 'files'
        ? table.files.map((file) => dirname(file))
        : table.kind === 'snapshot'
          ? [dirname(table.file)]
          : [],
    ),
  ),
]

interface Reading {
  readonly recipe: BuildRecipe
  readonly scratch: string
  /** Name of the snapshot before, attached. */
  readonly before: string | null
  readonly news: BuildNews
}

/** Makes a source readable under its name, and says what is in it. Parquet stays where it is; the rest is read once. */
async function readTable(connection: DuckDBConnection, reading: Reading, table: BuildTable): Promise<BuiltSource> {
  const name = sql.quoted(table.name)
  let facts: Pick<BuiltSource, 'time' | 'watermark' | 'resumed'> = {}
  try {
    if (table.kind === 'sql') await connection.run(`create temp table ${name} as ${table.sql}`)
    else if (table.kind === 'query') facts = await readAnswer(connection, reading, table)
    else if (table.kind === 'snapshot') {
      await connection.run(`attach ${literal(table.file)} as ${sql.quoted(table.alias)} (read_only)`)
      await connection.run(`create temp view ${name} as ${table.select}`)
    } else if (table.files.length === 0) await connection.run(emptyTable(name, table.columns ?? {}))
    else if (table.format === 'parquet')
      await connection.run(`create temp view ${name} as select * from ${sql.filesSql(table)}`)
    else await connection.run(`create temp table ${name} as select * from ${sql.filesSql(table)}`)
  } catch (error) {
    if (error instanceof BuildRefused) throw error
    if (error instanceof NotAnswered)
      throw new BuildRefused(`The source ${table.name} did not answer: ${error.message}.`)
    throw new BuildRefused(`The table ${table.name} cannot be read: ${plain(error)}`)
  }
  const described = await connection.runAndReadAll(`describe ${name}`)
  const columns = Object.fromEntries(described.getRows().map((row) => [String(row[0]), String(row[1])]))
  const checks = [
    ...table.requiredColumns,
    ...table.notNull,
    ...table.unique.flat(),
    ...relatedColumns(reading.recipe, table.name),
    ...keyColumns(reading.recipe, table.name),
  ]
  for (const column of checks)
    if (!Object.hasOwn(columns, column))
      throw new BuildRefused(
        `The table ${table.name} has no column ${column}; it has ${Object.keys(columns).join(', ')}.`,
      )
  return { name: table.name, rows: await one(connection, `select count(*) from ${name}`), columns, ...facts }
}

const emptyTable = (name: string, columns: Readonly<Record<string, string>>): string =>
  `create temp table ${name} (${Object.entries(columns)
    .map(([column, type]) => `${sql.quoted(column)} ${type}`)
    .join(', ')})`

const keyColumns = ({ key }: BuildRecipe, table: string): readonly string[] =>
  key?.table === table && !key.ofOptions ? key.columns : []

const relatedColumns = (recipe: BuildRecipe, table: string): string[] =>
  recipe.relationships.flatMap((one) => (one.to === table ? one.toColumns : []))

async function checkGuards(
  connection: DuckDBConnection,
  { recipe, rowsBefore }: BuildOrder,
  sources: Built['sources'],
): Promise<void> {
  const rows = sources.find((source) => source.name === recipe.facts)?.rows ?? 0
  const { minRows, maxLoss } = recipe.guards
  if (rows < minRows)
    throw new BuildRefused(`${recipe.facts} has ${rows} rows; the guard min_rows wants at least ${minRows}.`)
  if (rowsBefore !== null && rows < rowsBefore * (1 - maxLoss))
    throw new BuildRefused(
      `${recipe.facts} has ${rows} rows, before it had ${rowsBefore}; the guard max_loss allows to lose ${maxLoss * 100} %.`,
    )
  for (const table of recipe.tables) {
    const name = sql.quoted(table.name)
    for (const column of table.notNull)
      if ((await one(connection, `select count(*) from ${name} where ${sql.quoted(column)} is null`)) > 0)
        throw new BuildRefused(`The column ${column} of ${table.name} holds nulls, which not_null forbids.`)
    const keys = [
      ...table.unique,
      ...recipe.relationships.flatMap((relation) => (relation.to === table.name ? [relation.toColumns] : [])),
      ...(keyColumns(recipe, table.name).length > 0 ? [keyColumns(recipe, table.name)] : []),
    ]
    for (const key of keys) await checkUnique(connection, table.name, key)
  }
}

async function checkUnique(connection: DuckDBConnection, table: string, key: readonly string[]): Promise<void> {
  const columns = key.map(sql.quoted)
  const known = columns.map((column) => `${column} is not null`).join(' and ')
  const twice = await connection.runAndReadAll(
    `select ${columns.map((column) => `cast(${column} as varchar)`).join(', ')} from ${sql.quoted(table)} where ${known}
     group by ${columns.join(', ')} having count(*) > 1 limit 1`,
  )
  const [row] = twice.getRows()
  if (row)
    throw new BuildRefused(`${table} has several rows with ${key.join(', ')} = ${row.join(', ')}; each may occur once.`)
}

async function store(
  connection: DuckDBConnection,
  { recipe, salt }: BuildOrder,
  columns: Readonly<Record<string, string>>,
  step: (name: BuildStep['name']) => void,
): Promise<Pick<Built, 'facts' | 'days'>> {
  const { raw } = recipe
  const zone = recipe.timeZone
  const kindOf = (column: string): sql.TimeKind => {
    const type = columns[column]
    const kind = type === undefined ? null : sql.timeKind(type)
    if (kind === null)
      throw new BuildRefused(
        `The column ${column} of ${recipe.facts} ${type ? `is ${type}, which tells no time` : 'is missing'}.`,
      )
    return kind
  }
  const dayOf = (column: string) => sql.localDay(`f.${sql.quoted(column)}`, kindOf(column), zone)
  const secondsOf = (column: string) => sql.unixSeconds(`f.${sql.quoted(column)}`, kindOf(column), zone)
  const time: sql.TimeColumns | null =
    recipe.time === null
      ? null
      : 'column' in recipe.time
        ? { day: dayOf(recipe.time.column), spread: null }
        : {
            day: 'day',
            spread: {
              startDay: dayOf(recipe.time.start),
              endDay: dayOf(recipe.time.end),
              start: secondsOf(recipe.time.start),
              end: secondsOf(recipe.time.end),
            },
          }
  for (const column of recipe.factColumns)
    if (!Object.hasOwn(columns, column))
      throw new BuildRefused(
        `A metric reads ${column}, which ${recipe.facts} does not have; it has ${Object.keys(columns).join(', ')}.`,
      )
  const rawFields: string[] = []
  for (const field of raw?.fields ?? [])
    rawFields.push(sql.rawSql(field, await rawKind(connection, recipe, field), salt))
  const enums = await makeEnums(connection, recipe)
  const tables = sql.storedTables({ recipe, time, rawDay: raw?.time ? dayOf(raw.time) : null, rawFields, enums })
  step('facts')
  if (time?.spread) await connection.run(sql.spreadDaysSql(recipe, time.spread))
  await refuseBadSql(connection.run(`create table facts as ${tables.facts}`))
  if (time?.spread) await connection.run('drop table spread_days')
  step('rows')
  if (tables.rows !== null) await refuseBadSql(connection.run(`create table rows as ${tables.rows}`))
  const facts = await one(connection, 'select count(*) from facts')
  if (!time) return { facts, days: null }
  const range = await connection.runAndReadAll('select cast(min(day) as varchar), cast(max(day) as varchar) from facts')
  const [start, end] = range.getRows()[0] ?? []
  return { facts, days: typeof start === 'string' && typeof end === 'string' ? { start, end } : null }
}

/** An enumeration is made of some values, but not of any number of them. */
const mostEnumerated = 200_000

async function makeEnums(connection: DuckDBConnection, recipe: BuildRecipe): Promise<RecipeDimension[]> {
  const made: RecipeDimension[] = []
  for (const dimension of sql.repeatedDimensions(recipe)) {
    const values = sql.quoted(valuesTable(dimension.name))
    const count = await one(connection, `select count(*) from ${values}`)
    if (count === 0 || count > mostEnumerated) continue
    await connection.run(`create type ${sql.enumType(dimension.name)} as enum (select id from ${values} order by key)`)
    made.push(dimension)
  }
  return made
}

/** How a moment is written is known only from the column's type. */
async function rawKind(
  connection: DuckDBConnection,
  recipe: BuildRecipe,
  field: RecipeRaw['fields'][number],
): Promise<sql.TimeKind | null> {
  if (field.type !== 'timestamp') return null
  const described = await refuseBadSql(
    connection.runAndReadAll(
      `describe select ${field.value.sql} as value from ${sql.sourceSql(recipe, [field.value])}`,
    ),
  )
  return sql.timeKind(String(described.getRows()[0]?.[1]))
}

async function storeCapacities(
  connection: DuckDBConnection,
  recipe: BuildRecipe,
  columns: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Promise<void> {
  for (const { table, source, key, from, until, amount } of recipe.capacities) {
    if (!Object.hasOwn(columns.get(source) ?? {}, key))
      throw new BuildRefused(`The table ${source} has no column ${key}.`)
    const moment = async (text: string) => {
      const described = await refuseBadSql(
        connection.runAndReadAll(`describe select ${text} as value from ${sql.quoted(source)} f`),
      )
      const kind = sql.timeKind(String(described.getRows()[0]?.[1])) ?? 'seconds'
      return `cast(${sql.unixSeconds(text, kind, recipe.timeZone)} as double)`
    }
    await refuseBadSql(
      connection.run(
        `create table ${sql.quoted(table)} as select f.${sql.quoted(key)} as key, ${await moment(from)} as valid_from,
         ${await moment(until)} as valid_until, cast(${amount} as double) as amount from ${sql.quoted(source)} f`,
      ),
    )
  }
}

async function one(connection: DuckDBConnection, text: string): Promise<number> {
  return Number((await connection.runAndReadAll(text)).getRows()[0]?.[0])
}

/** Expressions that do not fit the columns are the model's fault, not ours. */
async function refuseBadSql<T>(running: Promise<T>): Promise<T> {
  try {
    return await running
  } catch (error) {
    const text = plain(error)
    throw /^(Binder|Catalog|Conversion|Invalid Input|Parser|Out of Range)/.test(text) ? new BuildRefused(text) : error
  }
}

/** DuckDB's message without the excerpt of the statement, and without all that it tried in vain. */
const plain = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split(/\n\n|\nThe search space used was/)[0] ?? ''
