import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { localCaller } from '#src/access/caller.ts'
import { isImportedTable } from '#src/imports/imported-tables.ts'
import { openImportedTables } from '#src/imports/open-imported-tables.ts'
import { buildSnapshot } from '#src/models/build-snapshot.ts'
import { type CompiledModel, compileModel } from '#src/models/compile-model.ts'
import { openExpressionReader } from '#src/models/expression.ts'
import { readModel } from '#src/models/read-model.ts'
import type { BuildRecipe, BuildTable, Recipe } from '#src/models/recipe.ts'
import type { AskInput } from '#src/warehouse/ask.ts'
import { openDuckDb } from '#src/warehouse/engines/duckdb.ts'
import type { Reading } from '#src/warehouse/reading.ts'
import { makeResultCache } from '#src/warehouse/result-cache.ts'
import type { WarehouseNeeds } from '#src/warehouse/run-query.ts'
import { type Answer, runQuery } from '#src/warehouse/run-query.ts'
import { snapshotDirectory } from '#src/warehouse/snapshot-directory.ts'
import type { ImportBench } from './imports.ts'

export interface JobsModel extends AsyncDisposable {
  readonly needs: WarehouseNeeds
  readonly compiled: CompiledModel
  ask(input: Omit<AskInput, 'model'>): Promise<Answer>
}

/** The Jobs model over what was imported into a bench, built and opened without the machinery of refreshes. */
export async function openJobsModel(bench: ImportBench, timeZone = 'UTC'): Promise<JobsModel> {
  const compiled = await compileJobs(timeZone)
  const directory = join(bench.directory, 'warehouse')
  const snapshots = snapshotDirectory(directory)
  await mkdir(snapshots, { recursive: true })
  const scratch = join(bench.directory, 'build')
  const target = join(snapshots, `jobs-${timeZone.replace('/', '-')}.duckdb`)
  await mkdir(scratch, { recursive: true })
  const built = await buildSnapshot(
    {
      recipe: await withFiles(compiled.recipe, bench, scratch),
      before: null,
      target,
      scratch,
      memoryLimitBytes: 512e6,
      threads: 2,
      salt: 'salt',
      rowsBefore: null,
    },
    { step: () => undefined, say: () => undefined },
  )
  const engine = await openDuckDb({ directory, memoryLimitBytes: 512e6, threads: 2, timeoutMs: 60_000 })
  const snapshot = 'jobs@1'
  await engine.attach(snapshot, target)
  const reading: Reading = { catalogue: compiled.catalogue, snapshot, days: built.days, release: () => undefined }
  const needs: WarehouseNeeds = {
    engine,
    shelf: { take: () => reading, catalogue: () => compiled.catalogue, models: ['jobs'] },
    cache: makeResultCache<Answer>(0),
    clock: { now: () => new Date('2026-03-04T12:00:00Z') },
  }
  const caller = localCaller('system', 'test')
  return {
    needs,
    compiled,
    ask: (input) => runQuery(needs, caller, { model: 'jobs', ...input }),
    [Symbol.asyncDispose]: () => engine.close(),
  }
}

const words = {
  organization_name: 'Test Data Center',
  hierarchy_top_level_label: 'Decanal Unit',
  hierarchy_middle_level_label: 'Department',
  hierarchy_bottom_level_label: 'PI Group',
}

async function compileJobs(timeZone: string): Promise<CompiledModel> {
  const file = join(import.meta.dirname, '../models/jobs.yml')
  const read = readModel(file, await readFile(file, 'utf8'), words)
  if ('faults' in read) throw new Error(JSON.stringify(read.faults))
  const reader = await openExpressionReader()
  try {
    const result = await compileModel(read.model, reader, { timeZone })
    if ('faults' in result) throw new Error(JSON.stringify(result.faults))
    return result.compiled
  } finally {
    reader.close()
  }
}

/** The recipe with imported tables as files. */
async function withFiles(recipe: Recipe, bench: ImportBench, scratch: string): Promise<BuildRecipe> {
  const names = recipe.tables.flatMap((table) =>
    table.kind === 'import' && isImportedTable(table.import) ? [table.import] : [],
  )
  const opened = new Map(
    (await openImportedTables(bench, names, scratch)).map((table) => [table.name as string, table]),
  )
  return {
    ...recipe,
    tables: recipe.tables.map((table): BuildTable => {
      const found = table.kind === 'import' ? opened.get(table.import) : undefined
      if (table.kind === 'sql') return table
      if (!found) throw new Error(`${table.name} is no import`)
      const { files, columns } = found
      const format = found.format === 'ndjson' ? ('json' as const) : found.format
      const { name, unique, notNull, requiredColumns } = table
      return {
        name,
        unique,
        notNull,
        requiredColumns,
        kind: 'files' as const,
        files,
        format,
        columns,
        delimiter: null,
        header: null,
      }
    }),
  }
}
