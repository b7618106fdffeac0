/** Least recently used answers, up to so many bytes. Keys name the snapshot, so nothing here can ever be out of date. */
export interface ResultCache<T> {
  get(key: string): T | undefined
  set(key: string, value: T, bytes: number): void
  readonly bytes: number
}

export function makeResultCache<T>(limitBytes: number): ResultCache<T> {
  // A Map keeps insertion order, so its first entry is the one unused for longest.
  const entries = new Map<string, { value: T; bytes: number }>()
  let held = 0
  const drop = (key: string) => {
    held -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
  }
  return {
    get(key) {
      const entry = entries.get(key)
      if (!entry) return undefined
      entries.delete(key)
      entries.set(key, entry)
      return entry.value
    },
    set(key, value, bytes) {
      drop(key)
      // One answer must not push out all others.
      if (bytes > limitBytes / 4) return
      entries.set(key, { value, bytes })
      held += bytes
      for (const oldest of entries.keys()) {
        if (held <= limitBytes) break
        drop(oldest)
      }
    },
    get bytes() {
      return held
    },
  }
}
