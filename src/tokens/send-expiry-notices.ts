import type { Change } from '#src/database/change.ts'
import { findExpiring, takeNotices } from './store.ts'
import { noticeMail, type QueueMail } from './token-mail.ts'

/** Days before the expiry at which a notice is due. */
export const noticeDays = [30, 14, 7, 3, 1] as const

export interface NoticeNeeds {
  readonly clock: { now(): Date }
  readonly queueMail: QueueMail
  readonly site: { readonly address: string }
  readonly timeZone: string
}

const dayMs = 86_400_000

/**
 * Sends the notices that are due, each once, however many processes ask: the note that it went out and the mail commit
 * together. After a long stop only the most urgent of those missed is sent. Returns how many.
 */
export async function sendExpiryNotices(needs: NoticeNeeds, change: Change): Promise<number> {
  const now = needs.clock.now()
  const site = { address: needs.site.address, timeZone: needs.timeZone }
  let sent = 0
  for (const token of await findExpiring(change.tx, now, new Date(now.getTime() + noticeDays[0] * dayMs))) {
    const due = dueNotices(token, now)
    const to = token.email
    if (to === null || due.length === 0 || !(await takeNotices(change.tx, token.id, due, now))) continue
    const days = Math.min(...due)
    await needs.queueMail(change.tx, noticeMail(token, days, to, site))
    change.note({
      verb: 'token.notice_sent',
      subjectType: 'token',
      subjectId: token.id,
      detail: { days, account: token.account_name },
    })
    sent++
  }
  return sent
}

/** A notice that would have been due before the token was made is none: nobody needs to hear of a life just chosen. */
export function dueNotices(token: { created_at: Date; expires_at: Date }, now: Date): number[] {
  const left = token.expires_at.getTime() - now.getTime()
  const life = token.expires_at.getTime() - token.created_at.getTime()
  return noticeDays.filter((days) => left > 0 && left <= days * dayMs && life > days * dayMs)
}
