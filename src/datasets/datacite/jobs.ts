import { z } from 'zod'
import { jobKind } from '#src/queue/job-kind.ts'

/** Tells DataCite where a dataset stands; tried for a day or so. It says only which: what stands then is read then. */
export const tellDataCite = jobKind({
  name: 'tell-datacite',
  data: z.object({ dataset: z.int().positive() }),
  key: ({ dataset }) => String(dataset),
  retries: 12,
  retryDelaySeconds: 15,
  timeoutSeconds: 120,
})
