import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { copyFile, link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Problem } from '#src/problem/problem.ts'
import { BuildRefused } from './build-refused.ts'
import type { UrlTable } from './recipe.ts'

/** Fetches an address that is not our own: guarded, following redirects. */
export type FetchSource = (
  url: string,
  options: {
    readonly maxBytes: number
    readonly timeoutMs: number
    readonly etag?: string | null
    readonly lastModified?: string | null
    readonly signal?: AbortSignal
  },
) => Promise<
  | { readonly changed: false }
  | {
      readonly changed: true
      readonly etag: string | null
      readonly lastModified: string | null
      readonly body: Readable
    }
>

export interface FetchedSource {
  /** In scratch: nobody else's refresh can take it away. */
  readonly file: string
  readonly bytes: number
  readonly changed: boolean
  /** When it was last changed, as the other side says; else when it was fetched. */
  readonly time: Date
}

interface Kept {
  readonly url: string
  readonly file: string
  readonly bytes: number
  readonly etag: string | null
  readonly last_modified: string | null
  readonly fetched_at: string
}

/**
 * The file behind an address, of which a copy is kept: while the other side says that nothing has changed, that copy is
 * taken. A copy is named by what is in it and noted after it is whole, so that a crash leaves the one before.
 */
export async function fetchSource(
  fetch: FetchSource,
  table: UrlTable & { readonly name: string },
  places: { readonly kept: string; readonly scratch: string; readonly model: string },
  { signal, now }: { readonly signal: AbortSignal; readonly now: Date },
): Promise<FetchedSource> {
  const { url, maxBytes, timeoutSeconds } = table
  const directory = path.join(places.kept, places.model)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const note = path.join(directory, `${table.name}.json`)
  const kept = await readKept(note, url)
  const ending = path.extname(new URL(url).pathname).replace(/[^.\w]/g, '')
  const file = path.join(places.scratch, `${table.name}-fetched${ending}`)
  const isThere = kept !== null && (await take(path.join(directory, kept.file), file))
  try {
    const answer = await fetch(url, {
      maxBytes,
      timeoutMs: timeoutSeconds * 1000,
      signal,
      ...(isThere && { etag: kept.etag, lastModified: kept.last_modified }),
    })
    if (!answer.changed) {
      if (!isThere)
        throw new BuildRefused(`The source ${table.name} answered that nothing has changed, though nothing was known.`)
      return { file, bytes: kept.bytes, changed: false, time: timeOf(kept) }
    }
    await rm(file, { force: true })
    const { digest, bytes } = await save(answer.body, file, signal)
    const name = `${table.name}-${digest.slice(0, 24)}${ending}`
    const fresh: Kept = {
      url,
      file: name,
      bytes,
      etag: answer.etag,
      last_modified: answer.lastModified,
      fetched_at: now.toISOString(),
    }
    await keep(file, directory, note, fresh)
    return { file, bytes, changed: true, time: timeOf(fresh) }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Problem)
      throw new BuildRefused(`The source ${table.name} could not be fetched: ${error.message}`)
    throw error
  }
}

async function readKept(note: string, url: string): Promise<Kept | null> {
  try {
    const kept = JSON.parse(await readFile(note, 'utf8')) as Kept
    return kept.url === url && /^[\w.-]+$/.test(kept.file) ? kept : null
  } catch {
    return null
  }
}

async function save(body: Readable, file: string, signal: AbortSignal): Promise<{ digest: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  await pipeline(
    body,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        bytes += chunk.length
        yield chunk
      }
    },
    createWriteStream(file, { mode: 0o600, flush: true }),
    { signal },
  )
  return { digest: hash.digest('hex'), bytes }
}

async function keep(file: string, directory: string, note: string, kept: Kept): Promise<void> {
  await take(file, path.join(directory, kept.file))
  await writeFile(`${note}.new`, JSON.stringify(kept), { mode: 0o600, flush: true })
  await rename(`${note}.new`, note)
  const before = path.basename(note, '.json')
  for (const name of await readdir(directory))
    if (name !== kept.file && new RegExp(`^${before}-[0-9a-f]{24}(\\.|$)`).test(name))
      await rm(path.join(directory, name), { force: true })
}

/** A second name for a file, or a copy where the places lie on different disks. False when it is not there. */
async function take(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return true
    if (code === 'ENOENT') return false
    return copyFile(from, to).then(
      () => true,
      () => false,
    )
  }
}

function timeOf({ last_modified, fetched_at }: Kept): Date {
  const modified = new Date(last_modified ?? Number.NaN)
  return Number.isNaN(modified.getTime()) ? new Date(fetched_at) : modified
}
