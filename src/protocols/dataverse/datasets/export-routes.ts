import type { DatasetView } from '#src/datasets/dataset-view.ts'
import { describeView } from '#src/datasets/formats/describe-version.ts'
import { formatNamed } from '#src/datasets/formats/formats.ts'
import { readPid } from '#src/datasets/pid.ts'
import { datasetNotFound, isHidden } from '#src/datasets/problems.ts'
import { readWithRights } from '#src/datasets/read-dataset.ts'
import { type Rights, rightsOn } from '#src/datasets/rights.ts'
import type { Visitor } from '#src/datasets/visitor.ts'
import { respond } from '#src/http/respond.ts'
import type { Route } from '#src/http/serve.ts'
import { Problem } from '#src/problem/problem.ts'
import { hearing } from '../hear.ts'
import type { RepositoryNeeds } from '../needs.ts'
import { refused } from '../problems.ts'
import { versionRef } from '../references.ts'
import * as contract from './contract.ts'
import { datasetJson } from './dataset-json.ts'
import { shownVersion } from './read-routes.ts'

/** The raw document, without an envelope. */
export function exportRoutes(needs: RepositoryNeeds): Route[] {
  const { datasets } = needs
  const route = hearing(datasets.db)
  return [
    route(contract.exportDataset, async ({ query, visitor }) => {
      const rights = await rightsOf(needs, visitor, query.persistentId)
      const view = await openExported(needs, rights, query.version ?? ':latest-published')
      const name = query.exporter ?? ''
      if (name === 'dataverse_json')
        return respond({ body: JSON.stringify(await dataverseJson(needs, view)), type: json })
      const format = formatNamed(name)
      if (!format) throw refused(403, 'Export Failed')
      return respond({
        body: format.write(await describeView(datasets, view)),
        type: `${format.mediaType}; charset=utf-8`,
      })
    }),
  ]
}

const json = 'application/json; charset=utf-8'

async function rightsOf({ datasets }: RepositoryNeeds, visitor: Visitor, persistentId = ''): Promise<Rights> {
  const absent = () => refused(404, `A dataset with the persistentId ${persistentId} could not be found.`)
  const pid = readPid(persistentId)
  if (pid === null) throw absent()
  return rightsOn(datasets.db, visitor, { dataset: pid }).catch((error: unknown) => {
    if (error instanceof Problem && error.code === datasetNotFound.code && !isHidden(error)) throw absent()
    throw error
  })
}

/** A draft, or what was published last: of older versions no export is kept by Dataverse, and clients expect none. */
async function openExported({ datasets }: RepositoryNeeds, rights: Rights, version: string): Promise<DatasetView> {
  const wanted = versionRef(version)
  const view = await readWithRights(datasets, rights, wanted).catch((error: unknown) => {
    if (error instanceof Problem && (error.kind === 'not_found' || error.kind === 'forbidden'))
      throw refused(400, 'Unable to look up dataset based on version. Try :latest-published or :draft.')
    throw error
  })
  const { number, state } = view.version
  if (state !== 'draft' && number !== view.dataset.latest_published)
    throw refused(
      400,
      `Non-draft version requested (${number}) but for published versions only the latest (:latest-published) is supported.`,
    )
  return view
}

const dataverseJson = async (needs: RepositoryNeeds, view: DatasetView) => ({
  ...datasetJson(view.dataset, { publisher: needs.datasets.publisher }),
  datasetVersion: await shownVersion(needs, view, {}),
})
