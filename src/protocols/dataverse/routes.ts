import type { Route } from '#src/http/serve.ts'
import type { DataverseNeeds } from './needs.ts'
import { ownTokenRoutes } from './tokens/routes.ts'
import { userRoutes } from './users/routes.ts'

/** Every address that Dataverse's clients call, as far as it is spoken here. */
export const dataverseRoutes = (needs: DataverseNeeds): Route[] => [...ownTokenRoutes(needs), ...userRoutes(needs)]
