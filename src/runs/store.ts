import { randomUUID } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import type { Permission } from '#src/access/permissions.ts'
import type { Database, Tx } from '#src/database/change.ts'
import type { RunLog, Runs } from '#src/database/tables.ts'
import type { Counts, Run, RunError, RunLogLine, RunState, RunStep, RunTrigger, Subject, TriggerType } from './run.ts'

export interface NewRun {
  kind: string
  subject: Subject
  permission: Permission
  lockKey: string | null
  data: object
  trigger: RunTrigger
}

export async function insertRun(tx: Tx, run: NewRun): Promise<Run> {
  const row = await tx
    .insertInto('runs')
    .values({
      id: randomUUID(),
      kind: run.kind,
      subject_type: run.subject.type,
      subject_id: run.subject.id,
      permission: run.permission,
      lock_key: run.lockKey,
      data: JSON.stringify(run.data),
      state: 'queued',
      trigger_type: run.trigger.type,
      trigger_token_id: run.trigger.tokenId,
      trigger_account_id: run.trigger.accountId,
      trigger_account_name: run.trigger.accountName,
      trigger_cause: run.trigger.cause,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return readRun(row)
}

export async function findRun(db: Database | Tx, id: string): Promise<Run | null> {
  const row = await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? readRun(row) : null
}

export async function lockRun(tx: Tx, id: string): Promise<Run | null> {
  const row = await tx.selectFrom('runs').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row ? readRun(row) : null
}

export interface RunFilter {
  state?: RunState
  kind?: string
  subjectType?: string
  subjectId?: string
  /** Only this account's. */
  accountId?: string
  /** Only this token's. */
  tokenId?: string
  /** Only those made before this one. */
  after?: { createdAt: string; id: string }
  limit: number
}

/** Newest first. */
export async function findRuns(db: Database, filter: RunFilter): Promise<Run[]> {
  let query = db.selectFrom('runs').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(filter.limit)
  if (filter.state) query = query.where('state', '=', filter.state)
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.subjectType) query = query.where('subject_type', '=', filter.subjectType)
  if (filter.subjectId) query = query.where('subject_id', '=', filter.subjectId)
  if (filter.accountId) query = query.where('trigger_account_id', '=', filter.accountId)
  if (filter.tokenId) query = query.where('trigger_token_id', '=', filter.tokenId)
  if (filter.after) {
    const { createdAt, id } = filter.after
    query = query.where(sql<boolean>`(created_at, id) < (${createdAt}::timestamptz, ${id}::uuid)`)
  }
  return (await query.execute()).map(readRun)
}

/** Of each subject, the run of a kind that ended last. */
export async function findLastEnded(db: Database, kind: string, subjectType: string): Promise<Run[]> {
  const rows = await db
    .selectFrom('runs')
    .selectAll()
    .distinctOn('subject_id')
    .where('kind', '=', kind)
    .where('subject_type', '=', subjectType)
    .where('finished_at', 'is not', null)
    .orderBy('subject_id')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(readRun)
}

export async function findLogLines(db: Database, runId: string, after: number, limit: number): Promise<RunLogLine[]> {
  const rows = await db
    .selectFrom('run_log')
    .selectAll()
    .where('run_id', '=', runId)
    .where('line', '>', after)
    .orderBy('line')
    .limit(limit)
    .execute()
  return rows.map(readLogLine)
}

const ahead = (ms: number) => sql<Date>`now() + ${ms} * interval '1 millisecond'`

/**
 * Takes a run up, if it waits or its worker is lost: counts the attempt, which shuts out whoever had it before. Null
 * when it is at work or over; `busy` when another run holds its key.
 */
export async function claimRun(
  db: Database,
  id: string,
  leaseMs: number,
): Promise<{ run: Run; lastLine: number } | 'busy' | null> {
  try {
    const row = await db
      .updateTable('runs')
      .set((row) => ({
        state: 'running',
        attempt: row('attempt', '+', 1),
        started_at: sql<Date>`coalesce(started_at, now())`,
        lease_until: ahead(leaseMs),
        progress: 0,
        progress_text: null,
        steps: '[]',
        updated_at: sql<Date>`now()`,
      }))
      .where('id', '=', id)
      .where(({ or, and, eb }) =>
        or([eb('state', '=', 'queued'), and([eb('state', '=', 'running'), eb('lease_until', '<', sql<Date>`now()`)])]),
      )
      .returningAll()
      .returning((row) =>
        row
          .selectFrom('run_log')
          .select(sql<number>`coalesce(max(line), 0)`.as('line'))
          .whereRef('run_id', '=', 'runs.id')
          .as('last_line'),
      )
      .executeTakeFirst()
    return row ? { run: readRun(row), lastLine: row.last_line ?? 0 } : null
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'runs_one_at_a_time') return 'busy'
    throw error
  }
}

/** What a worker says of its run, kept until the next beat or the end. */
export interface RunNews {
  progress: number
  progressText: string | null
  steps: readonly RunStep[]
  lines: readonly RunLogLine[]
}

