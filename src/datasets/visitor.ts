import { createHash } from 'node:crypto'
import type { Caller } from '#src/access/caller.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { findPreviewed } from './store.ts'

/** Who reads in the repository: a caller, perhaps with a preview link in hand. */
export interface Visitor {
  readonly caller: Caller
  /** The dataset whose draft the link shows; null: none was shown, or one that is no more. */
  readonly preview: { readonly datasetId: number } | null
}

export const visitor = (caller: Caller): Visitor => ({ caller, preview: null })

/** What the database knows a preview link by. */
export const hashOfPreview = (secret: string): Buffer => createHash('sha256').update(secret).digest()

const secretShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The caller with the preview link that they show. One that opens nothing changes nothing. */
export async function visitorWith(db: Database | Tx, caller: Caller, secret: string | undefined): Promise<Visitor> {
  if (secret === undefined || !secretShape.test(secret)) return visitor(caller)
  const datasetId = await findPreviewed(db, hashOfPreview(secret))
  return { caller, preview: datasetId === null ? null : { datasetId } }
}
