import { text } from 'node:stream/consumers'
import type { ContentStore } from '#src/files/content-store.ts'
import { escapeHtml } from './links/message-page.ts'

/** A mail that goes to many, as it is kept: marks stand where something of the recipient's own comes. */
export interface MailBundle {
  readonly html: string
  readonly text: string
  /** In Base64. */
  readonly images: readonly { readonly cid: string; readonly filename: string; readonly png: string }[]
  readonly marks: {
    readonly recipient: string
    readonly unsubscribe: string
    readonly files: readonly { readonly mark: string; readonly id: string }[]
  }
}

/** What stands in the place of the marks. */
export interface OwnParts {
  readonly recipient: string
  readonly unsubscribe: string
  fileSecret(fileId: string): string
}

export function fillMail({ html, text, marks }: MailBundle, own: OwnParts): { html: string; text: string } {
  const fill = (whole: string, name: string): string => {
    const named = whole.replaceAll(marks.recipient, () => name).replaceAll(marks.unsubscribe, () => own.unsubscribe)
    return marks.files.reduce((filled, { mark, id }) => filled.replaceAll(mark, () => own.fileSecret(id)), named)
  }
  return { html: fill(html, escapeHtml(own.recipient)), text: fill(text, own.recipient) }
}

/** `cid:` means nothing outside of a mail. */
export function withPictures(html: string, images: MailBundle['images']): string {
  const pictures = new Map(images.map(({ cid, png }) => [cid, `data:image/png;base64,${png}`]))
  return html.replace(/cid:([\w.@-]+)/g, (whole, cid: string) => pictures.get(cid) ?? whole)
}

export async function readBundle(contents: ContentStore, sha256: string): Promise<MailBundle | null> {
  const stream = await contents.read(sha256)
  return stream && (JSON.parse(await text(stream)) as MailBundle)
}
