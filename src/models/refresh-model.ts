import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { RunHandler, RunOutcome } from '#src/runs/run.ts'
import type { RunStarter } from '#src/runs/start-run.ts'
import { unknownModel } from '#src/warehouse/problems.ts'
import { snapshotDirectory } from '#src/warehouse/snapshot-directory.ts'
import { BuildRefused } from './build-refused.ts'
import type { BuildOrder, Built, BuiltSource } from './build-snapshot.ts'
import type { CompiledModel } from './compile-model.ts'
import { definitionOf } from './definition.ts'
import type { LiveModels } from './live-models.ts'
import { openSources, type SourceNeeds, type SourceNotes } from './open-sources.ts'
import { refreshRefused } from './problems.ts'
import { requestFollowing } from './request-following.ts'
import { runBuilder } from './run-builder.ts'
import { schemaChanges, toldChange } from './schema-changes.ts'
import { findCurrent, insertSnapshot, type RefreshType, type Snapshot, type SourceFacts } from './store.ts'

export interface RefreshNeeds extends SourceNeeds {
  readonly models: readonly CompiledModel[]
  /** Told when a pointer moved; null at the command line, where nobody reads. */
  readonly live: Pick<LiveModels, 'catchUp'> | null
  /** Of the process that builds; it is not part of the warehouse's own budget. */
  readonly memoryLimitBytes: number
  readonly threads: number | null
  /** Hashed along with deidentified values. */
  readonly salt: string
  /** Files that are being made in this process, so that nobody collects them as leftovers. */
  readonly building: Set<string>
  /** What other models are refreshed through when they come after this one. */
  readonly runs: RunStarter
  /** Snapshots of a model to keep, the one that is read included. Default: 2. */
  readonly keep?: number
}

const shareOfReading = 0.05

/**
 * Makes a new snapshot of a model and moves the pointer to it when the run closes. Readers keep what they have; whatever
 * goes wrong, the snapshot before stays the one that is read.
 */
export const refreshModel =
  (needs: RefreshNeeds): RunHandler<{ model: string; type?: RefreshType | undefined }> =>
  async (work): Promise<RunOutcome> => {
    const { model: name } = work.data
    const model = needs.models.find((one) => one.name === name)
    if (!model) throw unknownModel({ detail: `There is no model called ${name} any more.` })
    const startedAt = needs.clock.now()
    const before = await findCurrent(needs.db, name)
    const stem = `${name}-${process.pid}-${randomBytes(6).toString('hex')}`
    const snapshots = snapshotDirectory(needs.warehouseDirectory)
    const scratch = path.join(needs.warehouseDirectory, 'scratch', stem)
    const target = path.join(snapshots, `${stem}.building`)
    const file = `${stem}.duckdb`
    needs.building.add(stem)
    try {
      await mkdir(scratch, { recursive: true, mode: 0o700 })
      await mkdir(snapshots, { recursive: true, mode: 0o700 })
      const incremental =
        (work.data.type ?? model.refreshType) === 'incremental' && !isFullDue(model, before, startedAt)
      const opening = {
        model,
        before,
        incremental,
        scratch,
        signal: work.signal,
        say: (text: string) => work.log(text),
      }
      const { tables, notes } = await work.step('find sources', () => openSources(needs, opening))
      const order: BuildOrder = {
        recipe: { ...model.recipe, tables },
        before: before && path.join(snapshots, before.file),
        target,
        scratch,
        memoryLimitBytes: needs.memoryLimitBytes,
        threads: needs.threads,
        salt: needs.salt,
        rowsBefore: before?.rows ?? null,
      }
      const built = await work.step('build', () =>
        runBuilder(
          order,
          {
            step: ({ name: step, done, total }) =>
              work.progress(shareOfReading + (0.9 * done) / total, stepTexts[step]),
            say: (text) => work.log(text),
          },
          work.signal,
        ),
      )
      await work.step('put in place', () => putInPlace(target, path.join(snapshots, file)))
      const changes = schemaChanges(before?.sources ?? [], built.sources)
      for (const change of changes) work.log(toldChange(change), 'warn')
      const { differences } = built
      if (differences)
        work.log(`${differences.added} rows added, ${differences.removed} removed, ${differences.changed} changed`)
      work.log(`${built.rows} rows, ${built.days ? `${built.days.start} to ${built.days.end}` : 'no days'}`)
      return {
        counts: {
          rows: built.rows,
          rows_before: before?.rows ?? 0,
          facts: built.facts,
          bytes: built.bytes,
          ...differences,
          schema_changes: changes.length,
        },
        text: `${built.rows} rows`,
        async commit(change) {
          const version = await insertSnapshot(change.tx, {
            model: name,
            file,
            runId: work.run.id,
            catalogue: model.catalogue,
            definition: definitionOf(model),
            rows: built.rows,
            facts: built.facts,
            bytes: built.bytes,
            days: built.days,
            sources: sourceFacts(built, notes, { before, startedAt }),
            refreshType: built.sources.some((source) => source.resumed) ? 'incremental' : 'full',
            rowsBefore: before?.rows ?? null,
            differences,
            schemaChanges: changes,
            sourceTime: newest(built, notes),
            startedAt,
            finishedAt: needs.clock.now(),
          })
          change.note({
            verb: 'model.refreshed',
            subjectType: 'model',
            subjectId: name,
            detail: { version, rows: built.rows, run: work.run.id },
          })
          await requestFollowing(needs, change, { model: name, run: work.run.id })
          change.afterCommit(async () => needs.live?.catchUp())
        },
      }
    } catch (error) {
      if (error instanceof BuildRefused) throw refreshRefused({ detail: error.message, cause: error })
      throw error
    } finally {
      needs.building.delete(stem)
      await rm(scratch, { recursive: true, force: true })
    }
  }

