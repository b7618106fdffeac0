import { open } from 'node:fs/promises'
import path from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { literal, lockedExtensions } from '#src/warehouse/engines/duckdb-lock-down.ts'
import type { TableFormat } from './formats.ts'
import { sheetAsCsv } from './sheet-as-csv.ts'
import type { ColumnStatistics, ColumnType, TableColumn, TableFacts } from './table-facts.ts'
import { NotATable, type TableOrder } from './table-order.ts'

const previewRows = 50
const mostColumns = 5000
const mostDescribed = 300
const longestPreview = 500

type Read = Extract<TableOrder, { kind: 'read' }>

/** Finds the columns and rows of a file, writes them as Parquet and says what is in them. Runs in a process of its own. */
export async function readTable({ file, format, scratch, memoryLimitBytes, mostRows }: Read): Promise<TableFacts> {
  const target = path.join(scratch, 'table.parquet')
  // Ours, and before the engine is locked: it is told what it may open.
  const sheet = format === 'xlsx' ? await sheetAsCsv(file, path.join(scratch, 'sheet.csv')) : null
  const connection = await openLocked({ files: [file], directories: [scratch], memoryLimitBytes, spill: scratch })
  let last: unknown = null
  const sources = sheet ? [sheet.source] : await sourcesOf(format, file)
  for (const source of sources)
    try {
      const columns = await columnsOf(connection, source)
      if (columns.length === 0) throw new NotATable('It has no columns.')
      if (source !== sources.at(-1) && columns.length === 1 && /[,;\t]/.test(columns[0]!.name))
        throw new Error('the engine did not see what stands between the columns')
      // What its end says, before a row is read.
      if (format === 'parquet' && (await countRows(connection, source)) > mostRows)
        throw new NotATable(`It has more than ${mostRows} rows.`)
      if (columns.length > mostColumns) throw new NotATable(`It has more than ${mostColumns} columns.`)
      const list = columns.map(({ name, type }) => `${asKept(name, type)} as ${quoted(name)}`).join(', ')
      await connection.run(
        `copy (select ${list} from ${source}) to ${literal(target)} (format parquet, compression zstd)`,
      )
      return await describe(connection, target)
    } catch (error) {
      if (error instanceof NotATable) throw error
      last = error
    }
  throw new NotATable(told(format, last))
}

const names: Readonly<Record<TableFormat, string>> = {
  csv: 'CSV',
  tsv: 'tab-separated values',
  parquet: 'Parquet',
  json: 'JSON (an array of objects, or one object per line)',
  xlsx: 'XLSX',
}

function told(format: TableFormat, error: unknown): string {
  const text = error instanceof Error ? error.message : ''
  if (/out of memory/i.test(text)) return 'It needs more memory than tables of datasets may take.'
  const line = /on line:? (\d+)/i.exec(text)?.[1]
  return `It cannot be read as ${names[format]}${line ? `: see line ${line}` : ''}.`
}

/** Ways to read a file, the strict one first. Lines at the start are never left out, as the engine would have it: they may be rows. */
async function sourcesOf(format: TableFormat, file: string): Promise<string[]> {
  const place = literal(file)
  if (format === 'parquet') return [`read_parquet(${place})`]
  if (format === 'json') return [`read_json(${place}, maximum_object_size = 16777216, sample_size = -1)`]
  const delimiter = literal(format === 'tsv' ? '\t' : await likelyDelimiter(file))
  const strict = `read_csv(${place}, sample_size = -1, skip = 0${format === 'tsv' ? `, delim = ${delimiter}` : ''})`
  const lenient = `read_csv(${place}, delim = ${delimiter}, quote = '"', escape = '"', header = true, skip = 0, null_padding = true, strict_mode = false, all_varchar = true)`
  return [strict, lenient, strict.replace('skip = 0', 'skip = 0, all_varchar = true')]
}

