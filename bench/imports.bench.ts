import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { writeDemo } from '#src/imports/demo/write-demo.ts'
import { importResources } from '#src/imports/import-resources.ts'
import { importBench } from '#test/imports.ts'
import { type BenchRow, median } from './row.ts'

const jobs = 200_000
const rounds = 5

/** Lines per second that `tessera import slurm` takes, beside DuckDB reading the same log without rules or looking for duplicates. */
export async function run(): Promise<BenchRow[]> {
  const first: number[] = []
  const again: number[] = []
  const alone: number[] = []
  for (let round = 0; round < rounds; round++) {
    await using bench = await importBench()
    const files = await writeDemo({
      directory: join(bench.directory, 'demo'),
      now: new Date('2026-03-04T12:00:00Z'),
      jobs,
    })
    await bench.change(bench.actor, (change) => importResources(change, files.resources))
    const [log] = files.logs
    if (!log) throw new Error('the demo has no log')
    const timed = async (work: () => Promise<{ lines: number }>): Promise<number> => {
      const begun = performance.now()
      const { lines } = await work()
      return (lines / (performance.now() - begun)) * 1000
    }
    first.push(await timed(() => bench.slurm(log.resource, log.file)))
    again.push(await timed(() => bench.slurm(log.resource, log.file)))
    alone.push(await timed(() => readAlone(log.file, join(bench.directory, 'alone.parquet'))))
  }
  const written = (value: number): string => `${(Math.round(value / 1000) * 1000).toLocaleString('en')} lines/s`
  const row = (name: string, ours: number): BenchRow => ({
    name,
    ours: written(ours),
    baseline: `DuckDB alone, the same log to Parquet without rules: ${written(median(alone))}`,
    ratio: ours / median(alone),
    bar: 'none in the design',
    met: true,
    note: `medians of ${rounds} rounds of ${Math.round(jobs * 0.78).toLocaleString('en')} lines; one JavaScript thread reads and checks every line, DuckDB alone uses all processors`,
  })
  return [row('import of a new sacct log', median(first)), row('import of the same log again', median(again))]
}

/** What remains of the work when the log is believed: split, convert, store. */
async function readAlone(log: string, parquet: string): Promise<{ lines: number }> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const names = Array.from({ length: 26 }, (_, i) => `'c${i + 1}': 'varchar'`).join(', ')
  const times = [11, 12, 13, 14].map((nr) => `epoch(try_cast(c${nr} as timestamp))::bigint as c${nr}`).join(', ')
  const counts = [18, 19, 20].map((nr) => `try_cast(c${nr} as integer) as c${nr}`).join(', ')
  await connection.run(
    `copy (select c1, c4, c5, c7, c9, ${times}, c16, c17, ${counts}, c21, c23, c24
       from read_csv('${log}', auto_detect = false, delim = '|', quote = '', escape = '', header = false, columns = {${names}}))
     to '${parquet}' (format parquet, compression zstd)`,
  )
  const [row] = (await connection.runAndReadAll(`select count(*) from '${parquet}'`)).getRows()
  connection.closeSync()
  instance.closeSync()
  return { lines: Number(row?.[0]) }
}
