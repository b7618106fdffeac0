import { randomUUID } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import type { GrantText } from '#src/access/grants.ts'
import type { Permission } from '#src/access/permissions.ts'
import type { Database, Tx } from '#src/database/change.ts'
import type { RunArtifacts, RunLog, Runs } from '#src/database/tables.ts'
import type {
  Artifact,
  CallbackFacts,
  Counts,
  Run,
  RunError,
  RunLogLine,
  RunState,
  RunStep,
  RunTrigger,
  Subject,
  TriggerType,
} from './run.ts'

export interface NewRun {
  kind: string
  subject: Subject
  permission: Permission
  lockKey: string | null
  data: object
  trigger: RunTrigger
  scheduledFor: Date | null
  rerunOf: string | null
  personal: boolean
  filesNeed: GrantText | null
}

/** What is known of a run beside its row. */
const besides = () => [
  sql<Run['artifacts']>`(
    select json_build_object(
      'total', count(*)::int, 'expired', (count(*) filter (where a.expired or a.expires_at <= now()))::int)
    from run_artifacts a where a.run_id = runs.id)`.as('artifacts'),
  sql<CallbackFacts[]>`(
    select coalesce(json_agg(json_build_object('id', c.id, 'host', c.host, 'state', c.state, 'attempts', c.attempts,
      'failure', c.failure) order by c.created_at, c.id), '[]')
    from run_callbacks c where c.run_id = runs.id)`.as('callbacks'),
]
type RunRow = Selectable<Runs> & { artifacts: Run['artifacts']; callbacks: CallbackFacts[] }

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
      trigger_address: run.trigger.address,
      scheduled_for: run.scheduledFor,
      rerun_of: run.rerunOf,
      personal: run.personal,
      files_need: run.filesNeed,
    })
    .returningAll()
    .returning(besides)
    .executeTakeFirstOrThrow()
  return readRun(row)
}

export async function findRun(db: Database | Tx, id: string): Promise<Run | null> {
  const row = await db.selectFrom('runs').selectAll().select(besides).where('id', '=', id).executeTakeFirst()
  return row ? readRun(row) : null
}

export async function lockRun(tx: Tx, id: string): Promise<Run | null> {
  // Locked first: what is read in the same statement may be older than the lock.
  await tx.selectFrom('runs').select('id').where('id', '=', id).forUpdate().execute()
  return findRun(tx, id)
}

