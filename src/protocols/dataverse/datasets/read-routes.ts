import { blocks } from '#src/datasets/blocks/blocks.ts'
import { compareVersions } from '#src/datasets/compare-versions.ts'
import type { DatasetView } from '#src/datasets/dataset-view.ts'
import { listVersionFiles } from '#src/datasets/files/list-files.ts'
import { listVersions } from '#src/datasets/list-datasets.ts'
import { listLocks } from '#src/datasets/list-locks.ts'
import { versionNotFound } from '#src/datasets/problems.ts'
import { type ReadOptions, readDataset, readWithRights, versionView } from '#src/datasets/read-dataset.ts'
import { rightsOn } from '#src/datasets/rights.ts'
import type { Visitor } from '#src/datasets/visitor.ts'
import type { Route } from '#src/http/serve.ts'
import { Problem } from '#src/problem/problem.ts'
import { ok, said } from '../envelope.ts'
import { hearing } from '../hear.ts'
import { lockTypeNamed } from '../lock-names.ts'
import { typedBlocks } from '../metadata-json.ts'
import type { RepositoryNeeds } from '../needs.ts'
import { ownersJson } from '../owners-json.ts'
import { isTrue } from '../parameters.ts'
import { refused } from '../problems.ts'
import { datasetRef, naming, versionRef } from '../references.ts'
import * as contract from './contract.ts'
import { datasetJson, lockJson, versionJson } from './dataset-json.ts'
import { differencesJson } from './differences-json.ts'

type ShowQuery = Readonly<Record<string, unknown>> & {
  readonly persistentId?: string | undefined
  readonly returnOwners?: string | undefined
  readonly excludeFiles?: string | undefined
  readonly excludeMetadataBlocks?: string | undefined
  readonly includeDeaccessioned?: string | undefined
}

/** A version as the query wants it told. */
export async function shownVersion({ datasets }: RepositoryNeeds, view: DatasetView, query: ShowQuery) {
  const files = isTrue(query.excludeFiles) ? undefined : (await listVersionFiles(datasets, view)).files
  return versionJson(view, {
    files,
    withoutMetadata: isTrue(query.excludeMetadataBlocks),
    owners: isTrue(query.returnOwners) ? ownersJson(view.path) : undefined,
  })
}

/** The version that a segment of the address means; what is not there is told by that segment. */
export async function openVersion(
  { datasets }: RepositoryNeeds,
  visitor: Visitor,
  { dataset, version: segment }: { dataset: string; version: string },
  query: ShowQuery,
): Promise<DatasetView> {
  const ref = datasetRef(dataset, query.persistentId)
  const version = versionRef(segment)
  const options: ReadOptions = { deaccessioned: isTrue(query.includeDeaccessioned) }
  return naming({ dataset: ref }, async () => {
    const rights = await rightsOn(datasets.db, visitor, { dataset: ref })
    const absent = () => refused(404, `Dataset version ${segment} of dataset ${rights.datasetId} not found`)
    if (!rights.visible && version !== 'draft') throw absent()
    return readWithRights(datasets, rights, version, options).catch((error: unknown) => {
      if (error instanceof Problem && error.code === versionNotFound.code) throw absent()
      throw error
    })
  })
}

