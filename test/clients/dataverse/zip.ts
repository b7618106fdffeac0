import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

/** A ZIP of files by the names they have in it. */
export function zipOf(files: readonly { readonly name: string; readonly at: string }[]): Promise<Buffer> {
  const zip = new ZipFile()
  for (const { name, at } of files) zip.addFile(at, name)
  zip.end()
  return buffer(zip.outputStream)
}
