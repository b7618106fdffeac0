import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import type { DatasetNeeds } from '../needs.ts'
import { changeLicense, createLicense } from './change-license.ts'
import * as contract from './contract.ts'
import { findLicenses } from './store.ts'

export const licenseRoutes = ({ db }: Pick<DatasetNeeds, 'db'>): Route[] => [
  route(contract.listLicenses, async () => ({ items: await findLicenses(db) })),
  route(contract.createLicense, ({ change, body }) => createLicense(change, body)),
  route(contract.updateLicense, async ({ change, params, body }) => {
    const { license, changed } = await changeLicense(change, Number(params.license), body)
    return respond({ body: license, ...(!changed && { unchanged: true as const }) })
  }),
]
