import { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import { etagOf } from '#src/http/etag.ts'
import { pageOf, readCursor } from '#src/http/paging.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { changeDraft, type Ground } from './change-draft.ts'
import { compareVersions } from './compare-versions.ts'
import * as contract from './contract.ts'
import { createDataset } from './create-dataset.ts'
import type { DatasetView } from './dataset-view.ts'
import { deaccession } from './deaccession-versions.ts'
import { deleteDataset, deleteDraft, destroyDataset } from './delete-dataset.ts'
import { listDatasets, listVersions } from './list-datasets.ts'
import { moveDataset } from './move-dataset.ts'
import type { DatasetNeeds } from './needs.ts'
import { presentDataset, presentDatasetSummary, presentDifferences, presentLock, presentVersion } from './present.ts'
import { endPreviewLink, makePreviewLink, type PreviewLink, readPreviewLink } from './preview-link.ts'
import { datasetChanged } from './problems.ts'
import { publishDataset } from './publish-dataset.ts'
import { readDataset, versionView } from './read-dataset.ts'
import { returnToAuthor, submitForReview } from './review-dataset.ts'
import { type Visitor, visitor } from './visitor.ts'
import { visitorOf } from './visitor-of.ts'

export const datasetRoutes = (needs: DatasetNeeds): Route[] => [...ownRoutes(needs), ...versionRoutes(needs)]

const ChangedKey = z.tuple([z.iso.datetime(), z.int()])

/** Names the version and its revision, which is what changes are made on the ground of, and what else the reply shows. */
const tagOf = ({ dataset, version, locks, rights, path }: DatasetView): string =>
  `${version.id}.${version.revision}-${etagOf(
    // Metadata and terms are told by the revision.
    JSON.stringify([dataset, locks, rights.held, path, { ...version, metadata: null, terms: null }]),
  )}`

/** The version that the caller has read, out of If-Match; null: they did not say. */
function groundOf(request: RequestFacts): Ground {
  const wanted = request.headers['if-match']
  if (wanted === undefined || wanted.trim() === '*') return null
  const [, versionId, revision] = /^\s*"(\d{1,15})\.(\d{1,9})-[\w-]*"\s*$/.exec(wanted) ?? []
  if (versionId === undefined)
    throw datasetChanged({
      detail: 'If-Match names no state of a dataset.',
      hint: 'Send the ETag of `GET /v1/datasets/{dataset}`.',
    })
  return { versionId: Number(versionId), revision: Number(revision) }
}

function ownRoutes(needs: DatasetNeeds): Route[] {
  const { db, pids } = needs
  const answer = (view: DatasetView) => ({ body: presentDataset(view), etag: tagOf(view) })
  const after = async (caller: Caller, change: Change, id: number, version = 'latest') =>
    answer(await readDataset({ ...needs, db: change.tx }, visitor(caller), id, version, { deaccessioned: true }))
  const unlessChanged = (changed: boolean) => (changed ? {} : { unchanged: true as const })
  const link = ({ secret, created_at }: PreviewLink, pid: string) =>
    respond({
      body: {
        token: secret,
        url: `${pids.siteAddress}/datasets/${pid}#preview=${secret}`,
        created_at: created_at.toISOString(),
      },
      headers: { 'cache-control': 'no-store' },
    })
  const pidOf = async (caller: Caller, on: DatasetNeeds['db'] | Change['tx'], id: number) =>
    (await readDataset({ ...needs, db: on }, visitor(caller), id)).dataset.pid
  return [
    route(contract.createDataset, async ({ caller, change, params, body }) => {
      const { id, pid } = await createDataset(needs, change, params.collection, body)
      // Who deposits with a token that may only write gets to see what they have made all the same.
      const seen: Visitor = { caller, preview: { datasetId: id } }
      const view = await readDataset({ ...needs, db: change.tx }, seen, id)
      return respond({ ...answer(view), headers: { location: `/v1/datasets/${encodeURIComponent(pid)}` } })
    }),
    route(contract.listDatasets, async ({ caller, query, request }) => {
      const { mine, state, in_review: inReview, collection, limit } = query
      const page = { after: readCursor(query.cursor, ChangedKey), limit: limit + 1 }
      const rows = await listDatasets(db, visitor(caller), { mine, state, inReview, collection }, page)
      const { rows: items, headers } = pageOf(request, rows, limit, ({ changed_at, id }) => [
        changed_at.toISOString(),
        id,
      ])
      return respond({ body: { items: items.map((row) => presentDatasetSummary(row, pids.siteAddress)) }, headers })
    }),
    route(contract.getDataset, async ({ caller, params, query, request }) => {
      const who = await visitorOf(needs, caller, request)
      return respond(answer(await readDataset(needs, who, params.dataset, query.version, { deaccessioned: true })))
    }),
    route(contract.putDraft, async ({ caller, change, params, body, request }) => {
      const { datasetId, changed } = await changeDraft(needs, change, params.dataset, body, groundOf(request))
      return respond({ ...(await after(caller, change, datasetId)), ...unlessChanged(changed) })
    }),
    route(contract.deleteDraft, async ({ change, params }) => {
      await deleteDraft(needs, change, params.dataset)
      return undefined
    }),
    route(contract.deleteDataset, async ({ change, params, query }) => {
      if (query.destroy) await destroyDataset(needs, change, params.dataset)
      else await deleteDataset(change, params.dataset)
      return undefined
    }),
    route(contract.moveDataset, async ({ caller, change, params, body }) => {
      const { datasetId, changed } = await moveDataset(needs, change, params.dataset, body.to)
      return respond({ ...(await after(caller, change, datasetId)), ...unlessChanged(changed) })
    }),
    route(contract.publishDataset, async ({ caller, change, params, body }) => {
      const { datasetId } = await publishDataset(needs, change, params.dataset, body.type)
      return respond(await after(caller, change, datasetId, 'latest-published'))
    }),
    route(contract.submitDataset, async ({ caller, change, params }) => {
      const { datasetId } = await submitForReview(needs, change, params.dataset)
      return respond(await after(caller, change, datasetId))
    }),
    route(contract.returnDataset, async ({ caller, change, params, body }) => {
      const { datasetId } = await returnToAuthor(needs, change, params.dataset, body)
      return respond(await after(caller, change, datasetId))
    }),
    route(contract.listLocks, async ({ caller, params, request }) => {
      const { locks } = await readDataset(needs, await visitorOf(needs, caller, request), params.dataset, 'latest', {
        deaccessioned: true,
      })
      return { items: locks.map(presentLock) }
    }),
    route(contract.getPreviewLink, async ({ caller, params }) => {
      const found = await readPreviewLink(needs, db, caller, params.dataset)
      return link(found, await pidOf(caller, db, found.datasetId))
    }),
    route(contract.makePreviewLink, async ({ caller, change, params }) => {
      const made = await makePreviewLink(needs, change, params.dataset)
      return link(made, await pidOf(caller, change.tx, made.datasetId))
    }),
    route(contract.endPreviewLink, async ({ change, params }) => {
      await endPreviewLink(change, params.dataset)
      return undefined
    }),
    route(contract.deaccessionVersion, async ({ caller, change, params, body }) => {
      const { reason, url = null } = body
      const { datasetId } = await deaccession(needs, change, params.dataset, params.version, { reason, url })
      return respond(await after(caller, change, datasetId))
    }),
  ]
}

function versionRoutes(needs: DatasetNeeds): Route[] {
  const { db } = needs
  return [
    route(contract.listVersions, async ({ caller, params, request }) => {
      const rows = await listVersions(db, await visitorOf(needs, caller, request), params.dataset)
      return { items: rows.map((row) => presentVersion(versionView(row))) }
    }),
    route(contract.getVersion, async ({ caller, params, request }) => {
      const who = await visitorOf(needs, caller, request)
      const view = await readDataset(needs, who, params.dataset, params.version, { deaccessioned: true })
      return respond({ body: presentVersion(view.version), etag: tagOf(view) })
    }),
    route(contract.compareVersions, async ({ caller, params, query, request }) => {
      const who = await visitorOf(needs, caller, request)
      return presentDifferences(await compareVersions(db, who, params.dataset, params.version, query.with))
    }),
  ]
}