/** What stands most often in the first line. */
async function likelyDelimiter(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
    const [line = ''] = buffer.subarray(0, bytesRead).toString('latin1').split(/\r?\n/)
    const times = (one: string) => line.split(one).length
    return [',', ';', '\t', '|'].reduce((best, one) => (times(one) > times(best) ? one : best))
  } finally {
    await handle.close()
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

async function columnsOf(connection: DuckDBConnection, source: string): Promise<{ name: string; type: string }[]> {
  const reader = await connection.runAndReadAll(`describe select * from ${source}`)
  return reader.getRowObjectsJson().map((row) => ({ name: String(row.column_name), type: String(row.column_type) }))
}

async function countRows(connection: DuckDBConnection, source: string): Promise<number> {
  const reader = await connection.runAndReadAll(`select count(*) from ${source}`)
  return Number(reader.getRowsJson()[0]?.[0])
}

/** Values within values become JSON, and what nobody can print becomes text, so that every form of a table has the same cells. */
function asKept(name: string, type: string): string {
  const column = quoted(name)
  if (/STRUCT|MAP|UNION|\[|LIST|VARIANT/.test(type)) return `cast(to_json(${column}) as varchar)`
  if (/^(BLOB|BIT|BIGNUM|GEOMETRY|INTERVAL|JSON|UUID|ENUM|"NULL"|NULL|U?HUGEINT|UBIGINT|TIME_NS)/.test(type))
    return /HUGEINT|UBIGINT/.test(type) ? `cast(${column} as double)` : `cast(${column} as varchar)`
  return column
}

function typeOf(databaseType: string): ColumnType {
  if (/^(U?(TINY|SMALL|BIG)?INT|U?INTEGER)/.test(databaseType)) return 'integer'
  if (/^(DOUBLE|FLOAT|REAL|DECIMAL)/.test(databaseType)) return 'number'
  if (databaseType === 'BOOLEAN') return 'boolean'
  if (databaseType === 'DATE') return 'date'
  if (databaseType.startsWith('TIMESTAMP')) return 'timestamp'
  return databaseType.startsWith('TIME') ? 'time' : 'text'
}

async function describe(connection: DuckDBConnection, file: string): Promise<TableFacts> {
  const source = `read_parquet(${literal(file)})`
  const columns = await columnsOf(connection, source)
  const all = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()
  const rows = await countRows(connection, source)
  const described: TableColumn[] = []
  for (const [i, { name, type }] of columns.entries())
    described.push({
      name,
      type: typeOf(type),
      databaseType: type,
      label: null,
      statistics: i < mostDescribed ? await statisticsOf(all, source, name, typeOf(type), rows) : null,
    })
  const cells = columns.map(({ name }) => `substr(cast(${quoted(name)} as varchar), 1, ${longestPreview})`)
  const preview = await all(`select ${cells.join(', ')} from ${source} limit ${previewRows}`)
  return { rows, columns: described, preview: preview as (string | null)[][] }
}

const mostTop = 5

async function statisticsOf(
  all: (sql: string) => Promise<unknown[][]>,
  source: string,
  name: string,
  type: ColumnType,
  rows: number,
): Promise<ColumnStatistics> {
  const column = quoted(name)
  const isNumber = type === 'number' || type === 'integer'
  const hasQuartiles = isNumber || type === 'date' || type === 'timestamp'
  const short = `substr(cast(${column} as varchar), 1, 200)`
  const finite = type === 'number' ? ` filter (isfinite(cast(${column} as double)))` : ''
  const quartile = (share: number) =>
    hasQuartiles ? `cast(approx_quantile(${column}, ${share})${finite} as varchar)` : 'null'
  const [found = []] = await all(`
    select count(*) - count(${column}), approx_count_distinct(${column}),
      substr(cast(min(${column}) as varchar), 1, 200), substr(cast(max(${column}) as varchar), 1, 200),
      ${isNumber ? `avg(cast(${column} as double))${finite}, stddev_samp(cast(${column} as double))${finite}` : 'null, null'},
      ${quartile(0.25)}, ${quartile(0.5)}, ${quartile(0.75)}
    from ${source}`)
  const [missing, about, min, max, mean, deviation, ...quartiles] = found
  // Few are counted, as the estimate is meant for many.
  const isFew = Number(about) <= 1000
  const top =
    isFew && rows > 0
      ? await all(
          `select ${short}, count(*) as n from ${source} where ${column} is not null group by all order by n desc, 1 limit ${mostTop}`,
        )
      : []
  const distinct = isFew
    ? Number((await all(`select count(distinct ${column}) from ${source}`))[0]?.[0])
    : Math.min(Number(about), rows)
  return {
    missing: Number(missing),
    distinct,
    min: min as string | null,
    max: max as string | null,
    mean: numberOrNull(mean),
    deviation: numberOrNull(deviation),
    quartiles: quartiles.some((one) => one === null) ? null : (quartiles as [string, string, string]),
    top: Number(top[0]?.[1]) > 1 ? top.map(([value, count]) => ({ value: String(value), count: Number(count) })) : [],
  }
}

const numberOrNull = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null

interface Opening {
  readonly files: readonly string[]
  readonly directories: readonly string[]
  readonly memoryLimitBytes: number
  readonly spill?: string
}

/** An engine that can open these files, write below these directories, and nothing else. */
export async function openLocked({ files, directories, memoryLimitBytes, spill }: Opening): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(memoryLimitBytes / 1024)}KiB`,
    threads: '2',
    ...(spill
      ? { temp_directory: path.join(spill, 'spill'), max_temp_directory_size: '10GB' }
      : { temp_directory: '' }),
    ...lockedExtensions,
  })
  const connection = await instance.connect()
  const list = (texts: readonly string[]) => `[${texts.map(literal).join(', ')}]`
  await connection.run(`set allowed_paths = ${list(files)}`)
  await connection.run(`set allowed_directories = ${list(directories.map((one) => `${one}/`))}`)
  await connection.run('set enable_external_access = false')
  await connection.run('set lock_configuration = true')
  return connection
}
