import { createHash } from 'node:crypto'
import { splitWords } from './split-words.ts'

/** How much a word counts: by where it stands. */
export type Weight = 'A' | 'B' | 'C' | 'D'

const mostWords = 20_000
/** PostgreSQL keeps no `tsvector` of 1 MiB. */
const mostBytes = 900_000
const mostPlaces = 200
const mostWeighty = 120
/** What a lexeme takes beside itself (the count of its places, and one to begin at an even address), and each place. */
const lexemeBytes = 3
const placeBytes = 2
/** PostgreSQL counts no further. */
const lastPlace = 16_383
/** Between two values, so that no phrase reaches from one into the next. */
const gap = 8

/** Collects the words of a document; words of a field stand there a second time, as words of that field. */
export class WordVector {
  readonly #places = new Map<string, string[]>()
  readonly #weighty = new Map<string, string[]>()
  #place = 0
  #words = 0
  #bytes = 0

  /** `field`: the name by which a question may ask for this value alone. */
  add(text: string, weight: Weight, field: string): this {
    for (const { word } of splitWords(text)) {
      if (++this.#words > mostWords || this.#bytes > mostBytes) break
      const place = `${Math.min(++this.#place, lastPlace)}${weight}`
      this.#bytes += note(this.#places, word, place) + note(this.#places, fieldWord(field, word), place)
      if (weight !== 'D') note(this.#weighty, word, place, mostWeighty)
    }
    this.#place += gap
    return this
  }

  /** All of them, as a `tsvector`. */
  get words(): string {
    return written(this.#places)
  }

  /** Those that count for the order of results. */
  get weighty(): string {
    return written(this.#weighty)
  }
}

/** Gives how many bytes more a `tsvector` of it takes. */
function note(places: Map<string, string[]>, lexeme: string, place: string, most = Number.POSITIVE_INFINITY): number {
  const known = places.get(lexeme)
  if (known ? known.length >= mostPlaces : places.size >= most) return 0
  if (known) {
    known.push(place)
    return placeBytes
  }
  places.set(lexeme, [place])
  return Buffer.byteLength(lexeme) + lexemeBytes + placeBytes
}

/** Nothing in it needs escaping: all are letters and figures. */
const written = (places: ReadonlyMap<string, readonly string[]>): string =>
  Array.from(places, ([lexeme, at]) => `'${lexeme}':${at.join(',')}`).join(' ')

/** A word in a field; no word has `=` in it. The field is told by three signs, as most of an index would be names else. */
export function fieldWord(field: string, word: string): string {
  let code = codes.get(field)
  if (code === undefined) {
    code = createHash('md5').update(field.toLowerCase()).digest().readUInt32BE().toString(36).slice(-3)
    if (codes.size < 1000) codes.set(field, code)
  }
  return `${code}=${word}`
}

const codes = new Map<string, string>()
