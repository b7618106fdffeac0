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

/** Takes the DOI of a dataset that is no more from DataCite's index; tried for days, since nothing here remembers it. */
export const hideDoi = jobKind({
  name: 'hide-doi',
  data: z.object({ doi: z.string() }),
  retries: 15,
  retryDelaySeconds: 15,
  timeoutSeconds: 120,
})

/** Looks for datasets of which DataCite has not been told what it should have been. */
export const catchUpDataCite = jobKind({ name: 'catch-up-datacite', data: z.object({}) })
