import { z } from 'zod'
import { jobKind } from '#src/queue/job-kind.ts'
import { ParameterValues } from '#src/reports/definition.ts'
import { runKind } from '#src/runs/run.ts'
import { fileFormats } from './definition.ts'

/** What a run of a subscription was asked to do. */
export const RunData = z.object({
  subscription: z.string(),
  parameters: ParameterValues.optional(),
  /** Only these recipients. */
  recipients: z.array(z.string()).optional(),
  /** Only these pairs of recipient and destination: what an earlier run missed. */
  only: z.array(z.tuple([z.string(), z.string()])).optional(),
  formats: z.array(z.enum(fileFormats)).optional(),
  refresh_first: z.boolean().optional(),
  /**
   * `dry_run`: files are made with the rights of this account and kept with the run; `test`: and it goes to this account
   * alone. Neither counts as delivered.
   */
  trial: z.object({ kind: z.enum(['dry_run', 'test']), account: z.string() }).optional(),
})
export type RunData = z.output<typeof RunData>

/** Whether a run is of all that the subscription says, so that the next may be compared with it. */
export const isWhole = ({ trial, recipients, only, parameters }: RunData): boolean =>
  !trial && !recipients && !only && !parameters

export const runSubscription = runKind({
  name: 'run-subscription',
  data: RunData,
  permission: 'subscriptions:run',
  timeoutSeconds: 6 * 60 * 60,
  concurrency: 4,
  oneAtATime: true,
})

/** Tells of a run that failed; one mail to one address. */
export const subscriptionMail = jobKind({
  name: 'subscription-mail',
  data: z.object({ key: z.string(), to: z.string(), subject: z.string(), text: z.string() }),
  retries: 12,
  retryDelaySeconds: 30,
  short: true,
})

/** Ends what has come to its end; every few minutes. */
export const subscriptionUpkeep = jobKind({
  name: 'subscription-upkeep',
  data: z.object({}),
  retries: 1,
})
