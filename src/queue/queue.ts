import type pg from 'pg'
import { fromKysely, type JobResult, PgBoss } from 'pg-boss'
import type { Database, Tx } from '#src/database/change.ts'
import type { Log } from '#src/database/log.ts'
import { Problem, type ProblemKind } from '#src/problem/problem.ts'
import type { Job, JobKind } from './job-kind.ts'

export interface SendOptions {
  /** Not before. */
  startAfter?: Date
}

/** Background work that survives this process; a job sent in a transaction exists exactly if it commits. */
export interface Queue {
  /** Sends through the caller's transaction (`change.tx`). */
  send<Data extends object>(tx: Tx | Database, kind: JobKind<Data>, data: Data, options?: SendOptions): Promise<void>
  /**
   * Does the jobs of a kind in this process, from now until `close`, or until the function that it gives is called:
   * then it takes up no further ones. A handler that throws fails the attempt; with a problem that would come again,
   * the job. A process that dies fails the attempts it was at within a minute: a handler may find half of its work done.
   */
  work<Data extends object>(
    kind: JobKind<Data>,
    handle: (job: Job<Data>) => Promise<void>,
  ): Promise<() => Promise<void>>
  /** Sends a job by the clock (five cron fields in `zone`), once however many processes ask for it. */
  schedule<Data extends object>(kind: JobKind<Data>, cron: string, data: Data, zone: string): Promise<void>
  /** What waits, is at work and has failed, by kind of job, in all processes. */
  describe(): Promise<QueueFacts[]>
  /** Takes up nothing more and waits for what is at work, at most `patienceMs`. */
  close(patienceMs?: number): Promise<void>
}

export interface QueueFacts {
  readonly name: string
  /** Could be taken up now. */
  readonly waiting: number
  /** Wait for their time: sent for later, or to be tried again. */
  readonly later: number
  readonly active: number
  /** Given up within a day. */
  readonly failed: number
  /** How long the oldest that could be taken up has waited. */
  readonly oldestWaitingSeconds: number | null
  /** Workers of this process that take up such jobs. */
  readonly workers: number
}

interface QueueNeeds {
  connection: pg.ClientConfig
  log: Log
  /** `sender` only sends (commands); `worker` also works, schedules and tidies up. */
  role: 'sender' | 'worker'
}

/** What the queue's table must know of a kind, whatever its data. */
type Declared = Omit<JobKind, 'data' | 'key'> & { readonly key?: unknown }

const schema = 'pgboss'
const pollSeconds = 1
/** Between a sign of life and the next look whether one is missing: together, how long a dead process is not noticed. */
const heartbeatSeconds = 30
const superviseSeconds = 20
const longestTimeoutSeconds = 24 * 60 * 60 - 1

/** Opens the queue in the product's own Postgres; its tables stand in a schema of their own and migrate themselves. */
export async function openQueue({ connection, log, role }: QueueNeeds): Promise<Queue> {
  const works = role === 'worker'
  const { types: _, ...target } = connection
  const boss = new PgBoss({
    ...(target as object),
    application_name: `tessera ${role}`,
    schema,
    // A worker looks after so many queues that with fewer some wait too long for a connection.
    max: works ? 8 : 2,
    supervise: works,
    schedule: works,
    useListenNotify: works,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    cronMonitorIntervalSeconds: 5,
    cronWorkerIntervalSeconds: 1,
  })
  boss.on('error', (error) => log.error({ err: error }, 'the queue met an error'))
  boss.on('warning', ({ message, data }) => log.warn({ queue: data }, message))
  await boss.start()

  const declared = new Map<string, Promise<void>>()
  const declare = (kind: Declared): Promise<void> => {
    const before = declared.get(kind.name)
    if (before) return before
    const now = declareQueue(boss, kind)
    declared.set(kind.name, now)
    // A failure to declare is the first caller's; the next one may try again.
    now.catch(() => declared.delete(kind.name))
    return now
  }

  return {
    async send(tx, kind, data, options = {}) {
      await declare(kind)
      await boss.send(kind.name, kind.data.parse(data), {
        db: fromKysely(tx),
        ...(kind.key && { singletonKey: kind.key(data) }),
        ...(options.startAfter && { startAfter: options.startAfter }),
      })
    },

    async work(kind, handle) {
      await declare(kind)
      const id = await boss.work(
        kind.name,
        {
          localConcurrency: kind.concurrency ?? 1,
          // A long job would hold back those fetched along with it. Short ones come in crowds, and a notification
          // wakes a worker only once: fetched singly they would be taken up at one a second.
          ...(kind.short ? { batchSize: 10, burstWhenBatchFull: true } : { batchSize: 1 }),
          pollingIntervalSeconds: pollSeconds,
          notifyPollingIntervalSeconds: pollSeconds,
          perJobResults: true,
        },
        (jobs) => Promise.all(jobs.map((job) => settle(log, kind, handle, job))),
      )
      return () => boss.offWork(kind.name, { id, wait: false })
    },

    async schedule(kind, cron, data, zone) {
      await declare(kind)
      await boss.schedule(kind.name, cron, kind.data.parse(data), { tz: zone, missed: 'once' })
    },

    async describe() {
      const { rows } = (await boss.getDb().executeSql(countJobs)) as { rows: Omit<QueueFacts, 'workers'>[] }
      const working = boss.getWipData().filter(({ state }) => state === 'created' || state === 'active')
      return rows.map((row) => ({ ...row, workers: working.filter(({ name }) => name === row.name).length }))
    },

    close: (patienceMs = 10_000) => boss.stop({ graceful: true, timeout: patienceMs, close: true }),
  }
}

