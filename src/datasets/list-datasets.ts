import type { Database } from '#src/database/change.ts'
import type { CollectionRef } from './collections/collection-view.ts'
import { type DatasetSummaryRow, findDatasets } from './list-store.ts'
import type { DatasetRef } from './read-dataset.ts'
import { demandVisible, rightsOn } from './rights.ts'
import { findVersions, type VersionRow } from './store.ts'
import type { Visitor } from './visitor.ts'
import type { VersionState } from './words.ts'

export interface DatasetFilter {
  readonly mine?: boolean | undefined
  readonly state?: VersionState | undefined
  readonly inReview?: boolean | undefined
  readonly collection?: CollectionRef | undefined
}

/** Datasets that the visitor sees, each in the latest version that they see, last changed first, beyond `after`. */
export async function listDatasets(
  db: Database,
  visitor: Visitor,
  filter: DatasetFilter,
  page: { readonly after: readonly [updated: string, id: number] | null; readonly limit: number },
): Promise<DatasetSummaryRow[]> {
  let within: number | null = null
  if (filter.collection !== undefined) {
    const rights = await rightsOn(db, visitor, { collection: filter.collection })
    demandVisible(rights)
    within = rights.collectionId
  }
  return findDatasets(db, visitor, { ...filter, within }, page)
}

/** Versions of a dataset that the visitor sees, newest first. */
export async function listVersions(
  db: Database,
  visitor: Visitor,
  ref: DatasetRef,
  page: { readonly limit?: number; readonly offset?: number } = {},
): Promise<VersionRow[]> {
  const rights = await rightsOn(db, visitor, { dataset: ref })
  demandVisible(rights)
  return findVersions(db, rights.datasetId!, { drafts: rights.may('ViewUnpublishedDataset'), ...page })
}
