/** What is wrong with a name, as a sentence; null: nothing. */
type Fault = string | null

/** Clients of Dataverse know this sentence. */
const nameSentence = 'File Name cannot contain any of the following characters: \\ / : * ? " < > | ; # .'
/** Controls, line separators, and marks that turn text around: none of them can be seen, all of them mislead. */
const unseen = /[\p{Cc}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u
const mostBytes = 255
const mostDirectoryBytes = 1000

const bytesOf = (text: string): number => Buffer.byteLength(text)

/** The same letters in the same form, whatever computer they come from. */
const tidy = (text: string): string => text.normalize('NFC').trim()

/** A name as it is kept, or what is wrong with it. */
export function readName(written: string): { name: string; fault: Fault } {
  const name = tidy(written)
  return { name, fault: faultOfName(name) }
}

function faultOfName(name: string): Fault {
  if (name === '') return 'is empty'
  if (/[/\\:*?"<>|;#]/.test(name)) return nameSentence
  if (name === '.' || name === '..') return `is “${name}”, which names a directory`
  return faultOfText(name) ?? tooLong(name, mostBytes)
}

function faultOfText(text: string): Fault {
  if (!text.isWellFormed()) return 'holds half a character'
  return unseen.test(text) ? 'holds a character that cannot be seen' : null
}

const tooLong = (text: string, most: number): Fault =>
  bytesOf(text) > most ? `has ${bytesOf(text)} bytes in UTF-8; at most ${most} can be kept on every computer` : null

/**
 * A directory as it is kept (`raw/2026`; empty: top level), or what is wrong with it. Backslashes separate as slashes do;
 * slashes at its ends and steps that lead nowhere are dropped.
 */
export function readDirectory(written: string): { directory: string; fault: Fault } {
  const parts = written.normalize('NFC').replaceAll('\\', '/').split('/')
  const kept = parts.map((part) => part.trim()).filter((part) => part !== '' && part !== '.')
  const directory = kept.join('/')
  return { directory, fault: faultOfDirectory(kept, directory) }
}

function faultOfDirectory(parts: readonly string[], directory: string): Fault {
  if (parts.includes('..')) return 'leads upwards (“..”)'
  if (!/^[\p{L}\p{M}\p{N}_ ./-]*$/u.test(directory) || !directory.isWellFormed())
    return "Directory Name cannot contain invalid characters. Valid characters are letters, digits, '_', '-', '.', '\\', '/' and ' ' (white space)."
  for (const part of parts) {
    const fault = tooLong(part, mostBytes)
    if (fault) return fault
  }
  return tooLong(directory, mostDirectoryBytes)
}

/** A path such as `raw/2026/counts.csv` in its two parts, not judged yet. */
export function splitPath(path: string): { directory: string; name: string } {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return { directory: path.slice(0, Math.max(at, 0)), name: path.slice(at + 1) }
}

/** A path that was refused, for people to know it by: short, and without what cannot be seen. */
export const shownPath = (directory: string, name: string): string =>
  joinPath(directory, name).toWellFormed().replace(new RegExp(unseen.source, 'gu'), '\uFFFD').slice(0, 200)

export const joinPath = (directory: string, name: string): string => (directory === '' ? name : `${directory}/${name}`)

/**
 * Where a member of an archive goes: what the rules forbid becomes a point in directories and a line in names, so that one
 * odd name doesn't hold up a thousand others. Null: not a file of anybody's (what operating systems leave behind).
 */
export function placeOfMember(member: string): { directory: string; name: string } | null {
  const { directory, name } = splitPath(member.toWellFormed())
  if (name === '' || name.startsWith('._') || name === '.DS_Store' || /(^|\/)__MACOSX(\/|$)/.test(directory))
    return null
  const parts = directory
    .split(/[/\\]/)
    .map((part) => cut(part.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}_ .-]/gu, '.')))
  const within = parts.filter((part) => part.trim() !== '..')
  while (bytesOf(within.join('/')) > mostDirectoryBytes) within.shift()
  const plain = cut(tidy(name).replace(new RegExp(`[/\\\\:*?"<>|;#]|${unseen.source}`, 'gu'), '_'))
  return {
    directory: readDirectory(within.join('/')).directory,
    name: plain === '' || /^\.+$/.test(plain) ? `_${plain}` : plain,
  }
}

/** Before and from the last point; a point at the beginning hides a file, but ends nothing. */
export function splitName(name: string): { stem: string; ending: string } {
  const at = name.lastIndexOf('.')
  return at <= 0 || bytesOf(name.slice(at)) > 60
    ? { stem: name, ending: '' }
    : { stem: name.slice(0, at), ending: name.slice(at) }
}

/** `counts.csv`, or the first of `counts-1.csv`, `counts-2.csv`… that nobody has. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name
  const { stem, ending } = splitName(name)
  for (let count = 1; ; count++) {
    const numbered = fitting(stem, `-${count}${ending}`)
    if (!isTaken(numbered)) return numbered
  }
}

function cut(name: string): string {
  const { stem, ending } = splitName(name)
  return fitting(stem, ending)
}

/** The end says what it is, so it is kept; of what stands before, as much as there is room for. */
function fitting(stem: string, end: string): string {
  const letters = [...stem]
  let bytes = bytesOf(stem + end)
  while (bytes > mostBytes && letters.length > 0) bytes -= bytesOf(letters.pop() as string)
  return letters.join('') + end
}
