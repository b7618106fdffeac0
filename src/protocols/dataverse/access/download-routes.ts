import type { DatasetView } from '#src/datasets/dataset-view.ts'
import { datasetNotFound, versionNotFound } from '#src/datasets/problems.ts'
import { readDataset } from '#src/datasets/read-dataset.ts'
import type { Visitor } from '#src/datasets/visitor.ts'
import type { RequestFacts } from '#src/http/request.ts'
import type { Route } from '#src/http/serve.ts'
import { ok } from '../envelope.ts'
import { hearing } from '../hear.ts'
import type { DataverseNeeds } from '../needs.ts'
import { refused } from '../problems.ts'
import { datasetRef, versionRef } from '../references.ts'
import { retelling } from '../retelling.ts'
import * as contract from './contract.ts'
import { open, refuseConversion, sendFile } from './send-file.ts'
import { callerOfUrl, signUrl } from './signed-url.ts'
import { signingOf } from './signing.ts'
import { bundleOf, idsOf, zipOfMany, zipOfVersion } from './zips.ts'

type Query = Readonly<Record<string, unknown>> & { readonly persistentId?: string | undefined }

export function downloadRoutes(needs: DataverseNeeds): Route[] {
  const { datasets } = needs
  const signing = signingOf(needs)
  const route = hearing(datasets.db)

  /** Who reads: whoever shows a token, or for whom the address was signed. */
  const reader = async (visitor: Visitor, request: RequestFacts): Promise<Visitor> => {
    const caller = await callerOfUrl(signing, request.url)
    return caller === null ? visitor : { caller, preview: null }
  }

  const version = (
    visitor: Visitor,
    { dataset, version = ':latest' }: { dataset: string; version?: string },
    query: Query,
  ) => {
    const ref = datasetRef(dataset, query.persistentId)
    const name = versionRef(version)
    const noDataset = () => refused(400, 'Could not find requested dataset.')
    return retelling<DatasetView>(
      [
        ['hidden', noDataset],
        [datasetNotFound, noDataset],
        [versionNotFound, () => refused(400, 'Could not find requested dataset version.')],
      ],
      () => readDataset(datasets, visitor, ref, name),
    )
  }

  /** The address as it was asked, for this caller; what a client says of itself beside it does not go along. */
  const sign = (path: string, { caller }: Visitor, { persistentId, format }: Query) => {
    const url = new URL(path, 'http://localhost')
    if (persistentId !== undefined) url.searchParams.set('persistentId', persistentId)
    if (typeof format === 'string') url.searchParams.set('format', format)
    return ok({ signedUrl: signUrl(signing, caller, `${url.pathname}${url.search}`) })
  }

  return [
    route(contract.download, async ({ params, query, request, visitor }) => {
      const opened = await open(datasets, await reader(visitor, request), params.file)
      refuseConversion(query)
      return sendFile(opened, query, request)
    }),
    route(contract.downloadByPath, async ({ params, query, request, visitor }) => {
      const opened = await open(datasets, await reader(visitor, request), params.path.split('/').at(-1) ?? '')
      refuseConversion(query)
      return sendFile(opened, query, request)
    }),
    route(contract.downloadMany, async ({ params, request, visitor }) =>
      zipOfMany(datasets, await reader(visitor, request), idsOf(params.ids)),
    ),
    route(contract.downloadPosted, async ({ body, visitor }) =>
      zipOfMany(datasets, visitor, idsOf(/fileIds=([\d,\s]*)/.exec(body)?.[1] ?? body)),
    ),
    route(contract.downloadDataset, async ({ params, query, request, visitor }) =>
      zipOfVersion(datasets, await version(await reader(visitor, request), params, query)),
    ),
    route(contract.downloadVersion, async ({ params, query, request, visitor }) =>
      zipOfVersion(datasets, await version(await reader(visitor, request), params, query)),
    ),
    route(contract.downloadBundle, async ({ params, request, visitor }) => {
      const who = await reader(visitor, request)
      const opened = await open(datasets, who, params.file)
      const view = await readDataset(datasets, who, opened.file.datasetId, 'latest', { deaccessioned: true })
      return bundleOf(datasets, opened, view)
    }),

    route(contract.signFile, async ({ params, query, visitor }) => {
      await open(datasets, visitor, params.file)
      return sign(`/api/access/datafile/${params.file}`, visitor, query)
    }),
    route(contract.signMany, ({ params, query, visitor }) =>
      sign(`/api/access/datafiles/${idsOf(params.ids).join(',')}`, visitor, query),
    ),
    route(contract.signDataset, async ({ params, query, visitor }) => {
      const { dataset } = await version(visitor, params, query)
      return sign(`/api/access/dataset/${dataset.id}`, visitor, { format: query.format })
    }),
    route(contract.signVersion, async ({ params, query, visitor }) => {
      const { dataset } = await version(visitor, params, query)
      return sign(`/api/access/dataset/${dataset.id}/versions/${params.version}`, visitor, { format: query.format })
    }),
  ]
}
