import mysql from 'mysql2'
import { type AskedRows, connectMs, type DatabaseAsk, NotAnswered } from './asked-rows.ts'

const batchRows = 2000

/** Asks a MySQL or MariaDB in a transaction that can only read and shows one moment. */
export async function askMysql({ address, query, since, timeoutSeconds }: DatabaseAsk): Promise<AskedRows> {
  const url = new URL(address)
  const connection = mysql.createConnection({
    host: decodeURIComponent(url.hostname),
    ...(url.port !== '' && { port: Number(url.port) }),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ...(url.searchParams.has('socket') && { socketPath: url.searchParams.get('socket') as string }),
    ...(url.searchParams.get('ssl') === 'true' && { ssl: {} }),
    charset: 'utf8mb4',
    connectTimeout: Math.min(connectMs, timeoutSeconds * 1000),
    // One statement at a time, and no reading of our own files at the server's wish.
    multipleStatements: false,
    flags: ['-LOCAL_FILES'],
  })
  // A connection that breaks fails the question that waits on it; without a listener it would end the process.
  connection.on('error', () => undefined)
  const run = (sql: string) =>
    new Promise<Record<string, unknown>[]>((resolve, reject) => {
      connection.query(sql, (error, rows) => (error ? reject(error) : resolve(rows as Record<string, unknown>[])))
    })
  try {
    const [server] = await run('select version() as version, unix_timestamp(now(6)) as now')
    const isMaria = String(server?.version).includes('MariaDB')
    await run(
      isMaria
        ? `set session max_statement_time = ${timeoutSeconds}`
        : `set session max_execution_time = ${timeoutSeconds * 1000}`,
    )
    await run("set session time_zone = '+00:00'")
    await run('start transaction with consistent snapshot, read only')
    const asking = connection.query<mysql.RowDataPacket[]>({
      sql: since ? sinceSql(query, since) : query,
      rowsAsArray: true,
      // Bytes: only the column's definition tells whether they are text.
      typeCast: (field) => field.buffer(),
    })
    const fields = new Promise<Field[]>((resolve, reject) => {
      asking.once('fields', (list: unknown) =>
        Array.isArray(list) ? resolve(list as Field[]) : reject(new NotAnswered('the query answers no rows')),
      )
      asking.once('error', reject)
      asking.once('end', () => reject(new NotAnswered('the query answers no rows')))
    })
    const rows = asking.stream({ highWaterMark: batchRows })
    // Who waits for the rows is told as well; nobody may be waiting yet.
    rows.on('error', () => undefined)
    const columns = (await fields).map(typed)
    return {
      columns: columns.map(({ name, type }) => ({ name, type })),
      time: new Date(Number(server?.now) * 1000),
      batches: batches(rows, columns),
      close: async () => connection.destroy(),
      cut: () => connection.destroy(),
    }
  } catch (error) {
    connection.destroy()
    throw error
  }
}

/** What a column's definition says, of which mysql2's types tell less. */
interface Field {
  readonly name: string
  readonly columnType: number
  readonly columnLength: number
  readonly decimals: number
  readonly flags: number
  readonly characterSet: number
}

interface Typed {
  readonly name: string
  readonly type: string
  readonly read: (bytes: Buffer) => string | null
}

async function* batches(rows: AsyncIterable<(Buffer | null)[]>, columns: readonly Typed[]) {
  let batch: (string | null)[][] = []
  for await (const row of rows) {
    batch.push(row.map((bytes, i) => (bytes === null ? null : columns[i]!.read(bytes))))
    if (batch.length < batchRows) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

const unsigned = 32
const binary = 63

/** https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
const integers: Readonly<Record<number, string>> = {
  1: 'TINYINT',
  2: 'SMALLINT',
  3: 'INTEGER',
  8: 'BIGINT',
  9: 'INTEGER',
  13: 'SMALLINT',
}
const others: Readonly<Record<number, string>> = {
  4: 'FLOAT',
  5: 'DOUBLE',
  7: 'TIMESTAMP',
  10: 'DATE',
  12: 'TIMESTAMP',
  14: 'DATE',
}
const bit = 16
const bytesTypes = new Set([249, 250, 251, 252, 253, 254, 255])

const text = (bytes: Buffer): string => bytes.toString('utf8')

function typed({ name, columnType, columnLength, decimals, flags, characterSet }: Field): Typed {
  const sign = flags & unsigned
  const integer = integers[columnType]
  if (integer) return { name, type: sign ? `U${integer}` : integer, read: text }
  if (columnType === 0 || columnType === 246) {
    const precision = columnLength - (decimals > 0 ? 1 : 0) - (sign ? 0 : 1)
    return { name, type: precision <= 38 ? `DECIMAL(${precision},${decimals})` : 'DOUBLE', read: text }
  }
  if (columnType === bit)
    return { name, type: 'UBIGINT', read: (bytes) => String(BigInt(`0x${bytes.toString('hex')}`)) }
  if (bytesTypes.has(columnType) && characterSet === binary)
    return { name, type: 'VARCHAR', read: (bytes) => bytes.toString('hex') }
  const type = others[columnType]
  if (type === 'DATE' || type === 'TIMESTAMP') return { name, type, read: (bytes) => dateOf(text(bytes)) }
  return { name, type: type ?? 'VARCHAR', read: text }
}

/** MySQL's zero dates, and days that are not all there, are no dates. */
const dateOf = (written: string): string | null => (/^0000|-00/.test(written) ? null : written)

/** The watermark as a literal that can be nothing else: digits, or text in hexadecimal. */
function sinceSql(query: string, { column, value }: NonNullable<DatabaseAsk['since']>): string {
  const name = `q.\`${column.replaceAll('`', '``')}\``
  const literal = /^-?\d+(\.\d+)?$/.test(value)
    ? value
    : /^[\d :.-]+$/.test(value)
      ? `'${value}'`
      : `convert(x'${Buffer.from(value).toString('hex')}' using utf8mb4)`
  return `select * from (${query}\n) q where ${name} >= ${literal} or ${name} is null`
}
