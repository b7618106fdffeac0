import { createHash } from 'node:crypto'
import { isOneAddress, type Mail, type MailFacts, oneLine, type Posted } from './mail.ts'
import { openOutbox } from './outbox.ts'
import { mailRefused, mailUnavailable } from './problems.ts'
import { openSmtp } from './smtp.ts'

export interface Mailer {
  /**
   * Resolves when the server (or the outbox) has it; throws `mail-unavailable` when trying again may help, else
   * `mail-refused`. Whoever must not send twice asks `post`.
   */
  send(mail: Mail): Promise<void>
  /** Hands the mail over once and says what came of it. Throws only what is our own mistake. */
  post(mail: Mail): Promise<Posted>
  /** The Message-ID that a mail with this key has, known before it is sent. */
  messageIdOf(key: string): string
  /** Where mails go, and whether they get there now. */
  describe(): Promise<MailFacts>
  /** Where mails go. */
  readonly via: MailFacts['via']
  /** How many mails it hands over at the same time. */
  readonly lanes: number
  close(): void
}

export interface MailerNeeds {
  /** The section [mailer] of the settings. */
  settings: { smtpUrl: string | null; senderName: string; senderEmail: string; subjectPrefix: string }
  /** Where mails go when there is no mail server. */
  outboxDirectory: string
  clock: { now(): Date }
}

export function openMailer({ settings, outboxDirectory, clock }: MailerNeeds): Mailer {
  const transport = settings.smtpUrl === null ? openOutbox(outboxDirectory) : openSmtp(settings.smtpUrl)
  const { senderName, senderEmail, subjectPrefix } = settings
  const host = senderEmail.slice(senderEmail.lastIndexOf('@') + 1)
  const messageIdOf = (key: string): string =>
    `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${host}>`

  async function post(mail: Mail): Promise<Posted> {
    const { key, to, subject, text, html, attachments = [], images = [], unsubscribe } = mail
    if (!isOneAddress(to)) {
      return { outcome: 'refused', reason: 'The recipient is not one mail address.', code: null, cause: undefined }
    }
    return transport.deliver({
      from: { name: oneLine(senderName), address: senderEmail },
      to,
      subject: oneLine(subjectPrefix === '' ? subject : `${subjectPrefix} ${subject}`),
      text,
      ...(html !== undefined && { html }),
      attachments,
      images,
      messageId: messageIdOf(key),
      date: clock.now(),
      headers: {
        // So that no out-of-office notice answers a machine.
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
        ...(unsubscribe !== undefined && {
          'List-Unsubscribe': `<${oneLine(unsubscribe)}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        }),
      },
    })
  }

  return {
    post,
    messageIdOf,
    via: transport.via,
    lanes: transport.lanes,
    send: async (mail) => {
      const posted = await post(mail)
      if (posted.outcome === 'accepted') return
      const { outcome, reason, code, cause } = posted
      if (outcome !== 'refused')
        throw mailUnavailable({
          detail: reason,
          hint: 'It is tried again; check [mailer] smtp_url if it goes on.',
          cause,
        })
      throw mailRefused({
        detail: reason,
        hint:
          code === null
            ? 'Correct the address in the profile of the account.'
            : 'Check the recipient’s address and [mailer] sender_email.',
        cause,
      })
    },
    describe: () => transport.describe(),
    close: () => transport.close(),
  }
}
