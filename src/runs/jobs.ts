import { z } from 'zod'
import { type JobKind, jobKind } from '#src/queue/job-kind.ts'
import type { AnyRunKind } from './run.ts'

/**
 * The job that wakes a worker for a run. It says only which run: the run's row is the truth, so a job that comes
 * twice, late or never does no harm (the executor looks for runs that nobody does). Retried only where the database
 * could not be asked.
 */
export const jobOfRuns = ({ name, concurrency, timeoutSeconds }: AnyRunKind): JobKind<{ run_id: string }> =>
  jobKind({
    name,
    data: z.object({ run_id: z.uuid() }),
    key: ({ run_id }) => run_id,
    retries: 3,
    // Longer than the run may take, so that the queue never gives up a run that the executor still does.
    timeoutSeconds: Math.ceil(timeoutSeconds) + 120,
    ...(concurrency !== undefined && { concurrency }),
  })

/** Tells one who wanted to know that a run has ended; tried for some twenty minutes. */
export const sendCallback = jobKind({
  name: 'send-callback',
  data: z.object({ callback: z.uuid() }),
  key: ({ callback }) => callback,
  retries: 8,
  retryDelaySeconds: 5,
  timeoutSeconds: 60,
  concurrency: 4,
})
