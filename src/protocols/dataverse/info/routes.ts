import { blockNamed, blocks } from '#src/datasets/blocks/blocks.ts'
import type { License } from '#src/datasets/dataset-view.ts'
import { listLicenses } from '#src/datasets/licenses/list-licenses.ts'
import { type Route, route } from '#src/http/serve.ts'
import { spdx } from '../datasets/dataset-json.ts'
import { ok, said } from '../envelope.ts'
import type { RepositoryNeeds } from '../needs.ts'
import { isTrue } from '../parameters.ts'
import { refused } from '../problems.ts'
import { blockJson, facetableFields } from './block-json.ts'
import * as contract from './contract.ts'
import { exportFormatsJson } from './export-formats-json.ts'

/** Whose API this is. Clients read the leading number, and want 6 or more. */
const spoken = '6.11'

export function infoRoutes({ datasets: { db, limits }, siteAddress }: RepositoryNeeds): Route[] {
  const usable = async () => (await listLicenses(db)).filter(({ active }) => active)
  return [
    route(contract.version, () => ok({ version: spoken, build: null })),
    route(contract.server, () => said(new URL(siteAddress).hostname)),
    route(contract.apiTerms, () => said('')),
    route(contract.applicationTerms, () => said('')),
    route(contract.zipLimit, () => ok(limits.zip)),
    route(contract.setting, ({ params }) => {
      throw refused(404, `Setting ${params.setting} not found`)
    }),
    route(contract.exportFormats, () => ok(exportFormatsJson())),
    route(contract.listLicenses, async () => ok((await usable()).map(licenseJson))),
    route(contract.showLicense, async ({ params }) => {
      const found = (await listLicenses(db)).find(({ id }) => String(id) === params.license)
      if (!found) throw refused(404, `License with ID ${params.license} not found.`)
      return ok(licenseJson(found))
    }),
    route(contract.listBlocks, ({ query }) => {
      const withFields = isTrue(query.returnDatasetFieldTypes)
      const onlyOnCreate = isTrue(query.onlyDisplayedOnCreate)
      const all = blocks.map((block) => blockJson(block, { withFields, onlyOnCreate }))
      return ok(onlyOnCreate ? all.filter(({ displayOnCreate }) => displayOnCreate) : all)
    }),
    route(contract.showBlock, ({ params }) => {
      const block = blockNamed(params.block) ?? blocks[Number(params.block) - 1]
      if (!block) throw refused(404, `Can't find metadata block '${params.block}'`)
      return ok(blockJson(block, { withFields: true }))
    }),
    route(contract.listFacetables, () => ok(facetableFields())),
  ]
}

function licenseJson({ id, name, description, uri, icon_uri, active, is_default, sort_order, spdx_id }: License) {
  return {
    id,
    name,
    shortDescription: description,
    uri,
    ...(icon_uri !== null && { iconUrl: icon_uri }),
    active,
    isDefault: is_default,
    sortOrder: sort_order,
    ...spdx(spdx_id),
    languageCode: 'en',
  }
}
