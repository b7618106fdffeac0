import path from 'node:path'
import { exists } from './backup-format.ts'
import { restoreUnfinished } from './problems.ts'

/** Stands in the data directory while a restore is at work: files and database may be of different times. */
export const unfinishedRestore = (dataDirectory: string): string => path.join(dataDirectory, 'restore-unfinished')

export async function refuseUnfinishedRestore(dataDirectory: string): Promise<void> {
  if (!(await exists(unfinishedRestore(dataDirectory)))) return
  throw restoreUnfinished({
    detail: `A restore into ${dataDirectory} is at work, or was interrupted.`,
    hint: 'Run `tessera restore … --replace` again to finish it; the file restore-unfinished there names the backup.',
  })
}
