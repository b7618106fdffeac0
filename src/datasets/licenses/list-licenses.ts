import type { Database, Tx } from '#src/database/change.ts'
import type { License } from '../dataset-view.ts'
import { findLicenses } from './store.ts'

/** All licenses, also those that nobody may choose any more, in their order. */
export const listLicenses = (db: Database | Tx): Promise<License[]> => findLicenses(db)
