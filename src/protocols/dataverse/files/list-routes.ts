import { countFiles, listVersionFiles } from '#src/datasets/files/list-files.ts'
import type { Access } from '#src/datasets/files/version-file.ts'
import { countDownloads } from '#src/datasets/metrics/count-published.ts'
import { readDataset } from '#src/datasets/read-dataset.ts'
import type { Route } from '#src/http/serve.ts'
import { openVersion } from '../datasets/read-routes.ts'
import { ok } from '../envelope.ts'
import { hearing } from '../hear.ts'
import type { DataverseNeeds } from '../needs.ts'
import { datasetRef, naming } from '../references.ts'
import * as contract from './contract.ts'
import { fileJson } from './file-json.ts'
import { accessStatus, countsOf, filterOf, orderOf, pageOf } from './list.ts'

/** Files of versions: listed, counted, summed up. */
export function fileListRoutes(needs: DataverseNeeds): Route[] {
  const { datasets } = needs
  const route = hearing(datasets.db)
  return [
    route(contract.listFiles, async ({ params, query, visitor }) => {
      const order = orderOf(query.orderCriteria)
      const filter = filterOf(query)
      const view = await openVersion(needs, visitor, params, query)
      const page = pageOf(query)
      const found = filter ? await listVersionFiles(datasets, view, { ...filter, order, ...page }) : none
      const { access_requests: accessRequests } = view.dataset
      return {
        status: 'OK' as const,
        totalCount: found.total,
        data: found.files.map((file) => fileJson(file, { accessRequests })),
      }
    }),
    route(contract.countFiles, async ({ params, query, visitor }) => {
      const filter = filterOf(query)
      const view = await openVersion(needs, visitor, params, query)
      const { dataset, version } = view
      const counts = filter
        ? await countFiles(datasets, visitor, dataset.id, version.number.toLowerCase(), filter)
        : null
      const access = counts?.access.map(({ value, count }) => ({ value: accessStatus[value as Access], count }))
      return ok({
        total: counts?.total ?? 0,
        perContentType: countsOf(counts?.types ?? []),
        perCategoryName: countsOf(counts?.categories ?? []),
        perTabularTagName: countsOf(counts?.tags ?? []),
        perAccessStatus: countsOf(access ?? []),
      })
    }),
    route(contract.downloadSize, async ({ params, query, visitor }) => {
      const filter = filterOf(query)
      const view = await openVersion(needs, visitor, params, query)
      const storageSize = filter ? (await listVersionFiles(datasets, view, { ...filter, limit: 1 })).bytes : 0
      const size = storageSize.toLocaleString('en-US')
      const message = `Total size of the files available for download in this version of the dataset: ${size} bytes`
      return ok({ message, storageSize })
    }),
    route(contract.datasetDownloadCount, ({ params, query, visitor }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        const { dataset } = await readDataset(datasets, visitor, ref)
        return { id: dataset.id, downloadCount: await countDownloads(datasets.db, dataset.id) }
      })
    }),
    route(contract.availableCategories, ({ params, query, visitor }) => {
      const ref = datasetRef(params.dataset, query.persistentId)
      return naming({ dataset: ref }, async () => {
        const { categories } = await countFiles(datasets, visitor, ref, 'latest', {})
        const used = categories.map(({ value }) => value)
        return ok([...new Set(['Documentation', 'Data', 'Code', ...used])])
      })
    }),
  ]
}

const none = { files: [], total: 0, bytes: 0 } as const
