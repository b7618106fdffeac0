import type { Change, Database } from '#src/database/change.ts'
import { linkUnknown } from '../problems.ts'
import { findLeaveLink, insertUnsubscribe } from '../store.ts'
import { hashOfSecret } from './link-secrets.ts'

export interface LeaveLink {
  readonly subscription: string
  /** The name of the subscription. */
  readonly name: string
  readonly recipient: string
  readonly left: boolean
}

/** What a link in a mail would leave. Looking at it changes nothing: programs that check links look at all of them. */
export async function showLeaveLink({ db }: { db: Database }, secret: string): Promise<LeaveLink> {
  return (await findLeaveLink(db, hashOfSecret(secret))) ?? missing()
}

/** Whoever has the link is the recipient. Nobody else can bring them back. */
export async function leaveSubscription(
  { clock }: { clock: { now(): Date } },
  change: Change,
  secret: string,
): Promise<{ link: LeaveLink; changed: boolean }> {
  const link = (await findLeaveLink(change.tx, hashOfSecret(secret))) ?? missing()
  const { subscription, recipient } = link
  const changed = await insertUnsubscribe(change.tx, subscription, recipient, clock.now())
  if (changed)
    change.note({
      verb: 'subscription.left',
      subjectType: 'subscription',
      subjectId: subscription,
      detail: { recipient },
    })
  return { link: { ...link, left: true }, changed }
}

function missing(): never {
  throw linkUnknown()
}
