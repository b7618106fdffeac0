import type { Socket } from 'node:net'
import pg from 'pg'
import Cursor from 'pg-cursor'
import { type AskedRows, connectMs, type DatabaseAsk, NotAnswered } from './asked-rows.ts'

const batchRows = 2000
/** Values come as PostgreSQL writes them. */
const asText = { getTypeParser: () => (text: string) => text }

/** Asks a PostgreSQL in a transaction that can only read and shows one moment. */
export async function askPostgres({ address, query, since, timeoutSeconds }: DatabaseAsk): Promise<AskedRows> {
  const client = new pg.Client({
    connectionString: address,
    application_name: 'tessera',
    connectionTimeoutMillis: Math.min(connectMs, timeoutSeconds * 1000),
    types: asText,
  })
  // A connection that breaks fails the question that waits on it; without a listener it would end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(
      `set statement_timeout = ${timeoutSeconds * 1000}; set datestyle = 'ISO'; set intervalstyle = 'iso_8601'; set timezone = 'UTC'`,
    )
    await client.query('begin transaction isolation level repeatable read, read only')
    const { rows } = await client.query<{ now: string }>('select extract(epoch from now())::text as now')
    const name = since && pg.escapeIdentifier(since.column)
    const text = since ? `select * from (${query}\n) q where q.${name} >= $1 or q.${name} is null` : query
    const cursor = client.query(new Cursor(text, since ? [since.value] : [], { rowMode: 'array', types: asText }))
    const first = await readBatch(cursor)
    if (first.fields.length === 0) throw new NotAnswered('the query answers no columns')
    return {
      columns: first.fields.map((field) => ({ name: field.name, type: typeOf(field) })),
      time: new Date(Number(rows[0]?.now) * 1000),
      batches: batches(cursor, first.rows),
      close: () => client.end(),
      cut: () => (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy(),
    }
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
}

type Row = (string | null)[]

const readBatch = (cursor: Cursor): Promise<{ rows: Row[]; fields: pg.FieldDef[] }> =>
  new Promise((resolve, reject) => {
    cursor.read(batchRows, (error, rows, result) => {
      if (error) reject(error)
      // After the last row there is no result any more.
      else resolve({ rows: rows as Row[], fields: (result as pg.QueryResult | undefined)?.fields ?? [] })
    })
  })

async function* batches(cursor: Cursor, first: Row[]): AsyncGenerator<Row[]> {
  for (let rows = first; rows.length > 0; rows = (await readBatch(cursor)).rows) yield rows
}

const types: Readonly<Record<number, string>> = {
  16: 'BOOLEAN',
  20: 'BIGINT',
  21: 'SMALLINT',
  23: 'INTEGER',
  26: 'BIGINT',
  700: 'FLOAT',
  701: 'DOUBLE',
  1082: 'DATE',
  1083: 'TIME',
  1114: 'TIMESTAMP',
  1184: 'TIMESTAMP WITH TIME ZONE',
}

function typeOf({ dataTypeID, dataTypeModifier }: pg.FieldDef): string {
  if (dataTypeID !== 1700) return types[dataTypeID] ?? 'VARCHAR'
  const [precision, scale] = [(dataTypeModifier - 4) >> 16, (dataTypeModifier - 4) & 0xffff]
  return dataTypeModifier > 0 && precision <= 38 && scale <= precision ? `DECIMAL(${precision},${scale})` : 'DOUBLE'
}
