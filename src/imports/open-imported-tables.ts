import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database, Tx } from '#src/database/change.ts'
import { type ImportedTableName, importedTables } from './imported-tables.ts'
import * as store from './store.ts'

/** A table as files that DuckDB reads; without files it is empty, and `columns` say what it would hold. */
export interface OpenTable {
  readonly name: ImportedTableName
  readonly format: 'parquet' | 'ndjson'
  readonly files: readonly string[]
  /** DuckDB's types by column. */
  readonly columns: Readonly<Record<string, string>>
}

const referenceRows: Record<Exclude<ImportedTableName, 'slurm_jobs'>, (tx: Tx) => Promise<readonly object[]>> = {
  hpc_people: store.peopleAsSource,
  hpc_organizations: store.organizationsAsSource,
  hpc_resources: store.resourcesAsSource,
  hpc_resource_specifications: store.specificationsAsSource,
  hpc_qos: store.qosAsSource,
}

/**
 * Opens imported tables for one refresh. Job batches are immutable and read where they are; reference tables are
 * written into `scratch`, which belongs to the refresh. All of them show the same moment.
 */
export function openImportedTables(
  { db, importsDirectory }: { db: Database; importsDirectory: string },
  names: readonly ImportedTableName[],
  scratch: string,
): Promise<OpenTable[]> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      await mkdir(scratch, { recursive: true })
      const tables: OpenTable[] = []
      for (const name of names) {
        const columns = importedTables[name]
        if (name === 'slurm_jobs') {
          const files = (await store.batchFiles(tx)).map((file) => join(importsDirectory, file))
          tables.push({ name, format: 'parquet', files, columns })
        } else {
          const file = join(scratch, `${name}.ndjson`)
          const rows = await referenceRows[name](tx)
          await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''), { mode: 0o600 })
          tables.push({ name, format: 'ndjson', files: [file], columns })
        }
      }
      return tables
    })
}
