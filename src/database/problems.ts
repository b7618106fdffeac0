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

export const databaseTooOld = defineProblem('database-too-old', 'conflict', 'The database server is too old')

export const databaseCannotMigrate = defineProblem(
  'database-cannot-migrate',
  'internal',
  'The database could not be brought to this version',
)

export const backupTarget = defineProblem('backup-target', 'conflict', 'A backup cannot be written there')

export const backupFailed = defineProblem('backup-failed', 'unavailable', 'The backup could not be made')

export const backupDamaged = defineProblem('backup-damaged', 'invalid', 'The backup is not whole')

export const restoreRefused = defineProblem('restore-refused', 'conflict', 'The backup was not restored')

export const restoreUnfinished = defineProblem('restore-unfinished', 'unavailable', 'A restore was interrupted')
