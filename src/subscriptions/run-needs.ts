import type { Caller } from '#src/access/caller.ts'
import type { Changer } from '#src/database/change.ts'
import type { Press } from '#src/documents/press.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import type { Mailer } from '#src/mail/mailer.ts'
import type { Outbound } from '#src/outbound/open-outbound.ts'
import type { Queue } from '#src/queue/queue.ts'
import type { RunWork } from '#src/runs/run.ts'
import type { Definition } from './definition.ts'
import type { Patience } from './deliver.ts'
import type { Holder } from './delivery-store.ts'
import type { RunData } from './jobs.ts'
import type { LinkSecrets } from './links/link-secrets.ts'
import type { SubscriptionNeeds } from './needs.ts'
import type { Recipient } from './recipients.ts'
import type { Parameters } from './report-maker.ts'
import type { Subscription } from './store.ts'

export interface RunNeeds extends Omit<SubscriptionNeeds, 'mailer' | 'outbound'> {
  readonly changer: Changer
  readonly queue: Queue | null
  readonly contents: ContentStore
  readonly press: Press
  readonly mailer: Mailer
  readonly outbound: Outbound
  readonly links: LinkSecrets
  readonly modelNames: readonly string[]
  /** Brings what a refresh has put in place before the eyes of this process. */
  readonly catchUp: () => Promise<void>
  /** Where folders of subscriptions begin. */
  readonly deliveredDirectory: string
  readonly patience?: Patience
}

export type Work = RunWork<RunData>

export const holderOf = ({ run }: Work): Holder => ({ runId: run.id, attempt: run.attempt })

/** What a run is about, as it stands when the run begins. */
export interface Prepared {
  readonly subscription: Subscription
  readonly definition: Definition
  readonly parameters: Parameters
  /** Whose rights it has: the owner's, or in a trial those of who asked. */
  readonly caller: Caller
  readonly recipients: readonly Recipient[]
  /** An attempt before has made everything and begun to send. */
  readonly begun: boolean
}
