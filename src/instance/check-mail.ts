import type { MailFacts } from '#src/mail/mail.ts'
import type { Mailer } from '#src/mail/mailer.ts'
import type { Queue, QueueFacts } from '#src/queue/queue.ts'
import { tokenMail } from '#src/tokens/jobs.ts'
import { counted, type Finding, figure, sayAll, text } from './finding.ts'

export async function checkMail(needs: {
  mailer: Pick<Mailer, 'describe'>
  queue: Pick<Queue, 'describe'>
}): Promise<Finding> {
  const [facts, queues] = await Promise.all([needs.mailer.describe(), needs.queue.describe()])
  return judgeMail(
    facts,
    queues.find(({ name }) => name === tokenMail.name),
  )
}

export function judgeMail(
  facts: MailFacts,
  queued: Pick<QueueFacts, 'waiting' | 'later' | 'failed'> | undefined,
): Finding {
  const { waiting = 0, later = 0, failed = 0 } = queued ?? {}
  const troubles: string[] = []
  if (facts.via === 'smtp' && facts.trouble !== null)
    troubles.push(`Mails wait for the mail server ${facts.server}. ${facts.trouble}`)
  if (failed > 0)
    troubles.push(`${counted(failed, 'mail was', 'mails were')} given up within a day; the server’s log says why.`)
  return {
    state: troubles.length === 0 ? 'ok' : 'degraded',
    says: sayAll(
      troubles,
      facts.via === 'smtp'
        ? 'The mail server takes mails.'
        : 'Mails are written to files, not sent: to send them, set [mailer] smtp_url.',
    ),
    facts: [
      text('via', 'Sent by', facts.via === 'smtp' ? facts.server : 'outbox'),
      ...(facts.via === 'outbox'
        ? [text('directory', 'Outbox', facts.directory), figure('count', 'mails', 'Mails in the outbox', facts.mails)]
        : []),
      figure('count', 'waiting', 'Waiting', waiting + later),
      figure('count', 'failed', 'Given up within a day', failed),
    ],
  }
}
