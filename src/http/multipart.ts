import { Readable } from 'node:stream'
import { requestInvalid } from './problems.ts'

/** One part of a form, as it comes. */
export type BodyPart =
  | {
      readonly kind: 'file'
      readonly name: string
      /** As the client calls it, without directories; null when it tells none. */
      readonly fileName: string | null
      /** As the client tells it, in lower case and without parameters; null when it tells none. */
      readonly mediaType: string | null
      /** To be read before the next part is asked for; what is left of it is thrown away then. */
      readonly content: Readable
    }
  | { readonly kind: 'text'; readonly name: string; readonly text: string }

export type PartKinds = Readonly<Record<string, 'file' | 'text'>>

/** Of one text. */
const mostTextBytes = 1024 * 1024
/** Of what stands above one part. */
const mostHeadBytes = 16 * 1024
const mostParts = 1000

/**
 * The parts of a form (RFC 7578) in the order in which they come, in constant memory. Their names alone decide what they
 * are: some clients give a file name to what is none. Others than those asked for are passed over, or refused if `strict`.
 */
export async function* readParts(
  body: Readable,
  contentType: string,
  kinds: PartKinds,
  { strict = false } = {},
): AsyncGenerator<BodyPart> {
  const form = new Form(body, boundaryOf(contentType))
  for (let count = 0; await form.next(); count++) {
    if (count === mostParts) throw malformed(`It has more than ${mostParts} parts.`)
    const { name, fileName, mediaType } = readHead(await form.line('\r\n\r\n', mostHeadBytes))
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : null
    if (kind === null && strict) throw refused(name, 'is not known here')
    if (kind === 'text') yield { kind, name, text: await readText(form, name) }
    if (kind === 'file') {
      const pieces = form.pieces()
      const content = Readable.from(pieces, { objectMode: false, highWaterMark: 1 << 18 })
      // Whoever asks for the next part hears of a failure there.
      content.on('error', () => undefined)
      yield { kind, name, fileName, mediaType, content }
      content.destroy()
      // Behind what has been asked for already.
      await pieces.return(undefined)
    }
  }
  await form.end()
}

