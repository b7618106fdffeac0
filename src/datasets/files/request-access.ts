import type { Caller } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import { requirePermission } from '#src/http/permission.ts'
import { fileNotFound } from '../problems.ts'
import { demandVisible, type Rights, reaches, rightsOn } from '../rights.ts'
import { visitor } from '../visitor.ts'
import {
  type AccessRequestRow,
  type AccessRequestState,
  askForAccess,
  decideRequest,
  findAccessRequest,
  findAccessRequests,
  findManagedFiles,
  giveFile,
  holdRequests,
  type RequestPlace,
  takeFileBack,
  takesRequests,
} from './access-store.ts'
import { type FileNeeds, todayOf } from './needs.ts'
import { accessAccountUnknown, accessNotNeeded, accessRequestsClosed } from './problems.ts'
import { seeFile, statesSeen } from './see-file.ts'
import { tellAsker, tellDeciders } from './tell-access.ts'

type RequestNeeds = Pick<FileNeeds, 'clock' | 'timeZone' | 'pids' | 'publisher' | 'tellPeople'>

/** Asks for a file that the caller may know of, but not have. A token must be able to read the file once it is given. */
export async function requestAccess(
  needs: RequestNeeds,
  change: Change,
  id: number | string,
): Promise<{ state: AccessRequestState; changed: boolean }> {
  const { tx, actor } = change
  const { accountId } = actor.caller
  const rights = await rightsOn(tx, actor.caller, { file: id })
  demandVisible(rights)
  if (!reaches(actor.caller, 'datasets:read', rights.path))
    requirePermission(actor.caller, 'datasets:read', rights.path.at(-1)!.alias)
  if (accountId !== null) await hold(change, rights, accountId)
  const { file, mayDownload } = await seeFile({ ...needs, db: tx }, visitor(actor.caller), id)
  if (mayDownload || accountId === null) throw accessNotNeeded({ detail: `${file.name} is open to you.` })
  if (!(await takesRequests(tx, file.datasetId))) throw accessRequestsClosed()
  const before = await findAccessRequest(tx, { fileId: file.id, accountId, today: todayOf(needs) })
  if (before === 'open') return { state: 'open', changed: false }
  await askForAccess(tx, { fileId: file.id, accountId, now: needs.clock.now() })
  change.note({
    verb: 'dataset.access_requested',
    subjectType: 'dataset',
    subjectId: String(file.datasetId),
    detail: { file: file.id, name: file.name },
  })
  await tellDeciders(needs, change, file.id, accountId)
  return { state: 'open', changed: true }
}

export interface ListedPart {
  readonly state?: AccessRequestState | undefined
  readonly limit: number
  readonly after?: RequestPlace | null | undefined
}

type ListNeeds = Pick<FileNeeds, 'db' | 'clock' | 'timeZone'>

/** Who asked for a file, for those who may let people have it. */
export async function listFileAccessRequests(
  needs: ListNeeds,
  caller: Caller,
  id: number | string,
  part: ListedPart,
): Promise<AccessRequestRow[]> {
  const rights = await managed(needs.db, caller, id)
  const of = { fileId: rights.fileId! }
  return findAccessRequests(needs.db, { ...part, of, today: todayOf(needs), seen: statesSeen(rights) })
}

/** Who asked for files of a dataset: for those who manage all of them, or of those that one manages. */
export async function listAccessRequests(
  needs: ListNeeds,
  caller: Caller,
  ref: number | string,
  part: ListedPart,
): Promise<AccessRequestRow[]> {
  const rights = await rightsOn(needs.db, caller, { dataset: ref })
  demandVisible(rights)
  const datasetId = rights.datasetId!
  const own =
    rights.may('ManageFilePermissions') || caller.accountId === null || !reaches(caller, 'datasets:write', rights.path)
      ? []
      : await findManagedFiles(needs.db, datasetId, caller.accountId)
  if (own.length === 0) rights.demand('ManageFilePermissions')
  const of = { datasetId, fileIds: own.length === 0 ? null : own }
  return findAccessRequests(needs.db, { ...part, of, today: todayOf(needs), seen: statesSeen(rights) })
}

/** Lets somebody have a file, whether they asked or not. */
export async function grantAccess(
  needs: RequestNeeds,
  change: Change,
  id: number | string,
  accountId: string,
): Promise<{ changed: boolean }> {
  const { tx, actor } = change
  const rights = await managed(tx, actor.caller, id)
  // Nobody gives more than they have.
  rights.demand('DownloadFile')
  await hold(change, rights, accountId)
  const at = { fileId: rights.fileId!, accountId, by: actor.caller.accountId, now: needs.clock.now() }
  const before = await findAccessRequest(tx, { ...at, today: todayOf(needs) })
  const given = await giveFile(tx, at)
  if (given === null) throw accessAccountUnknown({ detail: `There is no account ${accountId}.` })
  const decided = await decideRequest(tx, { ...at, state: 'granted' })
  if (decided || (before === 'rejected' && given)) await tellAsker(needs, change, at.fileId, accountId, 'granted')
  return noted(change, rights, accountId, 'dataset.access_granted', given || decided)
}

/** Refuses somebody a file, and takes it back where they had it. */
export async function rejectAccess(
  needs: RequestNeeds,
  change: Change,
  id: number | string,
  accountId: string,
): Promise<{ changed: boolean }> {
  const { tx, actor } = change
  const rights = await managed(tx, actor.caller, id)
  await hold(change, rights, accountId)
  const at = { fileId: rights.fileId!, accountId, by: actor.caller.accountId, now: needs.clock.now() }
  const before = await findAccessRequest(tx, { ...at, today: todayOf(needs) })
  const taken = await takeFileBack(tx, at)
  const decided = await decideRequest(tx, { ...at, state: 'rejected' })
  if (decided && taken) await tellAsker(needs, change, at.fileId, accountId, 'taken back')
  else if (decided && before === 'open') await tellAsker(needs, change, at.fileId, accountId, 'rejected')
  return noted(change, rights, accountId, 'dataset.access_rejected', taken || decided)
}

async function managed(db: Parameters<typeof rightsOn>[0], caller: Caller, id: number | string): Promise<Rights> {
  const rights = await rightsOn(db, caller, { file: id })
  demandVisible(rights)
  rights.demand('ManageFilePermissions')
  return rights
}

async function hold({ tx }: Change, { datasetId, fileId, asked }: Rights, accountId: string): Promise<void> {
  const isThere = await holdRequests(tx, { datasetId: datasetId!, fileId: fileId!, accountId })
  if (!isThere)
    throw fileNotFound({ detail: `There is no file ${'file' in asked ? asked.file : fileId} that you may see.` })
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
