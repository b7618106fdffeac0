import { access } from 'node:fs/promises'
import path from 'node:path'
import type { Change } from '#src/database/change.ts'
import { unknownModel } from '#src/warehouse/problems.ts'
import { snapshotDirectory } from '#src/warehouse/snapshot-directory.ts'
import type { CompiledModel } from './compile-model.ts'
import type { LiveModels } from './live-models.ts'
import { unknownSnapshot } from './problems.ts'
import { findCurrent, findSnapshots, lockHistory, moveBack, type Snapshot } from './store.ts'

export interface RollBackNeeds {
  readonly models: readonly Pick<CompiledModel, 'name'>[]
  readonly live: Pick<LiveModels, 'catchUp'> | null
  readonly warehouseDirectory: string
}

/**
 * Makes an earlier snapshot the one that is read: the pointer moves, nothing else does. Without a version it is the newest
 * kept below the current one. What reads already goes on with what it has.
 */
export async function rollBack(
  { models, live, warehouseDirectory }: RollBackNeeds,
  change: Change,
  model: string,
  { version, reason }: { readonly version?: number | undefined; readonly reason?: string | undefined },
): Promise<{ snapshot: Snapshot; moved: boolean }> {
  if (!models.some(({ name }) => name === model))
    throw unknownModel({ detail: `There is no model called ${model}.`, hint: 'GET /v1/models lists them.' })
  // From here on nothing that is kept is forgotten.
  await lockHistory(change.tx)
  const kept = await findSnapshots(change.tx, model)
  const current = await findCurrent(change.tx, model)
  const snapshot = kept.find((one) =>
    version === undefined ? current && one.version < current.version : one.version === version,
  )
  const there = snapshot && (await isThere(path.join(snapshotDirectory(warehouseDirectory), snapshot.file)))
  if (!snapshot || !there || !current)
    throw unknownSnapshot({
      detail:
        version === undefined
          ? `No snapshot of ${model} is kept from before the one that is read.`
          : `Snapshot ${version} of ${model} is not kept.`,
      hint: `Kept are: ${kept.map((one) => one.version).join(', ') || 'none'}. [models] keep_snapshots in the settings says how many are.`,
    })
  if (snapshot.version === current.version) return { snapshot, moved: false }
  await moveBack(change.tx, model, snapshot.version)
  change.note({
    verb: 'model.rolled_back',
    subjectType: 'model',
    subjectId: model,
    detail: { from: current.version, to: snapshot.version, reason: reason ?? null },
  })
  change.afterCommit(async () => live?.catchUp())
  return { snapshot, moved: true }
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )
