import type { Change } from '#src/database/change.ts'
import type { Rights } from '../rights.ts'
import { type FileNeeds, todayOf } from './needs.ts'
import { embargoInvalid } from './problems.ts'
import { findReleasedAccess } from './store.ts'
import type { VersionFile } from './version-file.ts'

/** An embargo that is set lies in the future. */
export function checkEmbargo(embargo: VersionFile['embargo'] | undefined, today: string): void {
  if (embargo && embargo.until <= today)
    throw embargoInvalid({
      detail: `${embargo.until} is over; an embargo that is set ends after ${today}.`,
      errors: [{ pointer: '#/embargo/until', detail: 'is not a day to come' }],
    })
}

/** One that the world was told of stands until its day, also on what takes the file's place, unless an administrator says otherwise. */
export async function checkEmbargoes(
  needs: Pick<FileNeeds, 'clock' | 'timeZone'>,
  { tx }: Change,
  { superuser }: Rights,
  files: readonly Pick<VersionFile, 'id' | 'name' | 'previousId' | 'rootId'>[],
  embargo: VersionFile['embargo'] | undefined,
): Promise<void> {
  if (embargo === undefined) return
  const today = todayOf(needs)
  checkEmbargo(embargo, today)
  if (superuser) return
  const line = ({ id, previousId, rootId }: (typeof files)[number]) =>
    [id, previousId, rootId].filter((one) => one !== null)
  const released = await findReleasedAccess(tx, files.flatMap(line))
  for (const file of files) {
    const told = line(file)
      .map((id) => released.get(id))
      .find((access) => access !== undefined)?.embargo
    if (told && told.until > today && told.until !== embargo?.until)
      throw embargoInvalid({
        detail: `${file.name} was published under an embargo until ${told.until}, which only an administrator can change.`,
        extensions: { file: file.id },
      })
  }
}
