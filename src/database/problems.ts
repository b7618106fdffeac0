import { defineProblem } from '#src/problem/problem.ts'

export const databaseUnavailable = defineProblem(
  'database-unavailable',
  'unavailable',
  'The database cannot be reached or started',
  'The administrator looks whether PostgreSQL runs and can be reached as `[database] url` says; the `detail` holds the reason.',
)

export const databaseNewer = defineProblem(
  'database-newer',
  'conflict',
  'The database was migrated by a newer version of Tessera',
  'Start the version of Tessera that migrated it, or a later one. There is no way back but a backup.',
)

export const databaseTooOld = defineProblem(
  'database-too-old',
  'conflict',
  'The database server is too old',
  'Upgrade PostgreSQL, or leave `[database] url` empty: Tessera brings one along.',
)

export const databaseCannotMigrate = defineProblem(
  'database-cannot-migrate',
  'internal',
  'The database could not be brought to this version',
  'Nothing was changed. Correct what the `detail` names and start again.',
)

export const backupTarget = defineProblem(
  'backup-target',
  'conflict',
  'A backup cannot be written there',
  'Name a directory that does not exist yet; a backup never overwrites anything.',
)

export const backupFailed = defineProblem(
  'backup-failed',
  'unavailable',
  'The backup could not be made',
  'Nothing was left behind. The `detail` says what was in the way, often a full disk; mend that and try again.',
)

export const backupDamaged = defineProblem(
  'backup-damaged',
  'invalid',
  'The backup is not whole',
  'Take another backup; this one was cut short or changed.',
)

export const restoreRefused = defineProblem(
  'restore-refused',
  'conflict',
  'The backup was not restored',
  'Nothing was changed. The `detail` says what is in the way: most often something is there already, and `--replace` would lose it.',
)

export const restoreUnfinished = defineProblem(
  'restore-unfinished',
  'unavailable',
  'A restore was interrupted',
  'Run `tessera restore … --replace` again with the same backup to finish it.',
)
