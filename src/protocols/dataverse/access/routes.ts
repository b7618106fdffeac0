import type { Route } from '#src/http/serve.ts'
import type { DataverseNeeds } from '../needs.ts'
import { downloadRoutes } from './download-routes.ts'
import { accessRequestRoutes } from './request-routes.ts'

export const accessRoutes = (needs: DataverseNeeds): Route[] => [
  ...downloadRoutes(needs),
  ...accessRequestRoutes(needs, needs.accounts.pool),
]
