import { splitWords } from './split-words.ts'

/** How much a word counts: by where it stands. */
export type Weight = 'A' | 'B' | 'C' | 'D'

const mostWords = 20_000
const mostPlaces = 200
/** PostgreSQL counts no further. */
const lastPlace = 16_383
/** Between two values, so that no phrase reaches from one into the next. */
const gap = 8

/** Collects the words of a document and writes them as a `tsvector`; words of a field stand there a second time as `field=word`. */
export class WordVector {
  readonly #places = new Map<string, string[]>()
  #place = 0
  #words = 0

  /** `fields`: the names by which a question may ask for this value alone. */
  add(text: string, weight: Weight, fields: readonly string[]): this {
    for (const { word } of splitWords(text)) {
      if (++this.#words > mostWords) break
      this.#place++
      const place = `${Math.min(this.#place, lastPlace)}${weight}`
      this.#note(word, place)
      for (const field of fields) this.#note(fieldWord(field, word), place)
    }
    this.#place += gap
    return this
  }

  #note(lexeme: string, place: string): void {
    const places = this.#places.get(lexeme)
    if (!places) this.#places.set(lexeme, [place])
    else if (places.length < mostPlaces) places.push(place)
  }

  /** Nothing in it needs escaping: words are letters and figures, fields are ours. */
  toString(): string {
    return Array.from(this.#places, ([lexeme, places]) => `'${lexeme}':${places.join(',')}`).join(' ')
  }
}

/** No word has `=` in it. */
export const fieldWord = (field: string, word: string): string => `${field.toLowerCase()}=${word}`
