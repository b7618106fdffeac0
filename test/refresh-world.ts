import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type AuditNote, actor, localCaller } from '#src/access/caller.ts'
import { type Changer, makeChanger } from '#src/database/change.ts'
import type { CompiledModel } from '#src/models/compile-model.ts'
import { refreshModelRun } from '#src/models/jobs.ts'
import { type LiveModels, openLiveModels } from '#src/models/live-models.ts'
import { type RefreshNeeds, refreshModel } from '#src/models/refresh-model.ts'
import { requestRefresh } from '#src/models/request-refresh.ts'
import type { RefreshType } from '#src/models/store.ts'
import { getRun } from '#src/runs/get-run.ts'
import { performRun } from '#src/runs/perform-run.ts'
import type { Run } from '#src/runs/run.ts'
import { openDuckDb } from '#src/warehouse/engines/duckdb.ts'
import type { Engine } from '#src/warehouse/engines/engine.ts'
import { makeResultCache } from '#src/warehouse/result-cache.ts'
import type { Answer, WarehouseNeeds } from '#src/warehouse/run-query.ts'
import { snapshotDirectory } from '#src/warehouse/snapshot-directory.ts'
import { silent, type TestDatabase } from './postgres.ts'
import { compileText } from './small-model.ts'

export const salesYaml = (more = '') => `
version: 1
name: sales
label: Sales
facts: sales
tables:
  - { name: sales, files: "data:sales*.csv", header: true, delimiter: ",", columns: { day: DATE, shop: VARCHAR, n: BIGINT }, unique: [[shop, n]], not_null: [day], required_columns: [n] }
time: { column: day }
dimensions: [{ name: shop, label: Shop, expr: shop }]
metrics:
  - { name: rows, label: Rows, agg: count }
  - { name: generations, label: Generations, agg: count_distinct, expr: n // 1000000 }
raw: { order_by: [n], fields: [{ name: n, label: N, type: integer }] }
refresh: { guards: { min_rows: 2, max_loss: 0.5 }, fresh_within: 1h }
access: { query: public, raw: public }
${more}`

export const me = localCaller('command', 'tester')

export interface World extends AsyncDisposable {
  readonly directory: string
  readonly needs: RefreshNeeds
  readonly engine: Engine
  readonly live: LiveModels
  readonly warehouse: WarehouseNeeds
  readonly notes: AuditNote[]
  readonly change: Changer
  write(lines: readonly string[]): Promise<void>
  /** Of the first model, unless another is named. */
  request(type?: RefreshType, model?: string): Promise<{ run: Run; joined: boolean }>
  perform(run: Run, signal?: AbortSignal): Promise<Run>
  refresh(type?: RefreshType, model?: string): Promise<Run>
  files(): Promise<string[]>
}

/** Models as they are refreshed and read, without a server: by default one over a file that tests rewrite. */
export async function openWorld(
  { db }: Pick<TestDatabase, 'db'>,
  compiled?: CompiledModel | readonly CompiledModel[],
  over: Partial<RefreshNeeds> = {},
): Promise<World> {
  await db.deleteFrom('models').execute()
  await db.deleteFrom('model_snapshots').execute()
  await db.deleteFrom('runs').execute()
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-refresh-'))
  const data = path.join(directory, 'data')
  await mkdir(data)
  const models = [compiled ?? (await compileText(salesYaml()))].flat()
  const warehouseDirectory = path.join(directory, 'warehouse')
  const engine = await openDuckDb({
    directory: warehouseDirectory,
    memoryLimitBytes: 256e6,
    threads: 2,
    timeoutMs: 30_000,
  })
  const live = await openLiveModels({ db, engine, models, warehouseDirectory, log: silent })
  const notes: AuditNote[] = []
  const change = makeChanger(db, async (_tx, _actor, noted) => {
    notes.push(...noted)
  })
  const needs: RefreshNeeds = {
    db,
    models,
    live,
    warehouseDirectory,
    importsDirectory: path.join(directory, 'imports'),
    connections: {},
    runs: { queue: null, callbacks: null },
    fetch: null,
    tables: null,
    reports: null,
    roots: { models: directory, data },
    memoryLimitBytes: 256e6,
    threads: 2,
    salt: 'salt',
    building: new Set(),
    clock: { now: () => new Date() },
    ...over,
  }
  const modelNames = models.map((model) => model.name)
  const request = (type?: RefreshType, model = modelNames[0] as string) =>
    change(actor(me), (open) =>
      requestRefresh({ runs: { queue: null, callbacks: null }, modelNames }, open, model, { type }),
    )
  const perform = async (run: Run, signal?: AbortSignal) => {
    const performing = { db, changer: change, queue: null, log: silent, stillStands: async () => true, beatMs: 100 }
    await performRun(performing, refreshModelRun, refreshModel(needs), run.id, signal)
    return getRun({ db }, me, run.id)
  }
  return {
    directory,
    needs,
    engine,
    live,
    notes,
    change,
    warehouse: { engine, shelf: live, cache: makeResultCache<Answer>(1e6), clock: needs.clock },
    request,
    perform,
    write: (lines) => writeFile(path.join(data, 'sales.csv'), ['day,shop,n', ...lines].join('\n')),
    refresh: async (type, model) => perform((await request(type, model)).run),
    files: async () => (await readdir(snapshotDirectory(warehouseDirectory))).sort(),
    async [Symbol.asyncDispose]() {
      await live.close()
      await engine.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
