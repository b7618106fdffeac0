import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describeTables } from '#src/database/describe-tables.ts'
import { testDatabase } from '#test/postgres.ts'

/** Writes `src/database/tables.ts` from a database that has just been migrated: `npm run tables`. */
await using database = await testDatabase()
const file = path.resolve(import.meta.dirname, '../src/database/tables.ts')
await writeFile(file, await describeTables(database.pool))
console.log(`wrote ${path.relative(process.cwd(), file)}`)
