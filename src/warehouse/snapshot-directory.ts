import { join } from 'node:path'

/** Where snapshots stand under the warehouse's directory. Apart from the engine, as finding them takes none. */
export const snapshotDirectory = (warehouseDirectory: string): string => join(warehouseDirectory, 'snapshots')
