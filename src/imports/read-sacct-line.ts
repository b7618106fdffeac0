import { count, durationSeconds, firstNode, gpusOf, jobIds, unixSeconds } from './sacct-values.ts'
import { isUnprintable } from './unprintable.ts'

/** The order of `sacct --format` that a log must have; the last one may itself contain the separator. */
// biome-ignore format: one field on each line would hide the order
export const sacctFields = [
  'jobid', 'jobidraw', 'cluster', 'partition', 'qos', 'account', 'group', 'gid', 'user', 'uid', 'submit', 'eligible',
  'start', 'end', 'elapsed', 'exitcode', 'state', 'nnodes', 'ncpus', 'reqcpus', 'reqmem', 'reqtres', 'alloctres',
  'timelimit', 'nodelist', 'jobname',
] as const

/** A job as a line tells of it; an array's line stands for one job per element. Times are Unix seconds. */
export interface SacctJob {
  readonly jobId: number
  readonly elements: readonly number[]
  readonly username: string
  readonly pi: string
  readonly queue: string
  readonly qos: string
  readonly submitTime: number
  readonly eligibleTime: number | null
  readonly startTime: number
  readonly endTime: number
  readonly nodes: number
  readonly cores: number
  readonly gpus: number
  readonly requestedCores: number | null
  readonly requestedMemory: string
  readonly requestedWallTime: number | null
  readonly exitCode: string
  readonly exitState: string
}

export type SkipReason =
  | 'job step'
  | 'not ended'
  | 'unknown state'
  | 'end unknown'
  | 'no nodes assigned'
  | 'host filtered out'

export type Reading =
  | { readonly kind: 'job'; readonly job: SacctJob }
  | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly state?: string }
  | { readonly kind: 'bad'; readonly reason: string }

/** What the resource adds to a reading. */
export interface ReadingRules {
  readonly piColumn: 'group' | 'account'
  /** Jobs whose first node does not match are left out. */
  readonly hostFilter: RegExp | null
  /** Cores per node on the day of an instant, where the line has no cores; null if the resource does not say. */
  readonly coresPerNode: (startTime: number) => number | null
}

// biome-ignore format: a list of words
const endedStates = new Set([
  'BOOT_FAIL', 'CANCELLED', 'COMPLETED', 'FAILED', 'NODE_FAIL', 'PREEMPTED', 'TIMEOUT', 'OUT_OF_MEMORY', 'DEADLINE',
  'REVOKED',
])
const openStates = new Set(['PENDING', 'RUNNING', 'REQUEUED', 'RESIZING', 'SUSPENDED'])

const skipped = (reason: SkipReason): Reading => ({ kind: 'skipped', reason })
const bad = (reason: string): Reading => ({ kind: 'bad', reason })

/** Reads one line of a log: a job, a line that rightly stands for none, or a line that is damaged and why. */
export function readSacctLine(line: string, rules: ReadingRules): Reading {
  // Cut at 26 pieces: what a job name with separators in it spills beyond them is of no use here.
  const fields = line.split('|', sacctFields.length)
  if (fields.length < sacctFields.length) return bad(`has ${fields.length} fields instead of ${sacctFields.length}`)
  const [id, rawId, , queue, qos, account, group, , user, , submit, eligible, start, end, elapsed, exitCode, state] =
    fields as [...Texts16, string]
  const [nnodes, ncpus, reqcpus, reqmem, , alloctres, timelimit, nodelist] = fields.slice(17) as Texts8

  if (id.includes('.')) return skipped('job step')
  const stateWord = state.split(' ', 1)[0] ?? ''
  if (!endedStates.has(stateWord)) {
    return openStates.has(stateWord)
      ? skipped('not ended')
      : { kind: 'skipped', reason: 'unknown state', state: stateWord }
  }
  if (end === 'Unknown') return skipped('end unknown')
  if (nodelist === 'None assigned') return skipped('no nodes assigned')
  if (rules.hostFilter && !rules.hostFilter.test(firstNode(nodelist))) return skipped('host filtered out')

  const nodes = count(nnodes)
  if (nodes === null) return bad(`number of nodes ${quoted(nnodes)} is no whole number`)
  if (nodes === 0) return skipped('no nodes assigned')
  const ids = jobIds(id, rawId)
  if (!ids) return bad(`job id ${quoted(id)} is unreadable`)
  const times = readTimes(submit, start, end, elapsed)
  if (typeof times === 'string') return bad(times)
  const cores = readCores(ncpus, nodes, times.startTime, rules)
  if (typeof cores === 'string') return bad(cores)
  const gpus = gpusOf(alloctres)
  if (gpus === null) return bad(`number of GPUs in ${quoted(alloctres)} is no whole number`)
  // The whole line first, since hardly any has such a thing; in the job's name it does not matter.
  const damaged = isUnprintable(line) ? fields.slice(0, -1).findIndex(isUnprintable) : -1
  if (damaged >= 0) return bad(`${sacctFields[damaged]} ${quoted(fields[damaged] ?? '')} holds unprintable characters`)
  return {
    kind: 'job',
    job: {
      ...ids,
      ...times,
      username: user,
      pi: rules.piColumn === 'group' ? group : account,
      queue,
      qos,
      eligibleTime: unixSeconds(eligible),
      nodes,
      cores,
      gpus,
      requestedCores: count(reqcpus),
      requestedMemory: reqmem,
      requestedWallTime: durationSeconds(timelimit),
      exitCode,
      exitState: state,
    },
  }
}

type Texts8 = [string, string, string, string, string, string, string, string]
type Texts16 = [...Texts8, ...Texts8]

/** As JSON, shortened: what stands in the log may be anything. */
const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)

type Times = Pick<SacctJob, 'submitTime' | 'startTime' | 'endTime'>

/** A missing start or end follows from the other and the elapsed time; nobody waits before submitting. */
function readTimes(submit: string, start: string, end: string, elapsed: string): Times | string {
  let startTime = unixSeconds(start)
  let endTime = unixSeconds(end)
  if (startTime === null || endTime === null || startTime > endTime) {
    const length = durationSeconds(elapsed)
    if (startTime === null && endTime === null) return `neither start ${quoted(start)} nor end ${quoted(end)} is a time`
    if (length === null) {
      return `start ${quoted(start)} and end ${quoted(end)} cannot be rebuilt from elapsed time ${quoted(elapsed)}`
    }
    endTime ??= (startTime ?? 0) + length
    if (startTime === null || startTime > endTime) startTime = endTime - length
  }
  return { submitTime: Math.min(unixSeconds(submit) ?? startTime, startTime), startTime, endTime }
}

function readCores(ncpus: string, nodes: number, startTime: number, rules: ReadingRules): number | string {
  const cores = ncpus === '' ? 0 : count(ncpus)
  if (cores === null) return `number of cores ${quoted(ncpus)} is no whole number`
  if (cores > 0) return cores
  const perNode = rules.coresPerNode(startTime)
  return perNode === null
    ? 'has no cores, and the resource has no specification for the day of its start'
    : Math.round(nodes * perNode)
}
