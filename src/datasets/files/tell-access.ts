import type { Change } from '#src/database/change.ts'
import { type Asked, countAskedDatasets, findAdministrators, findAsked, findDeciders } from './access-people.ts'
import { type FileNeeds, todayOf } from './needs.ts'

type TellNeeds = Pick<FileNeeds, 'clock' | 'timeZone' | 'pids' | 'publisher' | 'tellPeople'>

/** Whoever asks in more datasets than this within a day is told of on the pages of these alone. */
const mostDatasetsADay = 50
const dayMs = 86_400_000

/**
 * A mail to each of those who were given the right to decide, or else to administrators, that somebody waits for a file; it
 * leaves when the change commits. Who was told already that they wait for a file of the dataset is not told again.
 */
export async function tellDeciders(needs: TellNeeds, { tx }: Change, fileId: number, accountId: string): Promise<void> {
  const { tellPeople, pids, publisher, clock } = needs
  if (tellPeople === null) return
  const now = clock.now()
  if ((await countAskedDatasets(tx, accountId, new Date(now.getTime() - dayMs))) > mostDatasetsADay) return
  const { asker, name, released, dataset } = await findAsked(tx, fileId, accountId)
  const asked = { fileId, accountId, released, today: todayOf(needs) }
  const deciders = await findDeciders(tx, asked)
  for (const { email, told, ofFiles } of deciders.length > 0 ? deciders : await findAdministrators(tx, asked))
    if (!told)
      await tellPeople(tx, {
        key: `access to file ${fileId} asked by ${accountId} at ${now.toISOString()}, to ${email}`,
        to: email,
        subject: `${asker.displayName} asks for “${name}”`,
        text: [
          `${asker.displayName} (${asker.userName}) asks for a file on ${publisher} that is not open to everybody, and you decide who may have it.`,
          `File: ${name}\nDataset: ${dataset.title}`,
          `Grant or reject it here: ${pids.siteAddress}/deposit/${dataset.id}/requests${ofFiles ? '?of=files' : ''}`,
          'While a request of theirs waits for you, you get no mail about further files of this dataset that they ask for.',
        ].join('\n\n'),
      })
}

export type Verdict = 'granted' | 'rejected' | 'taken back'

/** A mail to who asked, with what was decided; it leaves when the change commits. */
export async function tellAsker(
  needs: TellNeeds,
  { tx }: Change,
  fileId: number,
  accountId: string,
  verdict: Verdict,
): Promise<void> {
  const { tellPeople, pids, publisher, clock } = needs
  if (tellPeople === null) return
  const asked = await findAsked(tx, fileId, accountId)
  const { asker, name, released, dataset } = asked
  if (asker.email === null) return
  // What only a draft calls it is nothing for a mail: they may not see the draft any more, or never did.
  const file = released ? `“${name}”` : `file ${fileId}`
  await tellPeople(tx, {
    key: `access to file ${fileId} ${verdict} to ${accountId} at ${clock.now().toISOString()}`,
    to: asker.email,
    subject: subjects[verdict](file),
    text: [
      `You asked for a file on ${publisher} that is not open to everybody. ${sentenceOf(verdict, asked)}`,
      released ? `File: ${name}\nDataset: ${dataset.title}` : `File: ${fileId}\nDataset: ${dataset.pid}`,
      `${pids.siteAddress}/files/${fileId}`,
    ].join('\n\n'),
  })
}

const subjects: Readonly<Record<Verdict, (file: string) => string>> = {
  granted: (file) => `You may have ${file}`,
  rejected: (file) => `You were not given ${file}`,
  'taken back': (file) => `You may no longer have ${file}`,
}

function sentenceOf(verdict: Verdict, { released }: Asked): string {
  if (verdict === 'rejected') return 'Whoever decides about it has not given it to you.'
  if (verdict === 'taken back') return 'It had been given to you, and whoever decides about it has taken it back.'
  return released
    ? 'It was given to you, and you may download it now.'
    : 'It was given to you. It is in no published version at present; where you may not see drafts, it has to be published first.'
}