/** Runs of a kind on a subject that wait or are at work and are not told to stop, newest first. */
export async function findOpenRuns(db: Database | Tx, kind: string, subject: Subject): Promise<Run[]> {
  const rows = await db
    .selectFrom('runs')
    .selectAll()
    .select(besides)
    .where('kind', '=', kind)
    .where('subject_type', '=', subject.type)
    .where('subject_id', '=', subject.id)
    .where('finished_at', 'is', null)
    .where('cancel_requested_at', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(readRun)
}

export interface RunFilter {
  states?: readonly RunState[]
  /** Whether it waits or is at work. */
  open?: boolean
  kinds?: readonly string[]
  subjectType?: string
  subjectId?: string
  triggerType?: TriggerType
  /** Only this account's. */
  accountId?: string
  /** By user name. */
  accountName?: string
  /** Only this token's. */
  tokenId?: string
  /** Of who may see only what this token started. */
  ownTokenId?: string
  since?: Date
  until?: Date
}

export interface RunPage {
  /** Only those made before this one. */
  after?: { createdAt: string; id: string }
  limit: number
}

function matching(db: Database, filter: RunFilter) {
  let query = db.selectFrom('runs')
  if (filter.states) query = query.where('state', 'in', [...filter.states])
  if (filter.open !== undefined) query = query.where('finished_at', filter.open ? 'is' : 'is not', null)
  if (filter.kinds) query = query.where('kind', 'in', [...filter.kinds])
  if (filter.subjectType) query = query.where('subject_type', '=', filter.subjectType)
  if (filter.subjectId) query = query.where('subject_id', '=', filter.subjectId)
  if (filter.triggerType) query = query.where('trigger_type', '=', filter.triggerType)
  if (filter.accountId) query = query.where('trigger_account_id', '=', filter.accountId)
  if (filter.accountName) query = query.where(sql<boolean>`lower(trigger_account_name) = lower(${filter.accountName})`)
  if (filter.tokenId) query = query.where('trigger_token_id', '=', filter.tokenId)
  if (filter.ownTokenId) query = query.where('trigger_token_id', '=', filter.ownTokenId)
  if (filter.since) query = query.where('created_at', '>=', filter.since)
  if (filter.until) query = query.where('created_at', '<', filter.until)
  return query
}

/** Newest first. */
export async function findRuns(db: Database, filter: RunFilter, page: RunPage): Promise<Run[]> {
  let query = matching(db, filter)
    .selectAll()
    .select(besides)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
  if (page.after) {
    const { createdAt, id } = page.after
    query = query.where(sql<boolean>`(created_at, id) < (${createdAt}::timestamptz, ${id}::uuid)`)
  }
  return (await query.execute()).map(readRun)
}

export async function countRuns(
  db: Database,
  filter: RunFilter,
): Promise<{ kind: string; state: RunState; count: number }[]> {
  return matching(db, filter)
    .select(['kind', sql<RunState>`state`.as('state'), sql<number>`count(*)::int`.as('count')])
    .groupBy(['kind', 'state'])
    .orderBy('kind')
    .execute()
}

/** Of each subject, the run of a kind that ended last. */
export async function findLastEnded(db: Database, kind: string, subjectType: string): Promise<Run[]> {
  const rows = await db
    .selectFrom('runs')
    .selectAll()
    .select(besides)
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
      .returning(besides)
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
    .returning(besides)
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
  const unfinished = db
    .selectFrom('runs')
    .selectAll()
    .select(besides)
    .where('kind', 'in', kinds)
    // Said besides the state: that is what the index of the unfinished is made of.
    .where('finished_at', 'is', null)
    .orderBy('created_at')
    .limit(1000)
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
function readRun(row: RunRow): Run {
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
      address: row.trigger_address,
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
    scheduledFor: row.scheduled_for,
    rerunOf: row.rerun_of,
    personal: row.personal,
    filesNeed: row.files_need,
    artifacts: row.artifacts,
    callbacks: row.callbacks,
  }
}

const readLogLine = (row: Selectable<RunLog>): RunLogLine => ({
  line: row.line,
  at: row.at,
  attempt: row.attempt,
  level: row.level as RunLogLine['level'],
  text: row.text,
})

/** Keeps a run this attempt's until the transaction ends; false where it is so no longer. */
export async function holdAttempt(tx: Tx, { id, attempt }: Pick<Run, 'id' | 'attempt'>): Promise<boolean> {
  const ours = await tx
    .selectFrom('runs')
    .select('id')
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', '=', 'running')
    .forUpdate()
    .executeTakeFirst()
  return ours !== undefined
}

/** Keeps an artifact's row, in place of one of the same name. Null when the run is no longer this attempt's. */
export async function insertArtifact(
  tx: Tx,
  { id: runId, attempt }: Pick<Run, 'id' | 'attempt'>,
  artifact: Omit<Artifact, 'id' | 'runId' | 'createdAt' | 'expired'>,
): Promise<Artifact | null> {
  if (!(await holdAttempt(tx, { id: runId, attempt }))) return null
  const { name, mediaType, bytes, sha256, expiresAt } = artifact
  await tx.deleteFrom('run_artifacts').where('run_id', '=', runId).where('name', '=', name).execute()
  const row = await tx
    .insertInto('run_artifacts')
    .values({ id: randomUUID(), run_id: runId, name, media_type: mediaType, bytes, sha256, expires_at: expiresAt })
    .returningAll()
    .executeTakeFirstOrThrow()
  return readArtifact(row)
}

/** In the order in which they were made. */
export const findArtifacts = (db: Database | Tx, runId: string): Promise<Artifact[]> => findArtifactsOf(db, [runId])

export async function findArtifactsOf(db: Database | Tx, runIds: readonly string[]): Promise<Artifact[]> {
  if (runIds.length === 0) return []
  const rows = await db
    .selectFrom('run_artifacts')
    .selectAll()
    .where('run_id', 'in', [...runIds])
    .orderBy('created_at')
    .orderBy('name')
    .execute()
  return rows.map(readArtifact)
}

export async function findArtifact(db: Database, runId: string, id: string): Promise<Artifact | null> {
  const found = db.selectFrom('run_artifacts').selectAll().where('run_id', '=', runId).where('id', '=', id)
  const row = await found.executeTakeFirst()
  return row ? readArtifact(row) : null
}

/** Gives up what is past its time, so that its content may be collected. Returns how many. */
export async function expireArtifacts(db: Database): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('run_artifacts')
    .set({ expired: true })
    .where('expired', '=', false)
    .where('expires_at', '<=', sql<Date>`now()`)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Which of these contents are named by artifacts that are still given out; all that are, when none are asked for. */
export async function findArtifactContents(tx: Tx, sha256s: readonly string[] | null): Promise<string[]> {
  const live = tx.selectFrom('run_artifacts').select('sha256').distinct().where('expired', '=', false)
  const rows = await (sha256s ? live.where('sha256', 'in', [...sha256s]) : live).execute()
  return rows.map((row) => row.sha256)
}

const readArtifact = (row: Selectable<RunArtifacts>): Artifact => ({
  id: row.id,
  runId: row.run_id,
  name: row.name,
  mediaType: row.media_type,
  bytes: Number(row.bytes),
  sha256: row.sha256,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  expired: row.expired || row.expires_at.getTime() <= Date.now(),
})

export async function insertCallback(
  tx: Tx,
  { id, runId, sealed, host }: { id: string; runId: string; sealed: string; host: string },
): Promise<void> {
  await tx.insertInto('run_callbacks').values({ id, run_id: runId, sealed, host }).execute()
}

/** Those who are still to be told of a run's end. */
export async function findWaitingCallbacks(tx: Tx, runId: string): Promise<string[]> {
  const waiting = tx.selectFrom('run_callbacks').select('id').where('run_id', '=', runId).where('state', '=', 'waiting')
  return (await waiting.execute()).map(({ id }) => id)
}

/** Callbacks of runs that ended a while ago which no job has tried yet, in case theirs was lost. */
export async function findForgottenCallbacks(db: Database, afterMs: number): Promise<string[]> {
  const rows = await db
    .selectFrom('run_callbacks as c')
    .innerJoin('runs as r', 'r.id', 'c.run_id')
    .select('c.id')
    .where('c.state', '=', 'waiting')
    .where('c.attempts', '=', 0)
    .where('r.finished_at', '<', ahead(-afterMs))
    .limit(1000)
    .execute()
  return rows.map(({ id }) => id)
}

export async function findCallback(
  db: Database,
  id: string,
): Promise<{ runId: string; sealed: string; state: CallbackFacts['state'] } | null> {
  const row = await db.selectFrom('run_callbacks').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? { runId: row.run_id, sealed: row.sealed, state: row.state as CallbackFacts['state'] } : null
}

export async function noteCallback(
  db: Database,
  id: string,
  { state, failure }: Pick<CallbackFacts, 'state' | 'failure'>,
): Promise<void> {
  await db
    .updateTable('run_callbacks')
    .set((row) => ({ state, failure, attempts: row('attempts', '+', 1), updated_at: sql<Date>`now()` }))
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute()
}
