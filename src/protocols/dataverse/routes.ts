import type { Route } from '#src/http/serve.ts'
import { accessRoutes } from './access/routes.ts'
import { collectionRoutes } from './collections/routes.ts'
import { exportRoutes } from './datasets/export-routes.ts'
import { previewRoutes } from './datasets/preview-routes.ts'
import { datasetPublishRoutes } from './datasets/publish-routes.ts'
import { datasetReadRoutes } from './datasets/read-routes.ts'
import { datasetWriteRoutes } from './datasets/write-routes.ts'
import { fileRoutes } from './files/file-routes.ts'
import { fileListRoutes } from './files/list-routes.ts'
import { uploadRoutes } from './files/upload-routes.ts'
import { infoRoutes } from './info/routes.ts'
import { metricsRoutes } from './metrics/routes.ts'
import type { DataverseNeeds } from './needs.ts'
import { roleRoutes } from './roles/routes.ts'
import { searchRoutes } from './search/routes.ts'
import { swordRoutes } from './sword/routes.ts'
import { ownTokenRoutes } from './tokens/routes.ts'
import { userRoutes } from './users/routes.ts'

/** Every address that Dataverse's clients call, as far as it is spoken here. */
export const dataverseRoutes = (needs: DataverseNeeds): Route[] => [
  ...ownTokenRoutes(needs),
  ...userRoutes(needs),
  ...infoRoutes(needs),
  ...collectionRoutes(needs),
  ...roleRoutes(needs),
  ...datasetReadRoutes(needs),
  ...datasetWriteRoutes(needs),
  ...datasetPublishRoutes(needs),
  ...previewRoutes(needs),
  ...exportRoutes(needs),
  ...uploadRoutes(needs),
  ...fileListRoutes(needs),
  ...fileRoutes(needs),
  ...accessRoutes(needs),
  ...searchRoutes(needs),
  ...metricsRoutes(needs),
  ...swordRoutes(needs),
]
