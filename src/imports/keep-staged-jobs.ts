import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Change, Tx } from '#src/database/change.ts'
import type { StagedJobs } from './stage-slurm-logs.ts'
import { placeFile, sweepLeftovers } from './staging.ts'
import * as store from './store.ts'

export interface KeptJobs {
  /** Jobs that were new. */
  readonly added: number
  /** Jobs that another line, of these logs or of earlier ones, had brought in before. */
  readonly duplicates: number
}

/**
 * Makes staged jobs part of the data as one immutable batch. A job already there (same id, array element, submission
 * and end on this resource) is left out, so the same log twice changes nothing. The file is placed first and counts
 * from the moment the change commits; if it never does, the next import sweeps it away.
 */
export async function keepStagedJobs(
  { importsDirectory }: { importsDirectory: string },
  change: Change,
  staged: StagedJobs,
): Promise<KeptJobs> {
  const { tx } = change
  const { connection, resource } = staged
  await store.lockImports(tx)
  await sweepLeftovers(importsDirectory, await store.batchFiles(tx))

  const fresh = await findFresh(connection, tx, importsDirectory, resource.id)
  const kept = { added: fresh.jobs, duplicates: staged.summary.jobs - fresh.jobs }
  if (fresh.jobs === 0) return kept

  await giveIds(connection, tx)
  const id = randomUUID()
  const file = join('jobs', `${id}.parquet`)
  const firstNumber = await store.nextJobNumber(tx)
  const finished = join(staged.directory, 'batch.parquet')
  const copy = `copy (${batchRows}) to ${literal(finished)} (format parquet, compression zstd)`
  await awake(tx, () => connection.run(copy, { resource: resource.id, first: BigInt(firstNumber) }))
  await placeFile(finished, join(importsDirectory, file))
  await store.insertBatch(tx, { id, resourceId: resource.id, file, firstNumber, sources: staged.sources, ...fresh })
  change.note({
    verb: 'import.committed',
    subjectType: 'resource',
    subjectId: resource.code,
    detail: { kind: 'slurm', batch: id, sources: staged.sources, jobs: fresh.jobs },
  })
  return kept
}

/** Postgres ends transactions that stand idle for a minute; while DuckDB works long, ours gives signs of life. */
async function awake(tx: Tx, work: () => Promise<unknown>): Promise<void> {
  let sign: Promise<unknown> = Promise.resolve()
  const signs = setInterval(() => {
    sign = store.nextJobNumber(tx).catch(() => undefined)
  }, 10_000)
  try {
    await work()
  } finally {
    clearInterval(signs)
    await sign
  }
}

interface Fresh {
  readonly jobs: number
  readonly earliestEnd: number
  readonly latestEnd: number
}

/** Fills the table `fresh` with the places of staged jobs that are new, numbered; of equal ones the first stays. */
async function findFresh(
  connection: DuckDBConnection,
  tx: Tx,
  importsDirectory: string,
  resourceId: number,
): Promise<Fresh> {
  const ends = await firstRow(connection, 'select min(end_time), max(end_time) from staged')
  const files = ends[0] === null ? [] : await store.batchFilesBetween(tx, resourceId, Number(ends[0]), Number(ends[1]))
  const known = files.map((file) => literal(join(importsDirectory, file))).join(', ')
  const identity = 'job_id, array_index, submit_time, end_time'
  const distinct = `create table fresh as
    select min(rowid) as place, row_number() over (order by min(rowid)) - 1 as nr from staged ${
      files.length === 0
        ? ''
        : `anti join (
            select ${identity} from read_parquet([${known}]) where end_time between ${ends[0]} and ${ends[1]}
          ) using (${identity})`
    } group by ${identity}`
  await awake(tx, () => connection.run(distinct))
  const [jobs, earliest, latest] = await firstRow(
    connection,
    'select count(*), min(end_time), max(end_time) from fresh join staged on staged.rowid = place',
  )
  return { jobs: Number(jobs), earliestEnd: Number(earliest), latestEnd: Number(latest) }
}

/** Fills the tables `people` and `quality` with ids for all names of fresh jobs; new names in order of appearance. */
async function giveIds(connection: DuckDBConnection, tx: Tx): Promise<void> {
  const usernames = await firstColumn(
    connection,
    `select name from (
       select username as name, place from fresh join staged on staged.rowid = place
       union all select pi, place from fresh join staged on staged.rowid = place)
     where name <> '' group by name order by min(place), name`,
  )
  const qos = await firstColumn(
    connection,
    `select qos from fresh join staged on staged.rowid = place where qos <> '' group by 1 order by min(place)`,
  )
  await appendIds(connection, 'people', await store.idsOfPeople(tx, usernames))
  await appendIds(connection, 'quality', await store.idsOfQos(tx, qos))
}

async function appendIds(connection: DuckDBConnection, table: string, ids: ReadonlyMap<string, number>): Promise<void> {
  await connection.run(`create table ${table} (name varchar, id integer)`)
  const appender = await connection.createAppender(table)
  for (const [name, id] of ids) {
    appender.appendVarchar(name)
    appender.appendInteger(id)
    appender.endRow()
  }
  appender.closeSync()
}

/** A batch's rows, in no order, with the columns of `importedTables.slurm_jobs`. Empty names are unknown ones. */
const batchRows = `
  select
    $first + nr as job_number,
    $resource::integer as resource_id,
    job_id, array_index,
    case when array_index < 0 then job_id::varchar else job_id || '[' || array_index || ']' end as local_job_id,
    coalesce(person.id, -1) as person_id, coalesce(investigator.id, -1) as pi_id, coalesce(quality.id, -1) as qos_id,
    if(username = '', 'Unknown', username) as username, if(queue = '', 'Unknown', queue) as queue,
    submit_time::bigint as submit_time, eligible_time::bigint as eligible_time,
    start_time::bigint as start_time, end_time::bigint as end_time, nodes, cores, gpus,
    requested_cores, requested_memory, requested_wall_time::bigint as requested_wall_time, exit_code, exit_state
  from fresh join staged on staged.rowid = place
  left join people person on person.name = username
  left join people investigator on investigator.name = pi
  left join quality on quality.name = qos`

/** A path of ours as an SQL text: COPY and read_parquet take no parameters for it. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

async function firstRow(connection: DuckDBConnection, query: string): Promise<readonly (bigint | null)[]> {
  return ((await connection.runAndReadAll(query)).getRows()[0] ?? []) as (bigint | null)[]
}

async function firstColumn(connection: DuckDBConnection, query: string): Promise<string[]> {
  return (await connection.runAndReadAll(query)).getRows().map((row) => String(row[0]))
}