/** Its own queues begin with underscores. */
const countJobs = `
  select q.name, count(*) filter (where j.ready)::int as waiting,
    count(*) filter (where j.waits and not j.ready)::int as later,
    count(*) filter (where j.state = 'active')::int as active,
    count(*) filter (where j.state = 'failed' and j.completed_on > now() - interval '1 day')::int as failed,
    extract(epoch from now() - min(greatest(j.created_on, j.start_after)) filter (where j.ready))::float8
      as "oldestWaitingSeconds"
  from ${schema}.queue q left join lateral (
    select state, created_on, start_after, completed_on, state < 'active' as waits,
      state < 'active' and start_after <= now() as ready
    from ${schema}.job where job.name = q.name and state <> 'completed') j on true
  where q.name !~ '^__' group by q.name order by q.name`

/**
 * How the queue is told of a job's end. It keeps no message and no stack: whoever reads the database could read them.
 */
async function settle<Data extends object>(
  log: Log,
  kind: JobKind<Data>,
  handle: (job: Job<Data>) => Promise<void>,
  { id, data, retryCount, signal }: { id: string; data: unknown; retryCount: number; signal: AbortSignal },
): Promise<JobResult> {
  const attempt = retryCount + 1
  const read = kind.data.safeParse(data)
  if (!read.success) {
    log.error({ job: kind.name, issues: read.error.issues }, 'a job is not understood, and given up')
    return { id, status: 'deadletter' }
  }
  try {
    await handle({ id, data: read.data, attempt, signal })
    return { id, status: 'completed' }
  } catch (error) {
    const mayPass = !(error instanceof Problem) || passing.has(error.kind)
    log.error({ err: error, job: kind.name, attempt }, mayPass ? 'a job failed' : 'a job failed for good')
    // "deadletter" ends it without further attempts; there is no such queue to put it into.
    return { id, status: mayPass ? 'failed' : 'deadletter' }
  }
}

/** Problems that another attempt may not meet; the others it would meet again. */
const passing = new Set<ProblemKind>(['unavailable', 'timeout', 'too_many', 'internal'])

async function declareQueue(boss: PgBoss, kind: Declared): Promise<void> {
  const options = {
    notify: true,
    retryLimit: kind.retries ?? 0,
    retryDelay: kind.retryDelaySeconds ?? 5,
    retryBackoff: true,
    expireInSeconds: Math.min(kind.timeoutSeconds ?? 15 * 60, longestTimeoutSeconds),
    // Else what a process had in hand when it was killed would wait for the end of that time.
    heartbeatSeconds,
    retentionSeconds: 14 * 24 * 60 * 60,
    deleteAfterSeconds: 7 * 24 * 60 * 60,
  }
  await boss.createQueue(kind.name, { ...options, ...(kind.key !== undefined && { policy: 'short' }) })
  // Made by an earlier version, it keeps that one's options unless told.
  await boss.updateQueue(kind.name, options)
}
