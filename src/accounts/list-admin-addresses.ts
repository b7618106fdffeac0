import type { Database, Tx } from '#src/database/change.ts'
import { findAdminAddresses } from './store.ts'

/** Where administrators are told what nobody else is responsible for. */
export const listAdminAddresses = (db: Database | Tx): Promise<string[]> => findAdminAddresses(db)
