import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { unreadableImport } from './problems.ts'

/** Longer lines are cut: nothing that `sacct` writes comes near, and a file without line ends must not fill memory. */
const longestLine = 1 << 20

/**
 * Calls `onLine` with every line of a text file and its number from 1, in constant memory. Compressed files (gzip) are
 * known by their first bytes, whatever their name; `-` is the standard input.
 */
export async function eachLine(
  file: string,
  onLine: (line: string, number: number) => void,
  stdin: Readable = process.stdin,
): Promise<void> {
  const handle = file === '-' ? null : await openFile(file)
  try {
    const bytes = handle ? await contents(handle) : stdin
    bytes.setEncoding('utf8')
    let number = 0
    let rest = ''
    for await (const piece of bytes as AsyncIterable<string>) {
      let from = 0
      for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', from)) {
        onLine(withoutReturn(rest + piece.slice(from, at)), ++number)
        rest = ''
        from = at + 1
      }
      rest = (rest + piece.slice(from)).slice(0, longestLine)
    }
    if (rest !== '') onLine(withoutReturn(rest), ++number)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw unreadableImport({ detail: `${file} cannot be read: ${error.message}`, cause: error })
  } finally {
    await handle?.close()
  }
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file)
  } catch (error) {
    throw unreadableImport({ detail: `${file} cannot be opened: ${(error as Error).message}`, cause: error })
  }
}

async function contents(handle: FileHandle): Promise<Readable> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
  const compressed = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  const bytes = handle.createReadStream({ start: 0, highWaterMark: 1 << 18, autoClose: false })
  if (!compressed) return bytes
  const gunzip = createGunzip()
  bytes.on('error', (error) => gunzip.destroy(error))
  return bytes.pipe(gunzip)
}
