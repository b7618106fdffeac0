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

/** What was chosen, as it comes to the others; what is on its way already goes on, and is left out. */
export function chosen(items: UploadItems, files: readonly (Chosen & Placement)[]): UploadItem[] {
  return files.flatMap((file): UploadItem[] => {
    const key = keyOfChosen(file)
    const before = items.get(key)
    if (before && !['lost', 'failed', 'refused', 'done', 'paused'].includes(before.state)) return []
    return [
      {
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
      },
    ]
  })
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
  /** Cut off, and tried again by themselves. */
  readonly failed: number
  /** Cut off when the page was closed. */
  readonly lost: number
  readonly refused: number
  readonly bytes: number
  readonly sentBytes: number
}

export function countsOf(items: UploadItems): UploadCounts {
  const counts = { total: items.size, done: 0, underWay: 0, paused: 0, failed: 0, lost: 0, refused: 0 }
  let [all, arrived] = [0, 0]
  for (const { state, bytes, sent } of items.values()) {
    counts[isUnderWay(state) ? 'underWay' : state]++
    all += bytes
    arrived += isSent(state) ? bytes : sent
  }
  return { ...counts, bytes: all, sentBytes: arrived }
}

type UnderWay = 'waiting' | 'sending' | 'sent' | 'adding'

const isUnderWay = (state: UploadItem['state']): state is UnderWay =>
  state === 'waiting' || state === 'sending' || state === 'sent' || state === 'adding'

const isSent = (state: UploadItem['state']): boolean => state === 'sent' || state === 'adding' || state === 'done'

const needsLook: readonly UploadItem['state'][] = ['refused', 'lost', 'failed']

/** As a list shows them: what is done is left out, and what somebody has to look at comes before what goes on by itself. */
export function listed(items: UploadItems): UploadItem[] {
  const open = [...items.values()].filter(({ state }) => state !== 'done')
  const isFirst = ({ state }: UploadItem): boolean => needsLook.includes(state)
  return [...open.filter(isFirst), ...open.filter((item) => !isFirst(item))]
}

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
