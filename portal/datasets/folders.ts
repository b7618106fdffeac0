/** A directory that holds files itself, as the server counts them. */
export interface Directory {
  readonly directory: string
  readonly count: number
  readonly bytes: number
}

/** What can be opened next: a directory with all that lies in it and below. */
export interface Folder {
  readonly name: string
  readonly path: string
  readonly count: number
  readonly bytes: number
}

/** The folders directly in a directory; empty text: at the top. */
export function foldersIn(directories: readonly Directory[], at: string): Folder[] {
  const start = at === '' ? '' : `${at}/`
  const found = new Map<string, Folder>()
  for (const { directory, count, bytes } of directories) {
    if (!directory.startsWith(start) || directory === at) continue
    const name = directory.slice(start.length).split('/', 1)[0] ?? ''
    if (name === '') continue
    const before = found.get(name)
    found.set(name, {
      name,
      path: start + name,
      count: count + (before?.count ?? 0),
      bytes: bytes + (before?.bytes ?? 0),
    })
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

/** The way to a directory: each step with its own path. */
export function stepsTo(directory: string): { readonly name: string; readonly path: string }[] {
  if (directory === '') return []
  const names = directory.split('/')
  return names.map((name, at) => ({ name, path: names.slice(0, at + 1).join('/') }))
}
