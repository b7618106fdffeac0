import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Built, buildSnapshot } from '#src/models/build-snapshot.ts'
import { type CompiledModel, compileModel } from '#src/models/compile-model.ts'
import { openExpressionReader } from '#src/models/expression.ts'
import { readModel } from '#src/models/read-model.ts'
import type { BuildTable } from '#src/models/recipe.ts'
import { findSourceFiles } from '#src/models/source-files.ts'
import { openDuckDb } from '#src/warehouse/engines/duckdb.ts'
import type { Engine } from '#src/warehouse/engines/engine.ts'
import type { Reading } from '#src/warehouse/reading.ts'
import { makeResultCache } from '#src/warehouse/result-cache.ts'
import type { Answer, WarehouseNeeds } from '#src/warehouse/run-query.ts'
import { snapshotDirectory } from '#src/warehouse/snapshot-directory.ts'

export interface SmallModel extends AsyncDisposable {
  readonly compiled: CompiledModel
  readonly built: Built
  readonly engine: Engine
  readonly needs: WarehouseNeeds
  readonly directory: string
  /** How many readings are not released. */
  readers(): number
}

interface SmallModelAsk {
  readonly yaml: string
  /** Contents by file name, beside the model file. */
  readonly files: Readonly<Record<string, string>>
  readonly timeZone?: string
  readonly now?: Date
  readonly timeoutMs?: number
  readonly memoryLimitBytes?: number
}

export async function compileText(yaml: string, timeZone = 'UTC'): Promise<CompiledModel> {
  const read = readModel('model.yml', yaml)
  if ('faults' in read) throw new Error(read.faults.map((fault) => `${fault.line}: ${fault.message}`).join('\n'))
  const reader = await openExpressionReader()
  try {
    const compiled = await compileModel(read.model, reader, { timeZone })
    if ('faults' in compiled)
      throw new Error(compiled.faults.map((fault) => `${fault.line}: ${fault.message}`).join('\n'))
    return compiled.compiled
  } finally {
    reader.close()
  }
}

/** A model over a few rows, built and open, without the machinery of refreshes. */
export async function openSmallModel(ask: SmallModelAsk): Promise<SmallModel> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-model-'))
  const models = path.join(directory, 'models')
  const warehouse = path.join(directory, 'warehouse')
  const scratch = path.join(directory, 'scratch')
  for (const one of [models, scratch, snapshotDirectory(warehouse)]) await mkdir(one, { recursive: true })
  for (const [name, text] of Object.entries(ask.files)) await writeFile(path.join(models, name), text)
  const compiled = await compileText(ask.yaml, ask.timeZone)
  const tables = await Promise.all(
    compiled.recipe.tables.map(async (table): Promise<BuildTable> => {
      if (table.kind === 'sql') return table
      if (table.kind !== 'files') throw new Error(`a small model reads files, not ${table.kind}`)
      const found = await findSourceFiles(table.files, { models, data: directory })
      return { ...table, files: found.map((file) => file.path) }
    }),
  )
  const target = path.join(snapshotDirectory(warehouse), 'small-1.duckdb')
  const order = { before: null, target, scratch, memoryLimitBytes: 256e6, threads: 2, salt: 'pepper', rowsBefore: null }
  const built = await buildSnapshot(
    { ...order, recipe: { ...compiled.recipe, tables } },
    { step: () => undefined, say: () => undefined },
  )
  const engine = await openDuckDb({
    directory: warehouse,
    memoryLimitBytes: ask.memoryLimitBytes ?? 256e6,
    threads: 2,
    timeoutMs: ask.timeoutMs ?? 30_000,
  })
  const snapshot = `${compiled.name}@1`
  await engine.attach(snapshot, target)
  let readers = 0
  const take = (): Reading => {
    readers++
    let released = false
    const release = () => {
      if (!released) readers--
      released = true
    }
    return { catalogue: compiled.catalogue, snapshot, days: built.days, release }
  }
  const shelf = {
    models: [compiled.name],
    catalogue: (name: string) => (name === compiled.name ? compiled.catalogue : null),
    take: (name: string) => (name === compiled.name ? take() : null),
  }
  const needs: WarehouseNeeds = {
    engine,
    shelf,
    cache: makeResultCache<Answer>(10e6),
    clock: { now: () => ask.now ?? new Date() },
  }
  return {
    compiled,
    built,
    engine,
    needs,
    directory,
    readers: () => readers,
    async [Symbol.asyncDispose]() {
      await engine.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
