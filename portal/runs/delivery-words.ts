import type { Reply } from '#portal/kit/contracts.ts'

export type Delivery = Reply<'GET /v1/runs/:run/deliveries'>['deliveries'][number]
export type DeliveryState = Delivery['state']

export const deliveryWords: Readonly<Record<DeliveryState, string>> = {
  pending: 'Waiting',
  sending: 'On its way',
  delivered: 'Delivered',
  failed: 'Failed',
  unconfirmed: 'Unconfirmed',
  skipped: 'Left out',
  cancelled: 'Cancelled',
  unsubscribed: 'Had unsubscribed',
}

/** What a state means where its word does not say it. */
export const deliveryHelp: Partial<Readonly<Record<DeliveryState, string>>> = {
  unconfirmed:
    'It was being sent when the answer was lost. It may have arrived, so it is not sent again by itself: ask the recipient first.',
}

/** "webhook:ci" as people say it. */
export function destinationWords(destination: string): string {
  const [kind = '', ...rest] = destination.split(':')
  const name = rest.join(':')
  if (kind === 'mail') return 'Mail'
  if (kind === 'inbox') return 'Inbox'
  return `${kind === 'webhook' ? 'Webhook' : 'Folder'} ${name}`.trim()
}

/** "3 delivered, 1 failed": states in their order, without those that nobody is in. */
export function countedStates(counts: Readonly<Record<string, number>>): string {
  const known = Object.keys(deliveryWords) as DeliveryState[]
  const order: readonly DeliveryState[] = ['delivered', ...known.filter((state) => state !== 'delivered')]
  return order
    .flatMap((state) => (counts[state] ? [`${counts[state]} ${deliveryWords[state].toLowerCase()}`] : []))
    .join(', ')
}