export function datasetReadRoutes(needs: RepositoryNeeds): Route[] {
  const { datasets, timeZone } = needs
  const { db, publisher } = datasets
  const route = hearing(db)
  return [
    route(contract.showDataset, ({ params, query, visitor }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        // Of a dataset that was taken back as a whole its facts are left, without a version.
        const view = await readDataset(datasets, visitor, ref, 'latest', { deaccessioned: true })
        const { dataset, version, path, locks } = view
        const shown = version.state !== 'deaccessioned' || isTrue(query.includeDeaccessioned)
        const owners = isTrue(query.returnOwners) ? ownersJson(path) : undefined
        return ok({
          ...datasetJson(dataset, { publisher, locks, owners }),
          ...(shown && { latestVersion: await shownVersion(needs, view, { ...query, returnOwners: undefined }) }),
        })
      })
    }),
    route(contract.listVersions, ({ params, query, visitor }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        const rights = await rightsOn(db, visitor, { dataset: ref })
        if (!rights.visible) return ok([])
        const view = await readWithRights(datasets, rights, 'latest', { deaccessioned: true })
        const withGone = isTrue(query.includeDeaccessioned) || rights.may('EditDataset')
        const rows = (await listVersions(db, visitor, ref)).filter(({ state }) => withGone || state !== 'deaccessioned')
        const from = countIn(query.offset, 'offset') ?? 0
        const shown = rows.slice(from, from + (countIn(query.limit, 'limit') ?? rows.length))
        if (!isTrue(query.excludeFiles)) refuseMany(shown)
        const versions: Awaited<ReturnType<typeof shownVersion>>[] = []
        for (const row of shown) versions.push(await shownVersion(needs, { ...view, version: versionView(row) }, query))
        return ok(versions)
      })
    }),
    route(contract.showVersion, async ({ params, query, visitor }) =>
      ok(await shownVersion(needs, await openVersion(needs, visitor, params, query), query)),
    ),
    route(contract.showVersionCitation, async ({ params, query, visitor }) =>
      said((await openVersion(needs, visitor, params, query)).citation.html),
    ),
    route(contract.showVersionMetadata, async ({ params, query, visitor }) =>
      ok(typedBlocks(blocks, (await openVersion(needs, visitor, params, query)).version.metadata)),
    ),
    route(contract.compareVersions, ({ params, query, visitor }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      const [version, other] = [versionRef(params.version), versionRef(params.other)]
      return naming({ dataset: ref }, async () => {
        const differences = await compareVersions(db, visitor, ref, other, version).catch((error: unknown) => {
          if (error instanceof Problem && error.code === versionNotFound.code)
            throw refused(404, error.details.detail ?? error.title)
          throw error
        })
        return ok(differencesJson(differences))
      })
    }),
    route(contract.listLocks, ({ params, query, visitor }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        const { pid, locks } = await listLocks(db, visitor, ref)
        const wanted = query.type === undefined ? null : lockTypeNamed(query.type)
        return ok(
          locks.filter(({ type }) => wanted === null || type === wanted).map((lock) => lockJson(lock, pid, timeZone)),
        )
      })
    }),
    route(contract.summaryFieldNames, () => ok(['dsDescription', 'subject', 'keyword', 'publication', 'notesText'])),
    route(contract.storageSize, ({ params, query, visitor }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        const { rights, version } = await readDataset(datasets, visitor, ref)
        rights.demand('EditDataset')
        const { bytes } = version.files
        return ok({
          message: `Total size of the files stored in this dataset: ${bytes.toLocaleString('en-US')} bytes`,
          storageSize: bytes,
        })
      })
    }),
    route(contract.userPermissions, ({ params, query, visitor }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        const { may } = await rightsOn(db, visitor, { dataset: ref })
        return ok({
          canViewUnpublishedDataset: may('ViewUnpublishedDataset'),
          canEditDataset: may('EditDataset'),
          canPublishDataset: may('PublishDataset'),
          canManageDatasetPermissions: may('ManageDatasetPermissions'),
          canDeleteDatasetDraft: may('DeleteDatasetDraft'),
        })
      })
    }),
  ]
}

/** All of them have to be in memory at once, and anybody may ask. */
const mostFiles = 50_000

function refuseMany(versions: readonly { readonly file_count: number }[]): void {
  const files = versions.reduce((sum, { file_count }) => sum + file_count, 0)
  if (versions.length < 2 || files <= mostFiles) return
  throw refused(
    400,
    `These versions have ${files} files together; at most ${mostFiles} are told at once. Ask with excludeFiles=true, or with limit and offset.`,
  )
}

function countIn(text: string | undefined, name: string): number | undefined {
  if (text === undefined || text === '') return undefined
  if (!/^\d{1,9}$/.test(text)) throw refused(400, `Bad value for ${name}: ${text.slice(0, 40)}`)
  return Number(text)
}
