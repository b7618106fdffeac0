import { z } from 'zod'
import { jobKind } from '#src/queue/job-kind.ts'

/** One mail about a file. */
export const fileMail = jobKind({
  name: 'file-mail',
  data: z.object({ key: z.string(), to: z.string(), subject: z.string(), text: z.string() }),
  retries: 12,
  retryDelaySeconds: 30,
  short: true,
})
