import { anonymous, localCaller } from '#src/access/caller.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { Problem } from '#src/problem/problem.ts'
import { citedOf } from '../citation.ts'
import type { DatasetView } from '../dataset-view.ts'
import type { DatasetNeeds } from '../needs.ts'
import { type DatasetRef, readDataset } from '../read-dataset.ts'
import { type Visitor, visitor } from '../visitor.ts'
import type { Described } from './described.ts'
import { listDescribedFiles } from './store.ts'

export type DescribeNeeds = Pick<DatasetNeeds, 'pids' | 'publisher' | 'clock'> & { readonly db: Database | Tx }

/** A version of a dataset, as far as the visitor may see it, in the form that all formats are written from. */
export async function describeVersion(
  needs: DescribeNeeds,
  visitor: Visitor,
  ref: DatasetRef,
  version: string,
): Promise<Described> {
  return describeView(needs, await readDataset(needs, visitor, ref, version))
}

/** What anybody may know of a dataset; null when that is nothing. */
export async function describePublic(
  needs: DescribeNeeds,
  ref: DatasetRef,
  mostFiles: number | null = null,
): Promise<Described | null> {
  const view = await readDataset(needs, visitor(anonymous), ref, 'latest-published').catch(nothing)
  return view && describeView(needs, view, mostFiles)
}

function nothing(error: unknown): null {
  if (error instanceof Problem && (error.kind === 'not_found' || error.kind === 'invalid')) return null
  throw error
}

/**
 * What was published of a dataset last, for those who must be told; `withdrawn`: it has been taken back. Null when nothing
 * ever was, or the dataset is no more.
 */
export async function describeLastPublished(
  needs: DescribeNeeds,
  dataset: number,
): Promise<{ described: Described; withdrawn: boolean } | null> {
  const view = await readDataset(needs, visitor(localCaller('system', 'registry')), dataset, 'latest-published', {
    deaccessioned: true,
  }).catch(nothing)
  return view && { described: await describeView(needs, view), withdrawn: view.version.state === 'deaccessioned' }
}

/** All of a version's files; or `mostFiles` of them, without their columns. */
export async function describeView(
  needs: DescribeNeeds,
  view: DatasetView,
  mostFiles: number | null = null,
): Promise<Described> {
  const { dataset, version, path } = view
  const { siteAddress } = needs.pids
  const files = await listDescribedFiles(needs.db, version.id, {
    today: needs.clock.now().toISOString().slice(0, 10),
    limit: mostFiles,
  })
  return {
    pid: dataset.pid,
    pidUrl: dataset.url,
    landingPage: `${siteAddress}/datasets/${dataset.pid}`,
    siteAddress,
    publisher: needs.publisher,
    collections: path,
    version: version.number,
    metadata: version.metadata,
    license: version.license && {
      name: version.license.name,
      uri: version.license.uri,
      spdxId: version.license.spdx_id,
    },
    terms: version.terms,
    createdAt: dataset.created_at,
    updatedAt: version.updated_at,
    publishedAt: dataset.published_at,
    releasedAt: version.released_at,
    files: files.map(({ media_type, ...file }) => ({
      ...file,
      mediaType: media_type,
      address: `${siteAddress}/v1/files/${file.id}/content`,
    })),
    citation: view.citation.text,
    cited: citedOf(view, needs.publisher),
  }
}
