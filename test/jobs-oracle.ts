/**
 * The Jobs metrics computed the plain way, straight from the lines of logs and the definitions of the realm: a second
 * opinion that shares no code with the importer, the model or the planner. Days are cut in UTC.
 */

export interface OracleResource {
  readonly code: string
  readonly log: string
  readonly cores: number
  readonly organization: string
  /** Unix seconds. */
  readonly validFrom: number
}

export interface OracleJob {
  readonly resource: OracleResource
  readonly user: string
  readonly group: string
  readonly queue: string
  readonly qos: string
  readonly cores: number
  readonly nodes: number
  readonly gpus: number
  readonly submit: number
  readonly start: number
  readonly end: number
}

const daySeconds = 86_400
const dayOf = (seconds: number): number => Math.floor(seconds / daySeconds)

export function oracleJobs(resources: readonly OracleResource[]): OracleJob[] {
  return resources.flatMap((resource) =>
    resource.log
      .split('\n')
      .map((line) => line.split('|'))
      .filter((field) => field.length >= 26 && field[24] !== 'None assigned')
      .map((field) => {
        const text = (nr: number): string => field[nr - 1] ?? ''
        const time = (nr: number): number => Date.parse(`${text(nr)}Z`) / 1000
        return {
          resource,
          user: text(9),
          group: text(7),
          queue: text(4),
          qos: text(5),
          cores: Number(text(19)),
          nodes: Number(text(18)),
          gpus: Number(/(?:^|,)gres\/gpu(?::[^=]*)?=(\d+)/.exec(text(23))?.[1] ?? 0),
          submit: Math.min(time(11), time(13)),
          start: time(13),
          end: time(14),
        }
      }),
  )
}

/** From the first second of the first day to the first second after the last. */
export interface OraclePeriod {
  readonly from: number
  readonly until: number
}

type Unit = 'day' | 'month' | 'quarter' | 'year'

/** The periods of a unit that a range of days touches. */
export function oraclePeriods(first: string, last: string, unit: Unit): OraclePeriod[] {
  const periods: OraclePeriod[] = []
  const [year = 0, month = 1, day = 1] = first.split('-').map(Number)
  const months = { day: 0, month: 1, quarter: 3, year: 12 }[unit]
  let at = unit === 'day' ? Date.UTC(year, month - 1, day) : Date.UTC(year, month - 1 - ((month - 1) % months), 1)
  while (at <= Date.parse(`${last}T00:00:00Z`)) {
    const begun = new Date(at)
    const next =
      unit === 'day' ? at + daySeconds * 1000 : Date.UTC(begun.getUTCFullYear(), begun.getUTCMonth() + months, 1)
    periods.push({ from: at / 1000, until: next / 1000 })
    at = next
  }
  return periods
}

/** Days from the start's to the end's touch the period. */
export const ranIn = (job: OracleJob, period: OraclePeriod): boolean =>
  dayOf(job.start) * daySeconds < period.until && (dayOf(job.end) + 1) * daySeconds > period.from

const within = (moment: number, { from, until }: OraclePeriod): boolean => moment >= from && moment < until

const wallIn = (job: OracleJob, { from, until }: OraclePeriod): number =>
  Math.max(0, Math.min(job.end, until) - Math.max(job.start, from))

const sum = (jobs: readonly OracleJob[], value: (job: OracleJob) => number): number =>
  jobs.reduce((total, job) => total + value(job), 0)

const ratio = (above: number, below: number): number => (below === 0 ? 0 : above / below)

/**
 * All metrics of some jobs over consecutive periods; one period gives a row of a time series, several the aggregate.
 * `first` is the earliest period in which the realm has data at all.
 */
export function oracleMetrics(
  jobs: readonly OracleJob[],
  periods: readonly OraclePeriod[],
  first: OraclePeriod | undefined,
): Record<string, number> {
  const each = (value: (job: OracleJob, period: OraclePeriod) => number): number =>
    periods.reduce((total, period) => total + sum(jobs, (job) => (ranIn(job, period) ? value(job, period) : 0)), 0)
  const running = jobs.filter((job) => periods.some((period) => ranIn(job, period)))
  // Jobs running in the first period, and those that started in each later one.
  const counted = periods.flatMap((period) =>
    first === undefined || period.from < first.from
      ? []
      : jobs.filter((job) => (period.from === first.from ? ranIn(job, period) : within(job.start, period))),
  )
  const ended = each((job, period) => (within(job.end, period) ? 1 : 0))
  const started = each((job, period) => (within(job.start, period) ? 1 : 0))
  const cpu = each((job, period) => job.cores * wallIn(job, period)) / 3600
  const gpu = each((job, period) => job.gpus * wallIn(job, period)) / 3600
  const node = each((job, period) => job.nodes * wallIn(job, period)) / 3600
  const wall = each((job, period) => wallIn(job, period)) / 3600
  const wait = each((job, period) => (within(job.start, period) ? job.start - job.submit : 0)) / 3600
  const sizes = running.map((job) => job.cores).filter((cores) => cores > 0)
  const seen = new Set(running.map((job) => job.resource))
  const capacity = periods.reduce(
    (total, { from, until }) =>
      total +
      [...seen].reduce((all, { cores, validFrom }) => all + cores * Math.max(0, until - Math.max(from, validFrom)), 0),
    0,
  )
  return {
    job_count: ended,
    started_job_count: started,
    submitted_job_count: each((job, period) => (within(job.submit, period) ? 1 : 0)),
    running_job_count: counted.length,
    total_cpu_hours: cpu,
    avg_cpu_hours: ratio(cpu, counted.length),
    total_gpu_hours: gpu,
    avg_gpu_hours: ratio(gpu, counted.length),
    total_node_hours: node,
    avg_node_hours: ratio(node, counted.length),
    total_wallduration_hours: wall,
    avg_wallduration_hours: ratio(wall, counted.length),
    total_waitduration_hours: wait,
    avg_waitduration_hours: ratio(wait, started),
    avg_processors: ratio(
      sum(counted, (job) => job.cores),
      counted.length,
    ),
    max_processors: sizes.length === 0 ? 0 : Math.max(...sizes),
    min_processors: sizes.length === 0 ? 0 : Math.min(...sizes),
    avg_gpus: ratio(
      sum(counted, (job) => job.gpus),
      counted.length,
    ),
    avg_job_size_weighted_by_cpu_hours: ratio(
      each((job, period) => job.cores * job.cores * wallIn(job, period)) / 3600,
      cpu,
    ),
    avg_job_size_weighted_by_gpu_hours: ratio(
      each((job, period) => job.cores * job.gpus * wallIn(job, period)) / 3600,
      gpu,
    ),
    expansion_factor: ratio(
      each((job, period) => {
        const whole = job.end - job.start
        return whole === 0 ? 0 : (((whole + job.start - job.submit) / whole) * job.nodes * wallIn(job, period)) / 3600
      }),
      node,
    ),
    active_person_count: new Set(running.map((job) => job.user)).size,
    active_pi_count: new Set(running.map((job) => job.group)).size,
    active_resource_count: seen.size,
    utilization: ratio(100 * cpu * 3600, capacity),
  }
}
