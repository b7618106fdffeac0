import type { Change } from '#src/database/change.ts'
import { findAccessPeople, findAdministrators } from './access-store.ts'
import type { FileNeeds } from './needs.ts'

type TellNeeds = Pick<FileNeeds, 'clock' | 'pids' | 'publisher' | 'tellPeople'>

/**
 * A mail to each of those who were given the right to decide, or else to administrators, that somebody waits for a file; it
 * leaves when the change commits.
 */
export async function tellDeciders(needs: TellNeeds, { tx }: Change, fileId: number, accountId: string): Promise<void> {
  const { tellPeople, pids, publisher, clock } = needs
  if (tellPeople === null) return
  const { asker, file, dataset, deciders } = await findAccessPeople(tx, fileId, accountId)
  for (const { email } of deciders.length > 0 ? deciders : await findAdministrators(tx))
    await tellPeople(tx, {
      key: `access to file ${fileId} asked by ${accountId} at ${clock.now().toISOString()}, to ${email}`,
      to: email,
      subject: `${asker.displayName} asks for “${file.name}”`,
      text: [
        `${asker.displayName} (${asker.userName}) asks for a restricted file of a dataset on ${publisher} whose access you decide about.`,
        `File: ${file.name}\nDataset: ${dataset.title}`,
        `Grant or reject it here: ${pids.siteAddress}/deposit/${dataset.id}/requests`,
        'While this request waits, no mail is sent for further files of the dataset that the same person asks for.',
      ].join('\n\n'),
    })
}

/** A mail to who asked, with what was decided; it leaves when the change commits. */
export async function tellAsker(
  needs: TellNeeds,
  { tx }: Change,
  fileId: number,
  accountId: string,
  verdict: 'granted' | 'rejected',
): Promise<void> {
  const { tellPeople, pids, publisher, clock } = needs
  if (tellPeople === null) return
  const { asker, file, dataset } = await findAccessPeople(tx, fileId, accountId)
  if (asker.email === null) return
  const granted = verdict === 'granted'
  await tellPeople(tx, {
    key: `access to file ${fileId} ${verdict} to ${accountId} at ${clock.now().toISOString()}`,
    to: asker.email,
    subject: granted ? `You may have “${file.name}”` : `You were not given “${file.name}”`,
    text: [
      granted
        ? `You asked for a restricted file on ${publisher}, and may download it now.`
        : `You asked for a restricted file on ${publisher}. Whoever decides about it has not given it to you.`,
      `File: ${file.name}\nDataset: ${dataset.title}`,
      `${pids.siteAddress}/files/${fileId}`,
    ].join('\n\n'),
  })
}
