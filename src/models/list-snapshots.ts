import type { z } from 'zod'
import type { Database } from '#src/database/change.ts'
import { unknownModel } from '#src/warehouse/problems.ts'
import type { CompiledModel } from './compile-model.ts'
import type { Snapshot as Shown } from './contract.ts'
import { findCurrent, findSnapshots, type Snapshot } from './store.ts'

export interface HistoryNeeds {
  readonly db: Database
  readonly models: readonly Pick<CompiledModel, 'name'>[]
}

/** The snapshots of a model that are kept, newest first, and which of them is read. */
export async function listSnapshots(
  { db, models }: HistoryNeeds,
  model: string,
): Promise<{ snapshots: Snapshot[]; current: number | null }> {
  if (!models.some(({ name }) => name === model))
    throw unknownModel({ detail: `There is no model called ${model}.`, hint: 'GET /v1/models lists them.' })
  const [snapshots, current] = await Promise.all([findSnapshots(db, model), findCurrent(db, model)])
  return { snapshots, current: current?.version ?? null }
}

export const showSnapshot = (snapshot: Snapshot, current: number | null): z.input<typeof Shown> => ({
  version: snapshot.version,
  current: snapshot.version === current,
  run: snapshot.runId,
  type: snapshot.refreshType,
  started_at: snapshot.startedAt.toISOString(),
  refreshed_at: snapshot.finishedAt.toISOString(),
  source_time: snapshot.sourceTime?.toISOString() ?? null,
  rows: snapshot.rows,
  rows_before: snapshot.rowsBefore,
  added: snapshot.differences?.added ?? null,
  removed: snapshot.differences?.removed ?? null,
  changed: snapshot.differences?.changed ?? null,
  schema_changes: [...snapshot.schemaChanges],
  sources: snapshot.sources.map(({ name, kind = null, rows, time = null }) => ({ name, kind, rows, time })),
  bytes: snapshot.bytes,
  first_day: snapshot.days?.start ?? null,
  last_day: snapshot.days?.end ?? null,
})
