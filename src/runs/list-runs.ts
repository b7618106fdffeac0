import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import type { Run } from './run.ts'
import { findRuns, type RunFilter } from './store.ts'

/** Newest first, and only what the caller may see. */
export async function listRuns(
  { db }: { db: Database },
  { grants, tokenId, accountId }: Caller,
  ask: Omit<RunFilter, 'accountId' | 'tokenId'>,
): Promise<Run[]> {
  if (grants.allows('runs:admin')) return findRuns(db, ask)
  if (accountId !== null && grants.allows('runs:read')) return findRuns(db, { ...ask, accountId })
  return tokenId === null ? [] : findRuns(db, { ...ask, tokenId })
}
