import { defineProblem } from '#src/problem/problem.ts'

export const databaseUnavailable = defineProblem(
  'database-unavailable',
  'unavailable',
  'The database cannot be reached or started',
)

export const databaseNewer = defineProblem(
  'database-newer',
  'conflict',
  'The database was migrated by a newer version of Tessera',
)

export const databaseCannotMigrate = defineProblem(
  'database-cannot-migrate',
  'internal',
  'The database could not be brought to this version',
)
