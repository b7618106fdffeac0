import type { z } from 'zod'
import type * as contract from './contract.ts'

/** What a subscription says, as it is kept. */
export type Definition = z.output<typeof contract.SubscriptionAsk>
export type RecipientAsk = Definition['recipients'][number]
export type DestinationAsk = Definition['destinations'][number]
export type WebhookAsk = Extract<DestinationAsk, { type: 'webhook' }>
export type Burst = NonNullable<Definition['burst']>
export type Condition = NonNullable<Definition['condition']>

export const webhooksOf = ({ destinations }: Pick<Definition, 'destinations'>): WebhookAsk[] =>
  destinations.filter((one) => one.type === 'webhook')

/** Names a destination in deliveries. */
export const destinationName = (destination: DestinationAsk): string =>
  destination.type === 'mail'
    ? 'mail'
    : destination.type === 'webhook'
      ? `webhook:${destination.id}`
      : `folder:${destination.path}`
