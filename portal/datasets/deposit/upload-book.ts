import type { UploadItem, UploadItems } from './upload-items.ts'

type State = UploadItem['state']

/** All uploads by their keys, changed in place: of ten thousand, each step looks at its own alone. */
export interface UploadBook {
  /** As they are now; what comes later is seen in it. */
  readonly items: UploadItems
  put(items: Iterable<UploadItem>): void
  change(key: string, what: Partial<UploadItem>): void
  remove(keys: readonly string[]): void
  count(...states: readonly State[]): number
  /** The first so many in that state, those first that came into it first. */
  first(state: State, most?: number): UploadItem[]
}

export function openBook(first: UploadItems): UploadBook {
  const items = new Map<string, UploadItem>()
  const byState = new Map<State, Set<string>>()
  const keysIn = (state: State): Set<string> => {
    const keys = byState.get(state) ?? new Set()
    byState.set(state, keys)
    return keys
  }
  const putOne = (item: UploadItem) => {
    const before = items.get(item.key)
    if (before && before.state !== item.state) keysIn(before.state).delete(item.key)
    items.set(item.key, item)
    keysIn(item.state).add(item.key)
  }
  for (const item of first.values()) putOne(item)
  return {
    items,
    put(many) {
      for (const item of many) putOne(item)
    },
    change(key, what) {
      const item = items.get(key)
      if (item) putOne({ ...item, ...what })
    },
    remove(keys) {
      for (const key of keys) {
        const item = items.get(key)
        if (!item) continue
        keysIn(item.state).delete(key)
        items.delete(key)
      }
    },
    count: (...states) => states.reduce((sum, state) => sum + keysIn(state).size, 0),
    first(state, most = Number.POSITIVE_INFINITY) {
      const found: UploadItem[] = []
      for (const key of keysIn(state)) {
        if (found.length >= most) break
        found.push(items.get(key)!)
      }
      return found
    },
  }
}
