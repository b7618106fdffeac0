import MailComposer from 'nodemailer/lib/mail-composer'
import type { Attachment, Message } from './mail.ts'
import { oneLine } from './mail.ts'

/** Base64 with line breaks, of contents that stand in many mails: one report goes to a thousand people. */
const encoded = new WeakMap<object, string>()

/** The bytes of a mail, with CRLF as line ends. Nothing is ever read from a path or an address. */
export async function composeMail(message: Message): Promise<Buffer> {
  const { from, to, subject, text, html, messageId, date, headers } = message
  const composer = new MailComposer({
    from,
    to,
    subject,
    text,
    ...(html !== undefined && { html }),
    messageId,
    date,
    headers,
    attachments: [
      ...message.attachments.map((attachment) => attached(attachment)),
      ...message.images.map((image) => pictured(image)),
    ],
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}

function attached(attachment: Attachment) {
  const { contentType, content } = attachment
  const filename = oneLine(attachment.filename)
  // Small ones are left to the composer.
  if (content.length < 1024)
    return { filename, contentType, content: typeof content === 'string' ? content : Buffer.from(content) }
  return {
    contentType,
    filename,
    raw: [
      `Content-Type: ${oneLine(contentType)}; ${parameter('name', filename)}`,
      'Content-Transfer-Encoding: base64',
      `Content-Disposition: attachment; ${parameter('filename', filename)}`,
      '',
      base64Of(attachment, content),
    ].join('\r\n'),
  }
}

function pictured(image: Message['images'][number]) {
  const filename = oneLine(image.filename)
  const cid = image.cid.replace(/[^\w.@-]/g, '')
  return {
    cid,
    contentType: 'image/png',
    filename,
    raw: [
      `Content-Type: image/png; ${parameter('name', filename)}`,
      `Content-Id: <${cid}>`,
      'Content-Transfer-Encoding: base64',
      `Content-Disposition: inline; ${parameter('filename', filename)}`,
      '',
      base64Of(image, image.png),
    ].join('\r\n'),
  }
}

/** RFC 2231 where the name needs it. */
const parameter = (name: string, value: string): string =>
  /^[\w .()+-]+$/.test(value)
    ? `${name}="${value}"`
    : `${name}*=utf-8''${encodeURIComponent(value).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`

function base64Of(owner: object, content: string | Uint8Array): string {
  const before = encoded.get(owner)
  if (before !== undefined) return before
  const bytes =
    typeof content === 'string'
      ? Buffer.from(content)
      : Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  const made = bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
  encoded.set(owner, made)
  return made
}
