import { createTransport } from 'nodemailer'
import type { Transport } from './mailer.ts'
import { mailRefused, mailUnavailable } from './problems.ts'

const answerMs = 15_000
const silenceMs = 60_000

/** A pool of two connections to a mail server; `url` as in [mailer] smtp_url. */
export function openSmtp(url: string): Transport {
  const { protocol, username, hostname } = new URL(url)
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
  return {
    async deliver(message) {
      // A recipient refused is an error here, as there is only one.
      await transporter.sendMail(message).catch((error: unknown) => {
        throw problemOf(error)
      })
    },
    close: () => transporter.close(),
  }
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