/** Renews the lease and keeps the news. Null when the run is no longer this attempt's. */
export async function beatRun(
  db: Database,
  { id, attempt }: Pick<Run, 'id' | 'attempt'>,
  leaseMs: number,
  news: RunNews | null,
): Promise<{ cancelRequested: boolean } | null> {
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('runs')
      .set({ lease_until: ahead(leaseMs), ...(news && { ...columnsOf(news), updated_at: sql<Date>`now()` }) })
      .where('id', '=', id)
      .where('attempt', '=', attempt)
      .where('state', '=', 'running')
      .returning('cancel_requested_at')
      .executeTakeFirst()
    if (!row) return null
    if (news) await insertLines(tx, id, news.lines)
    return { cancelRequested: row.cancel_requested_at !== null }
  })
}

export interface RunEnd {
  state: Exclude<RunState, 'running'>
  counts?: Counts
  error?: RunError | null
}

/**
 * Closes a run (or puts it back into the queue). False when it is no longer this attempt's: then nothing was written.
 */
export async function endRun(
  tx: Tx,
  { id, attempt }: Pick<Run, 'id' | 'attempt'>,
  end: RunEnd,
  news: RunNews | null,
): Promise<boolean> {
  const { state, counts, error } = end
  const row = await tx
    .updateTable('runs')
    .set({
      state,
      lease_until: null,
      updated_at: sql<Date>`now()`,
      ...(news && columnsOf(news)),
      ...(state !== 'queued' && { finished_at: sql<Date>`now()` }),
      ...((state === 'succeeded' || state === 'partially_failed') && { progress: 1 }),
      ...(counts && { counts: JSON.stringify(counts) }),
      ...(error !== undefined && { error: error && JSON.stringify(error) }),
    })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('finished_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (row && news) await insertLines(tx, id, news.lines)
  return row !== undefined
}

/** The run that has waited longest for what this one held. */
export async function nextInLine(tx: Tx, id: string): Promise<string | null> {
  const row = await tx
    .selectFrom('runs')
    .select('id')
    .where('state', '=', 'queued')
    .where('lock_key', '=', (row) => row.selectFrom('runs').select('lock_key').where('id', '=', id))
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

export async function requestCancel(tx: Tx, id: string): Promise<Run> {
  const row = await tx
    .updateTable('runs')
    .set({ cancel_requested_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return readRun(row)
}

/**
 * Runs of some kinds that nobody does: their worker's lease lapsed, or they have waited for `waitedMs` with their key
 * free.
 */
export async function findAbandoned(
  db: Database,
  kinds: readonly string[],
  waitedMs: number,
): Promise<{ lost: Run[]; waiting: Run[] }> {
  if (kinds.length === 0) return { lost: [], waiting: [] }
  const unfinished = db.selectFrom('runs').selectAll().where('kind', 'in', kinds).orderBy('created_at').limit(1000)
  const lost = await unfinished.where('state', '=', 'running').where('lease_until', '<', sql<Date>`now()`).execute()
  const waiting = await unfinished
    .where('state', '=', 'queued')
    .where('updated_at', '<', ahead(-waitedMs))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('runs as holder')
            .select('holder.id')
            .whereRef('holder.lock_key', '=', 'runs.lock_key')
            .where('holder.state', '=', 'running'),
        ),
      ),
    )
    .execute()
  return { lost: lost.map(readRun), waiting: waiting.map(readRun) }
}

const columnsOf = ({ progress, progressText, steps }: RunNews) => ({
  progress,
  progress_text: progressText,
  steps: JSON.stringify(steps),
})

async function insertLines(tx: Tx, runId: string, lines: readonly RunLogLine[]): Promise<void> {
  if (lines.length === 0) return
  await tx
    .insertInto('run_log')
    .values(lines.map(({ line, at, attempt, level, text }) => ({ run_id: runId, line, at, attempt, level, text })))
    .execute()
}

/** The table's own checks hold what the casts say. */
function readRun(row: Selectable<Runs>): Run {
  return {
    id: row.id,
    kind: row.kind,
    subject: { type: row.subject_type, id: row.subject_id },
    permission: row.permission as Permission,
    data: row.data,
    state: row.state as RunState,
    trigger: {
      type: row.trigger_type as TriggerType,
      tokenId: row.trigger_token_id,
      accountId: row.trigger_account_id,
      accountName: row.trigger_account_name,
      cause: row.trigger_cause,
    },
    attempt: row.attempt,
    progress: row.progress,
    progressText: row.progress_text,
    steps: row.steps as RunStep[],
    counts: row.counts as Counts,
    error: row.error as RunError | null,
    cancelRequested: row.cancel_requested_at !== null,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  }
}

const readLogLine = (row: Selectable<RunLog>): RunLogLine => ({
  line: row.line,
  at: row.at,
  attempt: row.attempt,
  level: row.level as RunLogLine['level'],
  text: row.text,
})
