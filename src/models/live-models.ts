import path from 'node:path'
import type { Database } from '#src/database/change.ts'
import type { Log } from '#src/database/log.ts'
import type { Catalogue } from '#src/warehouse/catalogue.ts'
import type { Engine } from '#src/warehouse/engines/engine.ts'
import type { Reading, Shelf } from '#src/warehouse/reading.ts'
import { snapshotDirectory } from '#src/warehouse/snapshot-directory.ts'
import type { CompiledModel } from './compile-model.ts'
import { findPointers, findSnapshot, type Snapshot } from './store.ts'

export interface LiveModels extends Shelf {
  /** The snapshot that is read; null before the first refresh. */
  snapshot(model: string): Snapshot | null
  /** Looks where the pointers are now, and reads from there. */
  catchUp(): Promise<void>
  close(): Promise<void>
}

interface LiveNeeds {
  readonly db: Database
  readonly engine: Engine
  readonly models: readonly CompiledModel[]
  readonly warehouseDirectory: string
  readonly log: Log
  /** How often to look for pointers that other processes moved. Default: 1 s. */
  readonly pollMs?: number
}

interface OpenSnapshot {
  readonly snapshot: Snapshot
  readonly catalogue: Catalogue
  readonly name: string
  readers: number
  /** Nobody new reads it. */
  retired: boolean
}

/**
 * Which snapshot of each model is read in this process. The pointer in Postgres is the truth; every process looks at it
 * once a second, opens what is new beside what is read, and closes the old one when its last reader has left.
 */
export async function openLiveModels(needs: LiveNeeds): Promise<LiveModels> {
  const { db, engine, models, warehouseDirectory, log, pollMs = 1000 } = needs
  const byName = new Map(models.map((model) => [model.name, model]))
  const current = new Map<string, OpenSnapshot>()
  const closing = new Set<Promise<void>>()
  let catchingUp: Promise<void> | null = null
  let closed = false

  function retire(open: OpenSnapshot): void {
    open.retired = true
    if (open.readers > 0) return
    const detached = engine
      .detach(open.name)
      .catch((error: unknown) => log.warn({ err: error, snapshot: open.name }, 'a snapshot could not be closed'))
      .finally(() => closing.delete(detached))
    closing.add(detached)
  }

  async function look(): Promise<void> {
    for (const { name, version } of await findPointers(db)) {
      const model = byName.get(name)
      const before = current.get(name)
      if (!model || before?.snapshot.version === version) continue
      const snapshot = await findSnapshot(db, name, version)
      if (!snapshot) continue
      const open = {
        snapshot,
        catalogue: asReadable(model, snapshot),
        name: `${name}@${version}`,
        readers: 0,
        retired: false,
      }
      try {
        await engine.attach(open.name, path.join(snapshotDirectory(warehouseDirectory), snapshot.file))
      } catch (error) {
        // It may have been replaced and collected just now; the next look finds its successor.
        log.warn({ err: error, snapshot: open.name }, 'a snapshot could not be opened')
        continue
      }
      current.set(name, open)
      if (before) retire(before)
    }
  }

  async function catchUp(): Promise<void> {
    // Who waits for a look that began before they asked might miss what they ask about.
    if (catchingUp) await catchingUp.catch(() => undefined)
    if (closed) return
    catchingUp ??= look().finally(() => {
      catchingUp = null
    })
    await catchingUp
  }

  await catchUp()
  const timer = setInterval(() => {
    catchUp().catch((error: unknown) => log.warn({ err: error }, 'the pointers of models could not be read'))
  }, pollMs)

  function take(name: string): Reading | 'none_yet' | null {
    const open = current.get(name)
    if (!open) return byName.has(name) ? 'none_yet' : null
    open.readers++
    let released = false
    return {
      catalogue: open.catalogue,
      snapshot: open.name,
      days: open.snapshot.days,
      release() {
        if (released) return
        released = true
        open.readers--
        if (open.retired && open.readers === 0) retire(open)
      },
    }
  }

  return {
    models: models.map((model) => model.name),
    catalogue: (name) => byName.get(name)?.catalogue ?? null,
    take,
    snapshot: (name) => current.get(name)?.snapshot ?? null,
    catchUp,
    async close() {
      closed = true
      clearInterval(timer)
      await catchingUp?.catch(() => undefined)
      await Promise.all(closing)
    },
  }
}

/** What the tables mean is said by the snapshot; who may read them by the model file as it is today. */
function asReadable(model: CompiledModel, { catalogue }: Snapshot): Catalogue {
  const who = new Map(model.catalogue.dimensions.map((dimension) => [dimension.name, dimension.who]))
  return {
    ...catalogue,
    access: model.catalogue.access,
    dimensions: catalogue.dimensions.map((dimension) => ({
      ...dimension,
      who: who.get(dimension.name) ?? dimension.who,
    })),
  }
}
