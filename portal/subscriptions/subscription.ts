import type { Args, Reply } from '#portal/kit/contracts.ts'

export type Subscription = Reply<'GET /v1/subscriptions/:subscription'>
export type SubscriptionLine = Reply<'GET /v1/subscriptions'>['subscriptions'][number]
export type SubscriptionState = Subscription['state']
export type FileFormat = Subscription['formats'][number]
export type Recipient = Subscription['resolved_recipients'][number]
export type Preview = Reply<'POST /v1/subscriptions/preview'>
/** What is sent to make or change one; the id stands beside it. */
export type SubscriptionAsk = Args<'PUT /v1/subscriptions/:subscription'>['body']
export type ParameterValues = NonNullable<SubscriptionAsk['parameters']>

export const stateWords: Readonly<Record<SubscriptionState, string>> = {
  active: 'Active',
  paused: 'Paused',
  completed: 'Completed',
  archived: 'Archived',
}

/** What a state means, and what to do about it. */
export const stateHelp: Readonly<Record<SubscriptionState, string>> = {
  active: 'It runs by its schedule, and whenever it is asked to.',
  paused: 'Its schedule rests and nobody can run it, until it is resumed.',
  completed: 'The last day of its schedule has passed. Resume it after giving it a later one.',
  archived: 'It is put away. Resume it to use it again.',
}

export const formatWords: Readonly<Record<FileFormat, string>> = {
  pdf: 'PDF',
  xlsx: 'Excel',
  csv: 'CSV',
  png: 'Pictures (PNG)',
}

export const recipientWords: Readonly<Record<Recipient['state'], string>> = {
  active: 'Gets it',
  unsubscribed: 'Has unsubscribed',
  no_address: 'Inbox only: no mail address',
  not_allowed: 'Mail may not go there',
  disabled: 'Account disabled',
  unknown: 'No such account any more',
}
