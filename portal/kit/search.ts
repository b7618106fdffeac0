/**
 * The part of an address behind the question mark, as plain words: `metrics=a,b&filter=x:1&filter=y:2`. What stands
 * there is text, a list of texts where a word comes several times, and nothing else; pages make sense of it themselves.
 */
export type Search = Record<string, string | string[]>

export function readSearch(text: string): Search {
  const search: Search = {}
  for (const [key, value] of new URLSearchParams(text)) {
    // A word that objects bring along themselves is none of a page's.
    if (key in Object.prototype) continue
    const before = search[key]
    search[key] = before === undefined ? value : [...[before].flat(), value]
  }
  return search
}

/** Commas and colons stay as they are, so that people can read the address; they mean nothing there. */
export function writeSearch(search: Record<string, unknown>): string {
  const words = new URLSearchParams()
  for (const [key, value] of Object.entries(search))
    for (const one of [value].flat()) if (one !== undefined && one !== null) words.append(key, String(one))
  const text = words.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
  return text === '' ? '' : `?${text}`
}
