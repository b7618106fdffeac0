import { z } from 'zod'
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
