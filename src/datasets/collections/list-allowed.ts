import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { ceilingOf } from '../rights.ts'
import type { RepositoryPermission } from '../words.ts'
import { findAllowed } from './store.ts'

/** Collections on which the caller holds a right, by name. */
export const listAllowed = (
  db: Database,
  caller: Caller,
  right: RepositoryPermission,
): Promise<{ id: number; alias: string; name: string }[]> => findAllowed(db, caller, right, ceilingOf(right))
