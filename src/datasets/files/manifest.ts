import { joinPath } from './names.ts'
import type { VersionFile } from './version-file.ts'

type Listed = Pick<VersionFile, 'directory' | 'name' | 'mediaType' | 'bytes'>

/** What `MANIFEST.TXT` says of each file, in the words that Dataverse has for it. */
export class Manifest {
  readonly #lines: string[] = []
  /** Whether anything was left out. */
  complete = true

  added(path: string, { mediaType, bytes }: Listed): void {
    this.#lines.push(`${path} (${mediaType}) ${bytes} bytes.`)
  }

  closed({ directory, name }: Listed, why: 'RESTRICTED' | 'EMBARGOED'): void {
    this.complete = false
    this.#lines.push(`${joinPath(directory, name)} IS ${why} AND CANNOT BE DOWNLOADED`)
  }

  tooMuch(file: Listed, limit: number): void {
    this.complete = false
    const { directory, name, mediaType, bytes } = file
    this.#lines.push(
      `${joinPath(directory, name)} (${mediaType}) ${bytes} bytes. SKIPPED because the total size of the download would exceed the limit of ${limit} bytes.`,
    )
  }

  text(): string {
    return this.#lines.map((line) => `${line.replaceAll(/[\r\n]/g, ' ')}\r\n`).join('')
  }
}
