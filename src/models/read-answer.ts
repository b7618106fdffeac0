import path from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { askDatabase } from './ask-database.ts'
import type { AskedRows } from './asked-rows.ts'
import { quoted } from './build-plan.ts'
import { BuildRefused } from './build-refused.ts'
import type { BuildNews, BuiltSource } from './build-snapshot.ts'
import { hasTable } from './compare-rows.ts'
import type { AskedTable } from './recipe.ts'
import { writeRows, writtenRowsSql } from './write-rows.ts'

interface Reading {
  readonly scratch: string
  readonly before: string | null
  readonly news: BuildNews
}

type Table = AskedTable & { readonly name: string }

/**
 * Asks a database and makes its rows readable under the table's name. A table that is refreshed incrementally keeps its rows
 * in the snapshot; what it kept before is built upon while its columns are the same.
 */
export async function readAnswer(
  connection: DuckDBConnection,
  reading: Reading,
  table: Table,
): Promise<Pick<BuiltSource, 'time' | 'watermark' | 'resumed'>> {
  const { incremental } = table
  const name = quoted(table.name)
  if (!incremental) {
    const { rows, time } = await ask(reading, table, null)
    await connection.run(`create temp table ${name} as ${rows}`)
    return { time }
  }
  const kept = quoted(`rows of ${table.name}`)
  const resumed = await resume(connection, reading, { ...table, incremental }, kept)
  const answer = resumed ?? (await ask(reading, table, null))
  if (!resumed) await connection.run(`create table ${kept} as ${answer.rows}`)
  await refuseBadKeys(connection, table.name, incremental.key, kept)
  await connection.run(`create temp view ${name} as select * from ${kept}`)
  const back = incremental.overlapSeconds === 0 ? '' : ` - to_seconds(${incremental.overlapSeconds})`
  const highest = await connection.runAndReadAll(
    `select cast(max(${quoted(incremental.watermark)})${back} as varchar) from ${kept}`,
  )
  const watermark = (highest.getRows()[0]?.[0] ?? null) as string | null
  return { time: answer.time, watermark, resumed: resumed !== null }
}

/** Puts rows at or above the watermark in place of those kept with the same key; null when nothing kept can be built upon. */
async function resume(
  connection: DuckDBConnection,
  reading: Reading,
  table: Table & { readonly incremental: NonNullable<AskedTable['incremental']> },
  kept: string,
): Promise<Answer | null> {
  const { before, news } = reading
  const { since, incremental } = table
  if (since === null || before === null || !(await hasTable(connection, before, kept))) return null
  const answer = await ask(reading, table, since)
  const old = await columnsOf(connection, `${before}.${kept}`)
  const now = await columnsOf(connection, `(${answer.rows})`)
  if (JSON.stringify(old) !== JSON.stringify(now)) {
    news.say(`The columns of ${table.name} are not as they were, so all rows are read again.`)
    return null
  }
  const changed = quoted(`changed rows of ${table.name}`)
  await connection.run(`create temp table ${changed} as ${answer.rows}`)
  const same = incremental.key.map((column) => `n.${quoted(column)} = o.${quoted(column)}`).join(' and ')
  await connection.run(
    `create table ${kept} as select o.* from ${before}.${kept} o anti join ${changed} n on ${same}
     union all select * from ${changed}`,
  )
  await connection.run(`drop table ${changed}`)
  return answer
}

interface Answer {
  /** A SELECT of the rows. */
  readonly rows: string
  readonly time: string
}

async function ask({ scratch, news }: Reading, table: Table, since: string | null): Promise<Answer> {
  const { address, query, timeoutSeconds, incremental } = table
  const answer: AskedRows = await askDatabase({
    address,
    query,
    timeoutSeconds,
    since: since === null || !incremental ? null : { column: incremental.watermark, value: since },
  })
  try {
    const file = path.join(scratch, `${table.name}-${since === null ? 'all' : 'since'}.csv`)
    const written = await writeRows(answer, file)
    const { rows } = written
    news.say(
      since === null
        ? `${table.connection} answered ${rows} rows for ${table.name}`
        : `${table.connection} answered ${rows} rows for ${table.name}, those since ${since}`,
    )
    return { rows: writtenRowsSql(written, answer.columns), time: answer.time.toISOString() }
  } finally {
    await answer.close().catch(() => undefined)
  }
}

async function columnsOf(connection: DuckDBConnection, source: string): Promise<[string, string][]> {
  const described = await connection.runAndReadAll(`describe select * from ${source}`)
  return described.getRows().map((row) => [String(row[0]), String(row[1])])
}

/** A row that its key does not tell from others could be neither replaced nor kept. */
async function refuseBadKeys(
  connection: DuckDBConnection,
  table: string,
  key: readonly string[],
  rows: string,
): Promise<void> {
  const columns = key.map(quoted)
  const first = async (text: string) => (await connection.runAndReadAll(`${text} limit 1`)).getRows()[0]
  if (await first(`select 1 from ${rows} where ${columns.map((column) => `${column} is null`).join(' or ')}`))
    throw new BuildRefused(`The key ${key.join(', ')} of ${table} holds nulls, by which no row can be recognised.`)
  const twice = await first(
    `select ${columns.map((column) => `cast(${column} as varchar)`).join(', ')} from ${rows} group by ${columns.join(', ')} having count(*) > 1`,
  )
  if (twice)
    throw new BuildRefused(
      `${table} has several rows with ${key.join(', ')} = ${twice.join(', ')}; the key of an incremental refresh may occur once.`,
    )
}
