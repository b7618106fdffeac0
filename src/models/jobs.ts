import { z } from 'zod'
import { jobKind } from '#src/queue/job-kind.ts'
import { runKind } from '#src/runs/run.ts'

/** A second refresh of a model that is being refreshed waits its turn; whoever asks joins the one that is open. */
export const refreshModelRun = runKind({
  name: 'refresh-model',
  data: z.object({
    model: z.string(),
    reason: z.string().nullable(),
    /** Default: what the model file says. */
    type: z.enum(['full', 'incremental']).optional(),
  }),
  permission: 'models:refresh',
  timeoutSeconds: 4 * 3600,
  oneAtATime: true,
})

/** Looks for models whose data have grown older than they promise; every minute. */
export const staleNotices = jobKind({
  name: 'model-stale-notices',
  data: z.object({}),
})

/** One mail about a model. */
export const modelMail = jobKind({
  name: 'model-mail',
  data: z.object({ key: z.string(), to: z.string(), subject: z.string(), text: z.string() }),
  retries: 12,
  retryDelaySeconds: 30,
  short: true,
})
