import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Database } from '#src/database/change.ts'
import { eachLine } from './each-line.ts'
import { unknownResource } from './problems.ts'
import { type ReadingRules, readSacctLine, type SacctJob, type SkipReason } from './read-sacct-line.ts'
import { makeStagingDirectory } from './staging.ts'
import * as store from './store.ts'

/** A line that went nowhere, and why. */
export interface BadLine {
  readonly file: string
  readonly line: number
  readonly reason: string
}

export interface ReadingReport {
  readonly badLine: (bad: BadLine) => void
  readonly warning: (text: string) => void
}

/** What became of the lines. */
export interface ReadingSummary {
  lines: number
  /** Jobs read; an array's line stands for several. */
  jobs: number
  bad: number
  skipped: Partial<Record<SkipReason, number>>
}

/** Jobs read from logs and not yet kept: nobody else sees them, and closing throws them away. */
export interface StagedJobs extends AsyncDisposable {
  readonly resource: store.Resource
  readonly sources: readonly string[]
  readonly directory: string
  readonly connection: DuckDBConnection
  readonly summary: ReadingSummary
}

export interface StageNeeds {
  readonly db: Database
  readonly importsDirectory: string
  /** The zone in which specifications' days are cut. */
  readonly timeZone: string
}

/**
 * Reads `sacct` logs of a resource line by line, in constant memory. Lines that cannot be used are reported with
 * number and reason; the rest waits in a staging database until it is kept.
 */
export async function stageSlurmLogs(
  needs: StageNeeds,
  ask: { resource: string; files: readonly string[] },
  report: ReadingReport,
): Promise<StagedJobs> {
  const resource = await store.resourceByCode(needs.db, ask.resource)
  if (!resource) {
    throw unknownResource({
      detail: `There is no resource ${JSON.stringify(ask.resource)}.`,
      hint: 'Bring it in with `tessera import resources FILE` first.',
    })
  }
  const specs = await store.specifications(needs.db, resource.id)
  const rules = rulesOf(resource, specs, needs.timeZone)
  const directory = await makeStagingDirectory(needs.importsDirectory)
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: '512MB',
    temp_directory: join(directory, 'spill'),
  })
  const connection = await instance.connect()
  const close = async () => {
    connection.closeSync()
    instance.closeSync()
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await connection.run(stagedTable)
    const summary = await readInto(connection, ask.files, rules, report)
    return { resource, sources: ask.files, directory, connection, summary, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The order of `appendJob`; a row's place in the table is its place in the logs. */
const stagedTable = `
  create table staged (
    job_id bigint, array_index integer, username varchar, pi varchar, queue varchar, qos varchar,
    submit_time uinteger, eligible_time uinteger, start_time uinteger, end_time uinteger,
    nodes integer, cores integer, gpus integer, requested_cores integer, requested_memory varchar,
    requested_wall_time uinteger, exit_code varchar, exit_state varchar)`

async function readInto(
  connection: DuckDBConnection,
  files: readonly string[],
  rules: ReadingRules,
  report: ReadingReport,
): Promise<ReadingSummary> {
  const summary: ReadingSummary = { lines: 0, jobs: 0, bad: 0, skipped: {} }
  const warnedOf = new Set<string>()
  const appender = await connection.createAppender('staged')
  try {
    for (const file of files) {
      await eachLine(file, (line, number) => {
        if (line === '') return
        summary.lines++
        const reading = readSacctLine(line, rules)
        if (reading.kind === 'job') {
          for (const element of reading.job.elements) appendJob(appender, reading.job, element)
          summary.jobs += reading.job.elements.length
        } else if (reading.kind === 'bad') {
          summary.bad++
          report.badLine({ file, line: number, reason: reading.reason })
        } else {
          summary.skipped[reading.reason] = (summary.skipped[reading.reason] ?? 0) + 1
          if (reading.state === undefined || warnedOf.has(reading.state)) return
          warnedOf.add(reading.state)
          report.warning(
            `${file}:${number}: unknown job state ${JSON.stringify(reading.state)}; such jobs are left out`,
          )
        }
      })
    }
  } finally {
    appender.closeSync()
  }
  return summary
}

function appendJob(to: DuckDBAppender, job: SacctJob, element: number): void {
  to.appendBigInt(BigInt(job.jobId))
  to.appendInteger(element)
  to.appendVarchar(job.username)
  to.appendVarchar(job.pi)
  to.appendVarchar(job.queue)
  to.appendVarchar(job.qos)
  to.appendUInteger(job.submitTime)
  if (job.eligibleTime === null) to.appendNull()
  else to.appendUInteger(job.eligibleTime)
  to.appendUInteger(job.startTime)
  to.appendUInteger(job.endTime)
  to.appendInteger(job.nodes)
  to.appendInteger(job.cores)
  to.appendInteger(job.gpus)
  if (job.requestedCores === null) to.appendNull()
  else to.appendInteger(job.requestedCores)
  to.appendVarchar(job.requestedMemory)
  if (job.requestedWallTime === null) to.appendNull()
  else to.appendUInteger(job.requestedWallTime)
  to.appendVarchar(job.exitCode)
  to.appendVarchar(job.exitState)
  to.endRow()
}

function rulesOf(resource: store.Resource, specs: readonly store.Specification[], timeZone: string): ReadingRules {
  const dayIn = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  return {
    piColumn: resource.piColumn,
    hostFilter: resource.hostFilter === null ? null : new RegExp(resource.hostFilter),
    coresPerNode: (startTime) => {
      const day = dayIn.format(startTime * 1000)
      const spec = specs.find(({ validFrom, validTo }) => validFrom <= day && (validTo === null || day <= validTo))
      return spec && spec.nodes > 0 ? spec.cores / spec.nodes : null
    },
  }
}
