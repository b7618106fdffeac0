import path from 'node:path'

const longestStem = 120
/** Disks count bytes, 255 of them at most: what makes a name unique and the extension come on top. */
const mostBytes = 220
/** Of a title, however much else is to be named. */
const leastTitle = 20

/** Names hold what people wrote (titles of reports, values of dimensions), but nothing that leads elsewhere. */
export function fileName(title: string, others: readonly string[], extension: string): string {
  const rest = plainOf(others.join(' '))
  // What tells it from other files stands behind the title, so the title gives way.
  const room = Math.max(leastTitle, longestStem - [...rest].length - 1)
  const bytes = Math.max(leastTitle * 4, mostBytes - Buffer.byteLength(rest) - 1)
  const stem = plainOf(`${cut(plainOf(title), room, bytes)} ${rest}`).replace(/^\.+/, '')
  return `${cut(stem, longestStem) || 'report'}.${extension}`
}

/** The name, or one made from it that nothing was called before. */
export type UniqueName = (name: string) => string

/** Names for files that may come into one folder, which need not tell small letters from capitals. */
export function uniqueNames(): UniqueName {
  const taken = new Set<string>()
  return (name) => {
    const { name: stem, ext } = path.parse(name)
    for (let count = 1; ; count++) {
      const unique = count === 1 ? name : `${stem} (${count})${ext}`
      const folded = unique.normalize().toLowerCase()
      if (taken.has(folded)) continue
      taken.add(folded)
      return unique
    }
  }
}

/** Without controls, separators, and marks that turn text around. */
const plainOf = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029/\\:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()

function cut(text: string, longest: number, bytes = mostBytes): string {
  let kept = ''
  let [letters, room] = [longest, bytes]
  for (const letter of text) {
    room -= Buffer.byteLength(letter)
    if (letters-- === 0 || room < 0) break
    kept += letter
  }
  return kept.trim()
}
