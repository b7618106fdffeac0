import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { termsUnreadable } from './problems.ts'

/** The terms of use that a person accepts before their first token. */
export interface Terms {
  readonly text: string
  /** Names this text: another text is to be accepted anew. */
  readonly version: string
}

const mostBytes = 262_144

/** The text in `[api_token] terms_file`; null when there is no such file named. Refuses one that cannot be shown. */
export function openTerms(file: string | null): Terms | null {
  if (file === null) return null
  const unreadable = (detail: string, cause?: unknown) =>
    termsUnreadable({
      detail: `${file} ${detail}`,
      hint: 'Put the terms there (plain text or Markdown, UTF-8), or leave [api_token] terms_file empty.',
      cause,
    })
  const text = read()
  if (text.trim() === '') throw unreadable('is empty.')
  return { text, version: createHash('sha256').update(text).digest('hex').slice(0, 12) }

  function read(): string {
    let bytes: Buffer
    try {
      bytes = readFileSync(file!)
    } catch (cause) {
      throw unreadable(`cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unreadable'}).`, cause)
    }
    if (bytes.length > mostBytes) throw unreadable(`is longer than ${mostBytes} bytes, more than anybody reads.`)
    try {
      // Another editor's line ends make no other terms.
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n/g, '\n')
    } catch (cause) {
      throw unreadable('is no text in UTF-8.', cause)
    }
  }
}
