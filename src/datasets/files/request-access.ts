import type { Caller } from '#src/access/caller.ts'
import type { Change, Database } from '#src/database/change.ts'
import { type Rights, rightsOn } from '../rights.ts'
import { visitor } from '../visitor.ts'
import {
  type AccessRequestRow,
  type AccessRequestState,
  askForAccess,
  decideRequest,
  findAccessRequest,
  findAccessRequests,
  giveFile,
  hasOpenRequest,
  takeFileBack,
  takesRequests,
} from './access-store.ts'
import type { FileNeeds } from './needs.ts'
import { accessAccountUnknown, accessNotNeeded, accessRequestsClosed } from './problems.ts'
import { seeFile } from './see-file.ts'
import { tellAsker, tellDeciders } from './tell-access.ts'

type RequestNeeds = Pick<FileNeeds, 'clock' | 'timeZone' | 'pids' | 'publisher' | 'tellPeople'>

/** Asks for a file that the caller may know of, but not have. */
export async function requestAccess(
  needs: RequestNeeds,
  change: Change,
  id: number | string,
): Promise<{ state: AccessRequestState; changed: boolean }> {
  const { tx, actor } = change
  const { accountId } = actor.caller
  const { file, mayDownload } = await seeFile({ ...needs, db: tx }, visitor(actor.caller), id)
  if (mayDownload || accountId === null) throw accessNotNeeded({ detail: `${file.name} is open to you.` })
  if (!(await takesRequests(tx, file.datasetId))) throw accessRequestsClosed()
  if ((await findAccessRequest(tx, file.id, accountId)) === 'open') return { state: 'open', changed: false }
  const waits = await hasOpenRequest(tx, file.id, accountId)
  await askForAccess(tx, { fileId: file.id, accountId, now: needs.clock.now() })
  change.note({
    verb: 'dataset.access_requested',
    subjectType: 'dataset',
    subjectId: String(file.datasetId),
    detail: { file: file.id, name: file.name },
  })
  // Whoever asks for a thousand files is told of once.
  if (!waits) await tellDeciders(needs, change, file.id, accountId)
  return { state: 'open', changed: true }
}

/** Who asked for a file, for those who may let people have it. */
export async function listFileAccessRequests(
  db: Database,
  caller: Caller,
  id: number | string,
): Promise<AccessRequestRow[]> {
  const rights = await rightsOn(db, caller, { file: id })
  rights.demand('ManageFilePermissions')
  return findAccessRequests(db, { fileId: rights.fileId! })
}

export async function listAccessRequests(
  db: Database,
  caller: Caller,
  ref: number | string,
  state?: AccessRequestState,
): Promise<AccessRequestRow[]> {
  const rights = await rightsOn(db, caller, { dataset: ref })
  rights.demand('ManageFilePermissions')
  return findAccessRequests(db, { datasetId: rights.datasetId!, state })
}

/** Lets somebody have a file, whether they asked or not. */
export async function grantAccess(
  needs: RequestNeeds,
  change: Change,
  id: number | string,
  accountId: string,
): Promise<{ changed: boolean }> {
  const rights = await managed(change, id)
  // Nobody gives more than they have.
  rights.demand('DownloadFile')
  const { tx, actor } = change
  const at = { fileId: rights.fileId!, accountId, by: actor.caller.accountId, now: needs.clock.now() }
  const given = await giveFile(tx, at)
  if (given === null) throw accessAccountUnknown({ detail: `There is no account ${accountId}.` })
  const decided = await decideRequest(tx, { ...at, state: 'granted' })
  if (decided) await tellAsker(needs, change, at.fileId, accountId, 'granted')
  return noted(change, rights, accountId, 'dataset.access_granted', given || decided)
}

/** Refuses somebody a file, and takes it back where they had it. */
export async function rejectAccess(
  needs: RequestNeeds,
  change: Change,
  id: number | string,
  accountId: string,
): Promise<{ changed: boolean }> {
  const rights = await managed(change, id)
  const { tx, actor } = change
  const at = { fileId: rights.fileId!, accountId, by: actor.caller.accountId, now: needs.clock.now() }
  const taken = await takeFileBack(tx, at)
  const decided = await decideRequest(tx, { ...at, state: 'rejected' })
  if (decided) await tellAsker(needs, change, at.fileId, accountId, 'rejected')
  return noted(change, rights, accountId, 'dataset.access_rejected', taken || decided)
}

async function managed({ tx, actor }: Change, id: number | string): Promise<Rights> {
  const rights = await rightsOn(tx, actor.caller, { file: id })
  rights.demand('ManageFilePermissions')
  return rights
}

function noted(
  change: Change,
  { datasetId, fileId }: Rights,
  account: string,
  verb: 'dataset.access_granted' | 'dataset.access_rejected',
  changed: boolean,
): { changed: boolean } {
  if (changed)
    change.note({ verb, subjectType: 'dataset', subjectId: String(datasetId), detail: { file: fileId, account } })
  return { changed }
}
