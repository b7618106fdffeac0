import { actor, localCaller } from '#src/access/caller.ts'
import type { Changer } from '#src/database/change.ts'
import type { Mailer } from '#src/mail/mailer.ts'
import type { Queue } from '#src/queue/queue.ts'
import { expiryNotices, tokenMail } from './jobs.ts'
import { type NoticeNeeds, sendExpiryNotices } from './send-expiry-notices.ts'
import type { QueueMail } from './token-mail.ts'

/** Sends mail about tokens with the change that causes it. */
export const tokenMailThrough =
  (queue: Pick<Queue, 'send'>): QueueMail =>
  (tx, mail) =>
    queue.send(tx, tokenMail, mail)

export interface TokenWorkerNeeds extends NoticeNeeds {
  readonly queue: Queue
  readonly mailer: Mailer
  readonly changer: Changer
}

/** Takes up this room's jobs, and has the hourly one sent. */
export async function workOnTokens(needs: TokenWorkerNeeds): Promise<void> {
  const { queue, mailer, changer } = needs
  const reminder = actor(localCaller('system', 'expiry notices'))
  await queue.work(tokenMail, ({ data }) => mailer.send(data))
  await queue.work(
    expiryNotices,
    async () => void (await changer(reminder, (change) => sendExpiryNotices(needs, change))),
  )
  await queue.schedule(expiryNotices, '7 * * * *', {}, 'UTC')
}
