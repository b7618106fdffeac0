import { embargoInvalid } from './problems.ts'
import type { VersionFile } from './version-file.ts'

/** An embargo that is set lies in the future. */
export function checkEmbargo(embargo: VersionFile['embargo'] | undefined, today: string): void {
  if (embargo && embargo.until <= today)
    throw embargoInvalid({
      detail: `${embargo.until} is over; an embargo that is set ends after ${today}.`,
      errors: [{ pointer: '#/embargo/until', detail: 'is not a day to come' }],
    })
}
