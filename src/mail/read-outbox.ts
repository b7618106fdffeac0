import { open, readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import PostalMime, { type Email } from 'postal-mime'

/** What a list says of a mail in the outbox. */
export interface OutboxLine {
  /** The beginning of its Message-ID, and the name of its file. */
  readonly id: string
  readonly to: readonly string[]
  readonly from: string
  readonly subject: string
  readonly at: Date
  readonly bytes: number
}

export interface OutboxMail extends OutboxLine {
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly text: string
  /** Pictures of the mail stand in it as `data:`. */
  readonly html: string | null
  readonly attachments: readonly {
    readonly index: number
    readonly name: string
    readonly mediaType: string
    readonly bytes: number
  }[]
}

const idOf = /^([0-9a-f]{40})\.eml$/
/** Headers end well before. */
const headBytes = 16 * 1024

/** The mails that stand in the outbox, newest first. A mail is never written again with other content, so what was read of it holds. */
export function openOutboxReader(directory: string) {
  const known = new Map<string, OutboxLine>()

  async function list(): Promise<OutboxLine[]> {
    const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    const ids = names.flatMap((name) => idOf.exec(name)?.[1] ?? [])
    const lines: OutboxLine[] = []
    for (let at = 0; at < ids.length; at += 32)
      lines.push(...(await Promise.all(ids.slice(at, at + 32).map(lineOf))).filter((line) => line !== null))
    return lines.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1))
  }

  async function lineOf(id: string): Promise<OutboxLine | null> {
    const file = path.join(directory, `${id}.eml`)
    const facts = await stat(file).catch(() => null)
    if (!facts) return null
    const before = known.get(id)
    if (before && before.at.getTime() === Math.trunc(facts.mtimeMs) && before.bytes === facts.size) return before
    await using handle = await open(file)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    const head = buffer.subarray(0, bytesRead).toString('latin1').split('\r\n\r\n', 1)[0] ?? ''
    const line = lineFrom(
      id,
      await PostalMime.parse(`${head}\r\n\r\n`),
      new Date(Math.trunc(facts.mtimeMs)),
      facts.size,
    )
    if (known.size > 20_000) known.clear()
    known.set(id, line)
    return line
  }

  const bytesOf = (id: string): Promise<Buffer | null> =>
    readFile(path.join(directory, `${id}.eml`)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })

  return {
    list,
    /** The mail as it is. */
    bytesOf,

    async read(id: string): Promise<OutboxMail | null> {
      const [line, bytes] = await Promise.all([lineOf(id), bytesOf(id)])
      if (!line || !bytes) return null
      const mail = await PostalMime.parse(bytes)
      return {
        ...line,
        headers: mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
        text: mail.text ?? '',
        html: mail.html === undefined ? null : withPictures(mail),
        attachments: mail.attachments.map((one, index) => ({
          index,
          name: one.filename ?? `attachment-${index + 1}`,
          mediaType: one.mimeType,
          bytes: contentOf(one).length,
        })),
      }
    },

    async attachment(id: string, index: number): Promise<{ name: string; bytes: Buffer } | null> {
      const bytes = await bytesOf(id)
      const one = bytes && (await PostalMime.parse(bytes)).attachments[index]
      return one ? { name: one.filename ?? `attachment-${index + 1}`, bytes: contentOf(one) } : null
    },
  }
}

export type OutboxReader = ReturnType<typeof openOutboxReader>

const contentOf = ({ content }: Email['attachments'][number]): Buffer =>
  typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer)

function lineFrom(id: string, { to = [], from, subject = '' }: Email, at: Date, bytes: number): OutboxLine {
  return { id, to: to.flatMap(({ address }) => address ?? []), from: from?.address ?? '', subject, at, bytes }
}

/** `cid:` means nothing outside of the mail. */
function withPictures({ html = '', attachments }: Email): string {
  const pictures = new Map(
    attachments
      .filter(({ mimeType, contentId }) => contentId !== undefined && /^image\/(png|jpeg|gif)$/.test(mimeType))
      .map((one) => [
        one.contentId?.replace(/^<|>$/g, ''),
        `data:${one.mimeType};base64,${contentOf(one).toString('base64')}`,
      ]),
  )
  return html.replace(/cid:([\w.@-]+)/g, (whole, cid: string) => pictures.get(cid) ?? whole)
}
