import type { Change } from '#src/database/change.ts'
import { datasetChanged } from './changed.ts'
import { numberOf } from './dataset-view.ts'
import { holdDataset } from './hold-dataset.ts'
import type { DatasetNeeds } from './needs.ts'
import { deaccessionRefused, versionNotFound } from './problems.ts'
import { type DatasetRef, wantedOf } from './read-dataset.ts'
import { deaccessionVersions, findDataset, findVersion, findVersions, type VersionRow } from './store.ts'
import { tellOutside } from './tell-outside.ts'

/**
 * Takes back what was published: `version` is a number, `latest-published`, or `all`. What it said stays to be read with the
 * reason; its files are for those who edit it only.
 */
export async function deaccession(
  needs: Pick<DatasetNeeds, 'clock' | 'tellRegistry'>,
  change: Change,
  ref: DatasetRef,
  version: string,
  { reason, url }: { reason: string; url: string | null },
): Promise<{ datasetId: number; numbers: string[] }> {
  const { tx } = change
  const rights = await holdDataset(change, ref, 'PublishDataset')
  const { datasetId } = rights
  if (version === 'draft' || version === 'latest')
    throw deaccessionRefused({ detail: 'A published version is named by its number, or `latest-published`.' })
  const versions: VersionRow[] = []
  if (version === 'all')
    versions.push(...(await findVersions(tx, datasetId, { drafts: false })).filter(({ state }) => state === 'released'))
  else {
    const found = await findVersion(tx, datasetId, wantedOf(version, rights))
    if (!found) throw versionNotFound({ detail: `Dataset ${datasetId} has no version ${version}.` })
    if (found.state !== 'released')
      throw deaccessionRefused({ detail: `Version ${numberOf(found)} has been deaccessioned already.` })
    versions.push(found)
  }
  if (versions.length === 0) throw deaccessionRefused({ detail: `Dataset ${datasetId} has no published version.` })
  const numbers = versions.map(numberOf)
  const now = needs.clock.now()
  await deaccessionVersions(
    tx,
    versions.map(({ id }) => id),
    { reason, url, now },
  )
  await datasetChanged(change, datasetId, now)
  await tellOutside(needs, change, datasetId, now)
  const { pid } = (await findDataset(tx, datasetId))!
  change.note({
    verb: 'dataset.deaccessioned',
    subjectType: 'dataset',
    subjectId: String(datasetId),
    detail: { pid, versions: numbers, reason: reason.slice(0, 500) },
  })
  return { datasetId, numbers }
}
