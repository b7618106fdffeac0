import { defineProblem } from '#src/problem/problem.ts'

export const subscriptionNotFound = defineProblem(
  'subscription-not-found',
  'not_found',
  'There is no such subscription',
  'Check the id; `/v1/subscriptions` lists those that you may see.',
)
export const subscriptionExists = defineProblem(
  'subscription-exists',
  'conflict',
  'A subscription has this id already',
  'Choose another id.',
)
export const subscriptionInvalid = defineProblem(
  'subscription-invalid',
  'unprocessable',
  'The subscription cannot be carried out as it is written',
  '`errors` names each member with what is wrong; correct these and send it again.',
)
export const notTheOwner = defineProblem(
  'not-the-owner',
  'forbidden',
  'Only its owner may change this subscription',
  'It runs with the owner’s rights, so whoever changed its recipients could read what only the owner may. Ask the owner or an administrator, or make one of your own.',
)
export const subscriptionResting = defineProblem(
  'subscription-resting',
  'conflict',
  'The subscription is paused, completed or archived',
  'Resume it first.',
)
export const recipientsUnknown = defineProblem(
  'recipients-unknown',
  'unprocessable',
  'Not all of these are recipients of the subscription',
  'A run reaches recipients of the subscription, never others. `resolved_recipients` of the subscription names them.',
)
export const parameterClosed = defineProblem(
  'parameter-closed',
  'forbidden',
  'Whoever starts this subscription may not set these parameters',
  'Leave them out, or ask the owner to name them in `open_parameters` of the subscription.',
)
export const nothingToSend = defineProblem(
  'nothing-to-send',
  'unprocessable',
  'Nobody would get anything',
  'Add recipients or a destination, or name others in the run.',
)
export const ownerMayNot = defineProblem(
  'owner-may-not',
  'forbidden',
  'The owner of the subscription may no longer have it run',
  'The owner’s account was disabled, or has a lesser role than before. An administrator gives the subscription another owner.',
)
export const linkGone = defineProblem(
  'link-gone',
  'gone',
  'This link is no longer good',
  'The file is past its time, or was taken back. Ask whoever sent you the report.',
)
export const linkUnknown = defineProblem(
  'link-unknown',
  'not_found',
  'This link leads nowhere',
  'Check that it was copied whole. Links of subscriptions that were deleted stop working too.',
)
export const inboxItemNotFound = defineProblem(
  'inbox-item-not-found',
  'not_found',
  'There is no such report in your inbox',
  'Check the id; `/v1/inbox` lists what was delivered to you.',
)
export const mailNotFound = defineProblem(
  'mail-not-found',
  'not_found',
  'There is no such mail in the outbox',
  'Check the id; `/v1/outbox` lists all that there are.',
)
/** Of one recipient whose own rights count. */
export const notReadable = 'The recipient may not read the report.'
export const reportNotUsable = defineProblem(
  'report-not-usable',
  'unprocessable',
  'The report of the subscription cannot be read',
  'It was deleted, or the owner may no longer see it. Choose another report, or ask the owner of the report.',
)
export const deliveryFailed = defineProblem(
  'delivery-failed',
  'unavailable',
  'Nothing was delivered',
  'The deliveries of the run say why, one by one. Correct that, and run it again for what failed.',
)
