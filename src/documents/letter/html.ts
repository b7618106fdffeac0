import { cleanText } from '../clean-text.ts'
import { safeLink, type TextPart, type TextPiece } from '../markdown.ts'

/** A piece of HTML: only what is made here is one, so text from data can't be taken for it. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Value = string | number | Html | readonly Html[]

/** Everything put into it is escaped, unless it is HTML already. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.reduce((text, part, i) => text + asHtml(values[i - 1]!) + part))
}

function asHtml(value: Value): string {
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map(({ text }) => text).join('')
  return cleanText(String(value)).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}

export const nothing = new Html('')

/** Colours by day; the class names say what becomes of them by night. */
export const ink = 'color:#1f2429'
export const dimmed = 'color:#5b636b'
const linkColour = 'color:#0067a3'

export function linkTo(address: string | undefined, words: Html): Html {
  const to = address === undefined ? null : safeLink(address)
  return to === null ? words : html`<a href="${to}" class="link" style="${linkColour}">${words}</a>`
}

/** Text blocks: what Markdown can say here, in tags that every mail program knows. */
export const piecesHtml = (pieces: readonly TextPiece[]): Html[] => pieces.map(pieceHtml)

function pieceHtml(piece: TextPiece): Html {
  switch (piece.is) {
    case 'paragraph':
      return html`<p style="margin:0 0 10px">${partsHtml(piece.parts)}</p>`
    case 'heading':
      return html`<p style="margin:14px 0 6px;font-weight:600;font-size:${piece.level === 1 ? 17 : 15}px">${partsHtml(piece.parts)}</p>`
    case 'list': {
      const items = piece.items.map((item) => html`<li style="margin:0 0 4px">${tight(item)}</li>`)
      return piece.start === null
        ? html`<ul style="margin:0 0 10px;padding-left:22px">${items}</ul>`
        : html`<ol start="${piece.start}" style="margin:0 0 10px;padding-left:26px">${items}</ol>`
    }
    case 'quote':
      return html`<blockquote class="dim line" style="margin:0 0 10px;padding-left:10px;border-left:3px solid #dde1e5;${dimmed}">${piecesHtml(piece.pieces)}</blockquote>`
    case 'program':
      return html`<pre class="soft" style="margin:0 0 10px;padding:8px;background:#f1f3f5;font-size:12px;white-space:pre-wrap;word-break:break-word">${piece.text}</pre>`
    case 'rule':
      return html`<hr class="line" style="border:0;border-top:1px solid #dde1e5;margin:14px 0">`
  }
}

/** A single paragraph in a list item needs no space around it. */
const tight = (item: readonly TextPiece[]): Html[] => {
  const [only] = item
  return item.length === 1 && only?.is === 'paragraph' ? partsHtml(only.parts) : piecesHtml(item)
}

const partsHtml = (parts: readonly TextPart[]): Html[] => parts.map(partHtml)

function partHtml(part: TextPart): Html {
  switch (part.is) {
    case 'text':
      return html`${part.text}`
    case 'strong':
      return html`<strong>${partsHtml(part.parts)}</strong>`
    case 'emphasis':
      return html`<em>${partsHtml(part.parts)}</em>`
    case 'code':
      return html`<code class="soft" style="background:#f1f3f5;padding:1px 3px;font-size:90%">${part.text}</code>`
    case 'link':
      return linkTo(part.to, html`${partsHtml(part.parts)}`)
    case 'break':
      return html`<br>`
  }
}
