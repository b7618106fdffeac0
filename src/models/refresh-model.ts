import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Database } from '#src/database/change.ts'
import { isImportedTable } from '#src/imports/imported-tables.ts'
import { openImportedTables } from '#src/imports/open-imported-tables.ts'
import type { RunHandler, RunOutcome } from '#src/runs/run.ts'
import { unknownModel } from '#src/warehouse/problems.ts'
import { snapshotDirectory } from '#src/warehouse/snapshot-directory.ts'
import { BuildRefused } from './build-refused.ts'
import type { BuildOrder, Built } from './build-snapshot.ts'
import type { CompiledModel } from './compile-model.ts'
import { definitionOf } from './definition.ts'
import type { LiveModels } from './live-models.ts'
import { refreshRefused } from './problems.ts'
import type { RecipeTable } from './recipe.ts'
import { runBuilder } from './run-builder.ts'
import { findSourceFiles, type SourceRoots } from './source-files.ts'
import { findCurrent, insertSnapshot, type SourceFacts } from './store.ts'

export interface RefreshNeeds {
  readonly db: Database
  readonly models: readonly CompiledModel[]
  /** Told when a pointer moved; null at the command line, where nobody reads. */
  readonly live: Pick<LiveModels, 'catchUp'> | null
  readonly warehouseDirectory: string
  readonly importsDirectory: string
  readonly roots: SourceRoots
  /** Of the process that builds; it is not part of the warehouse's own budget. */
  readonly memoryLimitBytes: number
  readonly threads: number | null
  /** Hashed along with deidentified values. */
  readonly salt: string
  /** Files that are being made in this process, so that nobody collects them as leftovers. */
  readonly building: Set<string>
  readonly clock: { now(): Date }
}

const shareOfReading = 0.05

/**
 * Makes a new snapshot of a model and moves the pointer to it when the run closes. Readers keep what they have; whatever
 * goes wrong, the snapshot before stays the one that is read.
 */
export const refreshModel =
  (needs: RefreshNeeds): RunHandler<{ model: string }> =>
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
      const { tables, files } = await work.step('find sources', () => openSources(needs, model, scratch))
      const order: BuildOrder = {
        recipe: { ...model.recipe, tables },
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
          ({ name: step, done, total }) => work.progress(shareOfReading + (0.9 * done) / total, stepTexts[step]),
          work.signal,
        ),
      )
      await work.step('put in place', () => putInPlace(target, path.join(snapshots, file)))
      work.log(`${built.rows} rows, ${built.days ? `${built.days.start} to ${built.days.end}` : 'no days'}`)
      return {
        counts: { rows: built.rows, rows_before: before?.rows ?? 0, facts: built.facts, bytes: built.bytes },
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
            sources: sourceFacts(built, files),
            startedAt,
            finishedAt: needs.clock.now(),
          })
          change.note({
            verb: 'model.refreshed',
            subjectType: 'model',
            subjectId: name,
            detail: { version, rows: built.rows, run: work.run.id },
          })
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

type Files = ReadonlyMap<string, SourceFacts['files']>

/** Sources as files that the builder can read. */
async function openSources(
  needs: RefreshNeeds,
  { recipe }: CompiledModel,
  scratch: string,
): Promise<{ tables: RecipeTable[]; files: Files }> {
  const names = recipe.tables.flatMap((table) =>
    table.kind === 'import' && isImportedTable(table.import) ? [table.import] : [],
  )
  const imported = names.length === 0 ? [] : await openImportedTables(needs, [...new Set(names)], scratch)
  const files = new Map<string, SourceFacts['files']>()
  const tables: RecipeTable[] = []
  for (const table of recipe.tables) {
    if (table.kind === 'sql') {
      tables.push(table)
    } else if (table.kind === 'files') {
      const found = await findSourceFiles(table.files, needs.roots)
      files.set(
        table.name,
        found.map((one) => ({ name: path.basename(one.path), bytes: one.bytes, modified_at: one.modifiedAt })),
      )
      tables.push({ ...table, files: found.map((one) => one.path) })
    } else {
      const source = imported.find((one) => one.name === table.import)
      if (!source) throw new BuildRefused(`There is no imported table ${table.import}.`)
      const { name, unique, notNull, requiredColumns } = table
      const format = source.format === 'parquet' ? 'parquet' : 'json'
      const read = {
        kind: 'files' as const,
        files: source.files,
        format,
        columns: source.columns,
        delimiter: null,
        header: null,
      }
      tables.push({ name, unique, notNull, requiredColumns, ...read } as RecipeTable)
    }
  }
  return { tables, files }
}

const sourceFacts = (built: Built, files: Files): SourceFacts[] =>
  built.sources.map((source) => ({ ...source, files: files.get(source.name) ?? [] }))

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
