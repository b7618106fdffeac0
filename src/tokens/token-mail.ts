import type { Tx } from '#src/database/change.ts'
import type { Mail } from '#src/mail/mail.ts'
import type { ExpiringToken, TokenRow } from './store.ts'
import { tokenPage } from './token-page.ts'

/** Sends mail once the change commits. */
export type QueueMail = (tx: Tx, mail: TokenMail) => Promise<void>
export type TokenMail = Pick<Mail, 'key' | 'to' | 'subject' | 'text'>

interface Site {
  /** Without closing slash. */
  readonly address: string
  readonly timeZone: string
}

/** Says that a token is about to expire. */
export function noticeMail(token: ExpiringToken, days: number, to: string, site: Site): TokenMail {
  const left = days === 1 ? 'within a day' : `within ${days} days`
  const used = token.last_used_at
    ? `It was last used on ${when(token.last_used_at, site.timeZone)}.`
    : 'It was never used.'
  return {
    key: `token ${token.id} expires ${token.expires_at.toISOString()}, notice ${days}`,
    to,
    subject: `API token “${token.name}” expires ${left}`,
    text: [
      `The API token “${token.name}” (${token.id}) of ${token.account_name} stops working on ${when(token.expires_at, site.timeZone)}.`,
      used,
      'If something still uses it, rotate it: you get a successor, and the old one works on while you put the new one in its place.',
      whereTo(token, site.address),
    ].join('\n\n'),
  }
}

/** Says that somebody has reported a token as leaked, and that it has been revoked. */
export function leakMail(
  token: Pick<TokenRow, 'id' | 'name' | 'account_name' | 'account_kind'>,
  { to, foundAt, site }: { to: string; foundAt: string | undefined; site: string },
): TokenMail {
  return {
    key: `token ${token.id} leaked`,
    to,
    subject: `API token “${token.name}” was found in the open and revoked`,
    text: [
      `Somebody has reported the API token “${token.name}” (${token.id}) of ${token.account_name} as leaked${foundAt === undefined ? '' : ` (found at: ${foundAt})`}.`,
      'It has been revoked, and with it every token that was made with it. Look at where it was last used, and make a new one.',
      whereTo(token, site),
    ].join('\n\n'),
  }
}

function whereTo(token: Parameters<typeof tokenPage>[0], siteAddress: string): string {
  const { name, address } = tokenPage(token, siteAddress)
  return `${name}: ${address}`
}

function when(date: Date, timeZone: string): string {
  const text = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone }).format(date)
  return `${text} (${timeZone})`
}
