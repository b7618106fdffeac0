import type { Sought } from './read-question.ts'
import type { Snippet } from './search-ask.ts'
import { splitWords, type Word } from './split-words.ts'

const before = 60
const longest = 240

/** The pieces of a text in which what was sought stands, with its places; none where it does not. */
export function markWords(text: string, sought: readonly Sought[], most = 3): Snippet[] {
  const words = splitWords(text)
  const marks = marksIn(words, sought)
  const snippets: Snippet[] = []
  let at = 0
  while (at < marks.length && snippets.length < most) {
    const [first, end] = marks[at]!
    const from = whole(text, wordStart(words, Math.max(0, first - before)))
    const to = whole(text, wordEnd(words, Math.max(end, Math.min(text.length, from + longest)), text.length))
    const inside: [number, number][] = []
    for (; at < marks.length && marks[at]![0] < to; at++)
      inside.push([marks[at]![0] - from, Math.min(marks[at]![1], to) - from])
    snippets.push({ text: text.slice(from, to), marks: inside })
  }
  return snippets
}

/** Not in the middle of a word. */
const wordStart = (words: readonly Word[], place: number): number =>
  place === 0 ? 0 : near(place, words.find((word) => word.end > place)?.start)

const wordEnd = (words: readonly Word[], place: number, length: number): number =>
  place >= length ? length : near(place, words.find((word) => word.start < place && word.end > place)?.end)

/** Words longer than this are cut. */
const longestWord = 40

const near = (place: number, better = place): number => (Math.abs(better - place) > longestWord ? place : better)

/** Not in the middle of a sign of two units. */
const whole = (text: string, place: number): number => (/[\udc00-\udfff]/.test(text[place] ?? '') ? place + 1 : place)

/** In order and not overlapping. */
function marksIn(words: readonly Word[], sought: readonly Sought[]): [number, number][] {
  const marked = new Set<number>()
  for (let i = 0; i < words.length; i++)
    for (const one of sought) if (standsAt(words, i, one)) for (let n = 0; n < one.words.length; n++) marked.add(i + n)
  return [...marked].sort((a, b) => a - b).map((i) => [words[i]!.start, words[i]!.end])
}

function standsAt(words: readonly Word[], at: number, { words: row, open }: Sought): boolean {
  return row.every((word, n) => {
    const there = words[at + n]?.word
    return open && n === row.length - 1 ? (there?.startsWith(word) ?? false) : there === word
  })
}
