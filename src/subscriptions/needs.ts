import type { Database } from '#src/database/change.ts'
import type { Sealer } from '#src/files/sealed.ts'
import type { Mailer } from '#src/mail/mailer.ts'
import type { RunStarter } from '#src/runs/start-run.ts'
import type { CheckNeeds } from './check-subscription.ts'
import type { ReadMapping } from './recipients.ts'

/** What acts on subscriptions take. */
export interface SubscriptionNeeds extends CheckNeeds {
  readonly db: Database
  readonly runs: RunStarter
  readonly sealer: Sealer
  readonly mailer: Pick<Mailer, 'via'>
  readonly readMapping: ReadMapping
  /** Address without closing slash. */
  readonly site: { readonly address: string; readonly title: string }
  readonly timeZone: string
  readonly clock: { now(): Date }
}
