import { z } from 'zod'
import { jobKind } from '#src/queue/job-kind.ts'

/** Looks for tokens that are about to expire; every hour. */
export const expiryNotices = jobKind({
  name: 'token-expiry-notices',
  data: z.object({}),
  retries: 3,
  retryDelaySeconds: 60,
})

/** One mail about a token. */
export const tokenMail = jobKind({
  name: 'token-mail',
  data: z.object({ key: z.string(), to: z.string(), subject: z.string(), text: z.string() }),
  retries: 12,
  retryDelaySeconds: 30,
  short: true,
})
