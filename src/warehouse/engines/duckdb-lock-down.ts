import type { DuckDBConnection } from '@duckdb/node-api'

export const lockedExtensions = {
  autoload_known_extensions: 'false',
  autoinstall_known_extensions: 'false',
  allow_community_extensions: 'false',
}

/** From here on the engine reads and writes below these directories (and its spill directory) only, whatever it is told. */
export async function lockDown(connection: DuckDBConnection, directories: readonly string[]): Promise<void> {
  await connection.run(`set allowed_directories = [${directories.map((d) => literal(`${d}/`)).join(', ')}]`)
  await connection.run('set enable_external_access = false')
  await connection.run('set lock_configuration = true')
}

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
