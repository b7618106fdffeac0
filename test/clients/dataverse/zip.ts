import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

/** A ZIP of files by the names they have in it. */
export function zipOf(files: readonly { readonly name: string; readonly at: string }[]): Promise<Buffer> {
  const zip = new ZipFile()
  for (const { name, at } of files) zip.addFile(at, name)
  zip.end()
  return buffer(zip.outputStream)
}

/** A ZIP of texts by the names that they have in it. */
export function zipOfTexts(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content as string), name)
  zip.end()
  return buffer(zip.outputStream)
}