const stepTexts = {
  read: 'reading sources',
  check: 'checking',
  facts: 'storing facts',
  rows: 'storing rows',
  values: 'collecting values of dimensions',
  write: 'writing',
} as const

const timeOf = (source: BuiltSource, notes: SourceNotes | undefined): string | null =>
  source.time ?? notes?.time?.toISOString() ?? null

function sourceFacts(
  built: Built,
  notes: ReadonlyMap<string, SourceNotes>,
  { before, startedAt }: { readonly before: Snapshot | null; readonly startedAt: Date },
): SourceFacts[] {
  return built.sources.map((source) => {
    const note = notes.get(source.name)
    const { name, rows, columns, watermark, resumed } = source
    const fullAt = resumed ? before?.sources.find((one) => one.name === name)?.full_at : startedAt.toISOString()
    return {
      name,
      rows,
      columns,
      files: note?.files ?? [],
      ...(note && { kind: note.kind, digest: note.digest }),
      time: timeOf(source, note),
      ...(watermark !== undefined && { watermark }),
      ...(fullAt !== undefined && { full_at: fullAt }),
    }
  })
}

/** Whether it is time that all rows are read again, as deletions are seen only then. */
function isFullDue({ fullEveryMs }: CompiledModel, before: Snapshot | null, now: Date): boolean {
  if (fullEveryMs === null) return false
  return (before?.sources ?? []).some(({ full_at }) => now.getTime() - Date.parse(full_at ?? '') >= fullEveryMs)
}

function newest(built: Built, notes: ReadonlyMap<string, SourceNotes>): Date | null {
  const times = built.sources.flatMap((source) => timeOf(source, notes.get(source.name)) ?? [])
  return times.length === 0 ? null : new Date(Math.max(...times.map((time) => Date.parse(time))))
}

/** The builder has synced the file; the directory must know its name as surely. */
async function putInPlace(from: string, to: string): Promise<void> {
  await rename(from, to)
  const directory = await open(path.dirname(to), 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