async function readText(form: Form, name: string): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of form.pieces()) {
    bytes += piece.byteLength
    if (bytes > mostTextBytes) throw refused(name, `is longer than ${mostTextBytes} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** Walks through the bytes of a form; every step takes up where the one before has stopped. */
class Form {
  readonly #chunks: AsyncIterator<Buffer>
  readonly #delimiter: Buffer
  /** Come, and not yet handed out. Every delimiter has a line break before it, but for one at the very beginning. */
  #held: Buffer = Buffer.from('\r\n')
  /** Before a delimiter, as against right behind one. */
  #inside = true

  constructor(body: Readable, boundary: string) {
    this.#chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    this.#delimiter = Buffer.from(`\r\n--${boundary}`)
  }

  /** Goes on to the next part, past what is left of this one; false when there is none. */
  async next(): Promise<boolean> {
    while ((await this.#piece()) !== null);
    while (this.#held.length < 2) await this.#more()
    if (this.#held.subarray(0, 2).equals(dashes)) return false
    if ((await this.line('\r\n', mostHeadBytes)).trim() !== '') throw malformed('A boundary is not alone on its line.')
    // An empty head has no line break of its own.
    this.#held = Buffer.concat([lineBreak, this.#held])
    this.#inside = true
    return true
  }

  /** All up to an end, which is passed. */
  async line(end: string, most: number): Promise<string> {
    for (;;) {
      const at = this.#held.indexOf(end, 0, 'latin1')
      if (at > most || (at < 0 && this.#held.length > most + end.length)) throw malformed('A part has too long a head.')
      if (at >= 0) {
        const line = this.#held.toString('utf8', 0, at)
        this.#held = this.#held.subarray(at + end.length)
        return line
      }
      await this.#more()
    }
  }

  /** What the part holds. */
  async *pieces(): AsyncGenerator<Buffer, void> {
    for (let piece = await this.#piece(); piece !== null; piece = await this.#piece()) yield piece
  }

  /** Reads on to where the body ends: there may be more behind the last delimiter, and it means nothing. */
  async end(): Promise<void> {
    while (!(await this.#chunks.next()).done);
  }

  /** Some bytes before the delimiter, or null when it has been passed. */
  async #piece(): Promise<Buffer | null> {
    while (this.#inside) {
      const held = this.#held
      const at = held.indexOf(this.#delimiter)
      if (at >= 0) {
        this.#inside = false
        this.#held = held.subarray(at + this.#delimiter.length)
        if (at > 0) return held.subarray(0, at)
        break
      }
      const sure = this.#surelyBefore(held)
      if (sure > 0) {
        this.#held = held.subarray(sure)
        return held.subarray(0, sure)
      }
      await this.#more()
    }
    return null
  }

  /** How many of these bytes cannot belong to a delimiter of which the rest is still to come. */
  #surelyBefore(held: Buffer): number {
    const most = Math.min(held.length, this.#delimiter.length - 1)
    for (let from = held.indexOf(13, held.length - most); from >= 0; from = held.indexOf(13, from + 1))
      if (this.#delimiter.subarray(0, held.length - from).equals(held.subarray(from))) return from
    return held.length
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#chunks.next()
    if (done) throw malformed('It ends before its last boundary.')
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value])
  }
}

const dashes = Buffer.from('--')
const lineBreak = Buffer.from('\r\n')

function boundaryOf(contentType: string): string {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType) ?? []
  const boundary = quoted ?? bare
  if (boundary === undefined) throw malformed('Its Content-Type names no boundary.')
  return boundary
}

interface Head {
  readonly name: string
  readonly fileName: string | null
  readonly mediaType: string | null
}

function readHead(text: string): Head {
  const headers = new Map<string, string>()
  for (const line of text.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  const { name, fileName } = readDisposition(headers.get('content-disposition') ?? '')
  if (name === undefined) throw malformed('A part has no name.')
  const mediaType = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  return { name, fileName: fileName === undefined ? null : withoutDirectories(fileName), mediaType: mediaType || null }
}

/** `form-data; name="file"; filename="a.csv"`, or RFC 2231's `filename*=utf-8''a.csv`, which wins. */
function readDisposition(value: string): { name: string | undefined; fileName: string | undefined } {
  const found = new Map<string, string>()
  for (const [, name = '', quoted, bare = ''] of value.matchAll(
    /;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"]*))/g,
  ))
    found.set(name.toLowerCase(), quoted === undefined ? bare.trim() : unquoted(quoted))
  const extended = found.get('filename*')
  return {
    name: found.get('name'),
    fileName: (extended === undefined ? undefined : decodeExtended(extended)) ?? found.get('filename'),
  }
}

/** Browsers write quotes and line breaks as `%22`, `%0D` and `%0A`, others a quote as `\"`; a path of Windows keeps its strokes. */
const unquoted = (text: string): string =>
  text.replaceAll(/\\(["\\])/g, '$1').replaceAll(/%22|%0D|%0A/gi, (code) => decodeURIComponent(code))

function decodeExtended(text: string): string | undefined {
  const [, charset, encoded = ''] = /^([\w-]+)'[^']*'(.*)$/.exec(text) ?? []
  try {
    if (/^utf-?8$/i.test(charset ?? '')) return decodeURIComponent(encoded)
    if (/^iso-8859-1$/i.test(charset ?? ''))
      return encoded.replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  } catch {
    // The plain name is the better one.
  }
  return undefined
}

const withoutDirectories = (name: string): string =>
  name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)

const malformed = (detail: string) => requestInvalid({ detail: `The form is malformed. ${detail}` })

function refused(name: string, detail: string) {
  const pointer = `#/${encodeURI(name.slice(0, 80).toWellFormed())}`
  return requestInvalid({ detail: `Wrong members of the body: ${pointer}.`, errors: [{ pointer, detail }] })
}
