import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

const source = path.resolve(import.meta.dirname, '../../node_modules/vega-datasets/data/flights-3m.parquet')

interface Case {
  readonly metric: string
  readonly dimension: string
  readonly dataset_type: 'timeseries' | 'aggregate'
  readonly unit: string
  readonly range: readonly [string, string]
  /** By label, or by the first day of the period. */
  readonly values: Readonly<Record<string, number>>
}

/** What the Flights realm must answer, counted by the engine straight from the source file, without a model. */
export async function flightFacts(): Promise<{ flights: Case[]; flights_of_a_day: number }> {
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  const pairs = async (sql: string): Promise<Record<string, number>> => {
    const rows = (await connection.runAndReadAll(sql.replaceAll('{flights}', `'${source}'`))).getRows()
    return Object.fromEntries(rows.map(([name, value]) => [String(name), Number(value)]))
  }
  try {
    const march = ['2001-03-01', '2001-03-31'] as const
    const inMarch = "cast(date as date) between date '2001-03-01' and date '2001-03-31'"
    const whole = ['2001-01-01', '2001-06-30'] as const
    const flights: Case[] = [
      {
        metric: 'Number of Flights', dimension: 'Hour of Departure', dataset_type: 'aggregate', unit: 'Day', range: march,
        values: await pairs(`select printf('%02d:00', hour(date)), count(*) from {flights} where ${inMarch} group by 1`),
      },
      {
        metric: 'Total Distance', dimension: 'None', dataset_type: 'timeseries', unit: 'Month', range: whole,
        values: await pairs(`select cast(cast(date_trunc('month', date) as date) as varchar), sum(distance) from {flights} where date < date '2001-07-01' group by 1 order by 1`),
      },
      {
        metric: 'Number of Delayed Flights', dimension: 'None', dataset_type: 'timeseries', unit: 'Day', range: march,
        values: await pairs(`select cast(cast(date as date) as varchar), count(*) filter (delay > 15) from {flights} where ${inMarch} group by 1 order by 1`),
      },
    ] // biome-ignore format: a table
    const day = await pairs("select 'n', count(*) from {flights} where cast(date as date) = date '2001-03-01'")
    return { flights, flights_of_a_day: day.n ?? 0 }
  } finally {
    connection.disconnectSync()
    instance.closeSync()
  }
}
