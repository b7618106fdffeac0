import type { MayReadMade } from '#src/runs/may-see-run.ts'
import { mayRead, type Shelf } from '#src/warehouse/reading.ts'
import { exportRawRun } from './jobs.ts'

/** Who may not ask the model any more, as its file says now, may not have what it answered either. */
export const mayReadExport =
  ({ shelf }: { shelf: Pick<Shelf, 'catalogue'> }): MayReadMade =>
  (caller, { kind, subject }) => {
    const catalogue = shelf.catalogue(subject.id)
    return catalogue !== null && mayRead(catalogue, caller, kind === exportRawRun.name ? 'raw' : 'query')
  }
