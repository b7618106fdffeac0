import { createHash } from 'node:crypto'
import { openOutbox } from './outbox.ts'
import { mailRefused } from './problems.ts'
import { openSmtp } from './smtp.ts'

/** A mail to one person. */
export interface Mail {
  /**
   * Names this mail for ever ("expiry notice 7 days, token x"): sent again after a failure, it is recognisably the
   * same.
   */
  readonly key: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
  readonly attachments?: readonly Attachment[]
}

export interface Attachment {
  readonly filename: string
  readonly content: string | Buffer
  /** E.g. `text/calendar; charset=utf-8; method=PUBLISH`. */
  readonly contentType: string
}

/** A mail with its envelope, as a transport takes it. */
export interface Message {
  readonly from: { name: string; address: string }
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
  readonly attachments: { filename: string; content: string | Buffer; contentType: string }[]
  readonly messageId: string
  readonly date: Date
  readonly headers: Record<string, string>
}

export interface Mailer {
  /**
   * Resolves when the server (or the outbox) has it; throws `mail-unavailable` when trying again may help, else
   * `mail-refused`.
   */
  send(mail: Mail): Promise<void>
  /** Where mails go, and whether they get there now. */
  describe(): Promise<MailFacts>
  close(): void
}

export type MailFacts =
  | {
      readonly via: 'smtp'
      /** Host and port; no user name, no password. */
      readonly server: string
      /** Why the server takes no mails, and what to do; null when it does. */
      readonly trouble: string | null
    }
  | { readonly via: 'outbox'; readonly directory: string; readonly mails: number }

export interface MailerNeeds {
  /** The section [mailer] of the settings. */
  settings: { smtpUrl: string | null; senderName: string; senderEmail: string; subjectPrefix: string }
  /** Where mails go when there is no mail server. */
  outboxDirectory: string
  clock: { now(): Date }
}

export interface Transport {
  deliver(message: Message): Promise<void>
  describe(): Promise<MailFacts>
  close(): void
}

export function openMailer({ settings, outboxDirectory, clock }: MailerNeeds): Mailer {
  const transport = settings.smtpUrl === null ? openOutbox(outboxDirectory) : openSmtp(settings.smtpUrl)
  const { senderName, senderEmail, subjectPrefix } = settings
  const host = senderEmail.slice(senderEmail.lastIndexOf('@') + 1)
  return {
    send: async ({ key, to, subject, text, html, attachments = [] }) => {
      if (!isOneAddress(to)) {
        throw mailRefused({
          detail: 'The recipient is not one mail address.',
          hint: 'Correct the address in the profile of the account.',
        })
      }
      await transport.deliver({
        from: { name: oneLine(senderName), address: senderEmail },
        to,
        subject: oneLine(subjectPrefix === '' ? subject : `${subjectPrefix} ${subject}`),
        text,
        ...(html !== undefined && { html }),
        attachments: attachments.map(({ filename, content, contentType }) => ({
          filename: oneLine(filename),
          content,
          contentType,
        })),
        messageId: `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${host}>`,
        date: clock.now(),
        // So that no out-of-office notice answers a machine.
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      })
    },
    describe: () => transport.describe(),
    close: () => transport.close(),
  }
}

/** What comes from people (names, titles) must not begin a header of its own, nor turn the line around. */
const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 500)

const isOneAddress = (text: string): boolean =>
  text.length <= 320 && /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(text) && !/[\p{Cc}\p{Cf}]/u.test(text)
