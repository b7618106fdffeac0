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
  /** Pictures that the HTML shows (`cid:…`). */
  readonly images?: readonly { readonly cid: string; readonly filename: string; readonly png: Uint8Array }[]
  /** Where one click leaves the list that this mail is of (RFC 8058): an address that takes a POST. */
  readonly unsubscribe?: string
}

/** One object for the same content in many mails is encoded once. */
export interface Attachment {
  readonly filename: string
  readonly content: string | Uint8Array
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
  readonly attachments: readonly Attachment[]
  readonly images: NonNullable<Mail['images']>
  readonly messageId: string
  readonly date: Date
  readonly headers: Record<string, string>
}

/**
 * What became of a mail. `put_off`: the server has not taken it, now; `refused`: it never will; `unknown`: the answer
 * was lost after the mail had begun to leave, so that it may have arrived.
 */
export type Posted =
  | { readonly outcome: 'accepted' }
  | {
      readonly outcome: 'put_off' | 'refused' | 'unknown'
      /** In our words: the server's may quote what it was shown. */
      readonly reason: string
      /** Of SMTP, where the server said one of this mail. */
      readonly code: number | null
      readonly cause: unknown
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

export interface Transport {
  deliver(message: Message): Promise<Posted>
  describe(): Promise<MailFacts>
  readonly via: MailFacts['via']
  readonly lanes: number
  close(): void
}

/** What comes from people (names, titles) must not begin a header of its own, nor turn the line around. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 500)

export const isOneAddress = (text: string): boolean =>
  text.length <= 320 && /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(text) && !/[\p{Cc}\p{Cf}]/u.test(text)
