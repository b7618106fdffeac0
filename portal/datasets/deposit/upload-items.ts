/** A file on its way into a dataset. */
export interface UploadItem {
  /** Names it in this browser: where it goes to, and which file it is. */
  readonly key: string
  readonly name: string
  /** Without slashes at its ends; empty: the top level. */
  readonly directory: string
  readonly bytes: number
  readonly sent: number
  /**
   * `waiting`, `sending`, `sent` and `adding` go on by themselves; `failed` could not be sent and is tried again; `paused`
   * waits for its person; `lost`: the page was loaded anew, and must be given the file again; `refused` needs something
   * else.
   */
  readonly state: 'waiting' | 'sending' | 'paused' | 'failed' | 'lost' | 'sent' | 'adding' | 'refused' | 'done'
  /** The server's id of what was sent, once it is all there. */
  readonly upload: string | null
  /** Of a ZIP: takes it apart, rather than keeping it as one file. */
  readonly unpack: boolean
  /** The number of the file whose place it takes. */
  readonly replaces: number | null
  readonly complaint: string | null
}

export type UploadItems = ReadonlyMap<string, UploadItem>

/** What somebody chose or dropped. */
export interface Chosen {
  readonly name: string
  readonly directory: string
  readonly bytes: number
  readonly modified: number
}

/** The same file in the same place: given again, it goes on where it stopped. */
export const keyOfChosen = ({ name, directory, bytes, modified }: Chosen): string =>
  `${directory === '' ? '' : `${directory}/`}${name} ${bytes} ${modified}`

export interface Placement {
  readonly unpack?: boolean
  readonly replaces?: number | null
  readonly name?: string
}

/** Takes in what was chosen; what is on its way already goes on. */
export function chosen(items: UploadItems, files: readonly (Chosen & Placement)[]): UploadItems {
  const next = new Map(items)
  for (const file of files) {
    const key = keyOfChosen(file)
    const before = next.get(key)
    if (before && !['lost', 'failed', 'refused', 'done', 'paused'].includes(before.state)) continue
    next.set(key, {
      key,
      name: file.name,
      directory: file.directory,
      bytes: file.bytes,
      sent: before && before.state !== 'done' ? before.sent : 0,
      state: 'waiting',
      upload: null,
      unpack: file.unpack ?? before?.unpack ?? false,
      replaces: file.replaces ?? before?.replaces ?? null,
      complaint: null,
    })
  }
  return next
}

export function changed(items: UploadItems, key: string, change: Partial<UploadItem>): UploadItems {
  const item = items.get(key)
  return item ? new Map(items).set(key, { ...item, ...change }) : items
}

export function without(items: UploadItems, keys: readonly string[]): UploadItems {
  const next = new Map(items)
  for (const key of keys) next.delete(key)
  return next
}

/** The next to send, so that no more than so many are on their way at once. */
export function nextToSend(items: UploadItems, most: number): UploadItem[] {
  const all = [...items.values()]
  const underWay = all.filter(({ state }) => state === 'sending').length
  return all.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, most - underWay))
}

/** What a page that was loaded anew finds kept: what had all been sent goes on, for the rest the files are needed again. */
export function revived(kept: readonly UploadItem[]): UploadItems {
  const items = kept.flatMap((item): UploadItem[] => {
    if (item.state === 'done') return []
    if (item.upload !== null && (item.state === 'sent' || item.state === 'adding')) return [{ ...item, state: 'sent' }]
    return [item.state === 'refused' ? item : { ...item, state: 'lost', complaint: null }]
  })
  return new Map(items.map((item) => [item.key, item]))
}

export interface UploadCounts {
  readonly total: number
  readonly done: number
  readonly underWay: number
  readonly paused: number
  /** Failed, lost or refused: somebody has to look. */
  readonly open: number
  readonly bytes: number
  readonly sentBytes: number
}

export function countsOf(items: UploadItems): UploadCounts {
  const all = [...items.values()]
  const count = (...states: UploadItem['state'][]) => all.filter(({ state }) => states.includes(state)).length
  return {
    total: all.length,
    done: count('done'),
    underWay: count('waiting', 'sending', 'sent', 'adding'),
    paused: count('paused'),
    open: count('failed', 'lost', 'refused'),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    sentBytes: all.reduce((sum, { bytes, sent, state }) => sum + (isSent(state) ? bytes : sent), 0),
  }
}

const isSent = (state: UploadItem['state']): boolean => ['sent', 'adding', 'done'].includes(state)

/** `data/raw` of `/data//raw/`; what leads up or nowhere is left out. */
export const cleanDirectory = (path: string): string =>
  path
    .split(/[/\\]/)
    // What can't stand there becomes a point, as in the names of folders in a ZIP.
    .map((part) =>
      part
        .normalize('NFC')
        .replace(/[^\p{L}\p{M}\p{N}_ .-]/gu, '.')
        .trim(),
    )
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/')

/** Where a file that came in a folder belongs: all of its path but its own name. */
export const directoryOf = (relativePath: string): string =>
  cleanDirectory(relativePath.split('/').slice(0, -1).join('/'))

/** As a file can be called here: signs that some computers give a meaning of their own become a line. */
export const keptName = (name: string): string => name.normalize('NFC').replace(/[/\\:*?"<>|;#]/g, '_')

export const isZip = (name: string): boolean => /\.zip$/i.test(name)

/** What systems leave in folders, and nobody means to deposit. */
export const isLitter = (name: string): boolean => /^(\.DS_Store|Thumbs\.db|desktop\.ini|\._.*)$/i.test(name)
