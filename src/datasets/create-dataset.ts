import type { Change } from '#src/database/change.ts'
import { datasetChanged } from './changed.ts'
import { checkDraft, type Written } from './check-draft.ts'
import { keep } from './collections/change-collection.ts'
import type { CollectionRef } from './collections/collection-view.ts'
import { findCollection } from './collections/store.ts'
import type { DatasetNeeds } from './needs.ts'
import { newPid, type Pid, writePid } from './pid.ts'
import { assignRole } from './roles/assign-role.ts'
import { insertDataset, insertDraft, setAccessRequests } from './store.ts'

/** Makes a dataset: a draft in a collection, with a persistent id of its own. Who makes it gets the collection's role for that. */
export async function createDataset(
  needs: Pick<DatasetNeeds, 'clock' | 'pids'>,
  change: Change,
  collection: CollectionRef,
  written: Written,
): Promise<{ id: number; pid: string }> {
  const { tx, actor } = change
  const { accountId } = actor.caller
  const rights = await keep(change, collection, 'AddDataset')
  const now = needs.clock.now()
  const checked = await checkDraft(tx, written, { path: rights.path, before: null })
  const { id, pid } = await insertWithPid(needs, change, rights.collectionId, now)
  await insertDraft(tx, id, { ...checked, note: written.note?.trim() || null, by: accountId, now })
  if (written.access_requests === false) await setAccessRequests(tx, id, false)
  if (accountId !== null) {
    const { contributor_role: role } = (await findCollection(tx, rights.collectionId))!
    const path = rights.path.map((step) => step.id)
    await assignRole(change, { role, to: { accountId }, on: { datasetId: id }, now, path })
  }
  await datasetChanged(change, id, now)
  change.note({
    verb: 'dataset.created',
    subjectType: 'dataset',
    subjectId: String(id),
    detail: { pid: writePid(pid), title: checked.title.slice(0, 200), collection: rights.path.at(-1)!.alias },
  })
  return { id, pid: writePid(pid) }
}

const mostTries = 20

async function insertWithPid(
  { pids }: Pick<DatasetNeeds, 'pids'>,
  { tx, actor }: Change,
  collectionId: number,
  now: Date,
): Promise<{ id: number; pid: Pid }> {
  for (let tries = 0; tries < mostTries; tries++) {
    const pid = newPid(pids)
    const id = await insertDataset(tx, { collectionId, pid, by: actor.caller.accountId, now })
    if (id !== null) return { id, pid }
  }
  throw new Error(`no free persistent id below ${pids.authority}/${pids.shoulder} was found`)
}
