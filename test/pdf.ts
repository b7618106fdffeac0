import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface ReadPdf {
  /** What stands on each page, laid out as there. */
  readonly pages: readonly string[]
  readonly text: string
  /** What the file says of itself ("Title", "Author", "CreationDate"…). */
  readonly facts: Readonly<Record<string, string>>
  readonly fonts: readonly string[]
}

/** Reads a PDF with other people's tools (poppler-utils, which `npm test` brings). */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-pdf-'))
  const file = path.join(directory, 'read.pdf')
  try {
    await writeFile(file, bytes)
    const utc = { env: { ...process.env, TZ: 'UTC' }, maxBuffer: 1 << 28 }
    const { stdout: text } = await run('pdftotext', ['-layout', '-enc', 'UTF-8', file, '-'], utc)
    const { stdout: info } = await run('pdfinfo', [file], utc)
    const { stdout: fonts } = await run('pdffonts', [file], utc)
    return {
      text,
      pages: text.split('\f').slice(0, -1),
      facts: Object.fromEntries(
        info
          .split('\n')
          .flatMap((line) => [...line.matchAll(/^([^:]+):\s+(.*)$/g)].map(([, key, value]) => [key, value])),
      ),
      fonts: fonts
        .split('\n')
        .slice(2)
        .filter(Boolean)
        .map((line) => line.split(/\s+/)[0]!),
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
