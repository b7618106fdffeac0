import { createTransport } from 'nodemailer'
import type { Transport } from './mailer.ts'
import { mailRefused, mailUnavailable } from './problems.ts'

const answerMs = 15_000
const silenceMs = 60_000
/** How long what the mail server said of itself is believed. */
const keepMs = 60_000

/** A pool of two connections to a mail server; `url` as in [mailer] smtp_url. */
export function openSmtp(url: string): Transport {
  const { protocol, username, hostname, host } = new URL(url)
  const near = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  const transporter = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    // A password never leaves this machine in clear.
    requireTLS: protocol === 'smtp:' && username !== '' && !near,
    connectionTimeout: answerMs,
    greetingTimeout: answerMs,
    dnsTimeout: answerMs,
    socketTimeout: silenceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as const)
  const look = (): Promise<string | null> => transporter.verify().then(() => null, troubleOf)
  let looked: { at: number; trouble: Promise<string | null> } | undefined
  return {
    async deliver(message) {
      // A recipient refused is an error here, as there is only one.
      await transporter.sendMail(message).catch((error: unknown) => {
        throw problemOf(error)
      })
    },
    async describe() {
      // Each look is a sign-in at the mail server: whoever asks meanwhile shares its answer.
      if (!looked || performance.now() - looked.at > keepMs) looked = { at: performance.now(), trouble: look() }
      return { via: 'smtp', server: host, trouble: await looked.trouble }
    },
    close: () => transporter.close(),
  }
}

/** Why it takes no mails; in our words, as the server's may quote what it was shown. */
function troubleOf(error: unknown): string {
  const { responseCode, code } = error as { responseCode?: number; code?: string }
  if (code === 'EAUTH') return 'It refuses user name and password: correct them in [mailer] smtp_url.'
  const says =
    responseCode === undefined ? `It does not answer (${code ?? 'unknown'})` : `It answers with code ${responseCode}`
  return `${says}: look whether it runs, and check [mailer] smtp_url.`
}

/** 4xx and everything before an answer may pass; 5xx will not. Both arrive under the same error codes. */
function problemOf(error: unknown): unknown {
  const { responseCode, code } = error as { responseCode?: number; code?: string }
  if (responseCode === undefined && code === undefined) return error
  if (responseCode !== undefined && responseCode >= 500) {
    return mailRefused({
      detail: `The mail server refused the mail with code ${responseCode}.`,
      hint:
        code === 'EAUTH'
          ? 'Check user name and password in [mailer] smtp_url.'
          : 'Check the recipient’s address and [mailer] sender_email.',
      cause: error,
    })
  }
  return mailUnavailable({
    detail:
      responseCode === undefined
        ? `The mail server did not answer (${code}).`
        : `The mail server put the mail off with code ${responseCode}.`,
    hint: 'It is tried again; check [mailer] smtp_url if it goes on.',
    cause: error,
  })
}
