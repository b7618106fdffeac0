import { limitedAddress } from '#src/http/address.ts'
import { attachmentNamed } from '#src/http/content-disposition.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { joinPath } from '../files/names.ts'
import type { FileNeeds } from '../files/needs.ts'
import { readDataset } from '../read-dataset.ts'
import { visitor } from '../visitor.ts'
import * as contract from './contract.ts'
import { readyTable, showTable } from './show-table.ts'
import { streamTable } from './stream-rows.ts'
import { suggestModel } from './suggest-model.ts'

const types = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
}

export const tableRoutes = (needs: FileNeeds): Route[] => [
  route(contract.showTable, async ({ caller, params }) => {
    const { opened, table } = await showTable(needs, visitor(caller), params.file)
    return {
      file: { id: opened.file.id, name: opened.name },
      format: table.format,
      state: table.state,
      trouble: table.trouble,
      rows: table.rows,
      columns: table.columns ?? [],
      preview: table.preview ?? [],
    }
  }),

  route(contract.downloadRows, async ({ caller, params, query, request }) => {
    const shown = await readyTable(needs, visitor(caller), params.file)
    const stem = shown.opened.name.replace(/\.[^.]+$/, '')
    return respond<never>({
      stream: await streamTable(
        needs,
        shown,
        query.format,
        request.signal,
        caller.accountId ?? limitedAddress(request.address),
      ),
      type: types[query.format],
      headers: { 'content-disposition': attachmentNamed(`${stem}.${query.format}`) },
    })
  }),

  route(contract.suggestTableModel, async ({ caller, params }) => {
    const who = visitor(caller)
    const { opened, table } = await readyTable(needs, who, params.file)
    const { file, seen } = opened
    const { dataset, version } = await readDataset(needs, who, String(seen.rights.datasetId), 'latest')
    const text = suggestModel({
      pid: dataset.pid,
      path: joinPath(file.directory, file.name),
      title: version.title,
      restricted: seen.access !== 'public',
      rows: table.rows ?? 0,
      columns: table.columns ?? [],
    })
    return respond({ body: text, type: 'application/yaml; charset=utf-8' })
  }),
]
