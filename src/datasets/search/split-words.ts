export interface Word {
  /** As it is compared: in small letters, without accents. */
  readonly word: string
  /** Where it stands in the text, in UTF-16 units. */
  readonly start: number
  readonly end: number
}

// What is written without blanks is taken sign by sign; several of them in a row are then a phrase.
const wordPattern =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[[\p{L}\p{N}\p{M}]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]]+/gv

const longestWord = 120
/** Some signs fall apart into many; PostgreSQL takes no word of more than 2046 bytes. */
const longestFolded = 480

/** Words as the index and questions have them: runs of letters and figures, whatever stands between (`test-file_1.txt` has four). */
export function splitWords(text: string): Word[] {
  return Array.from(text.matchAll(wordPattern), ({ 0: found, index }) => ({
    word: fold(found),
    start: index,
    end: index + found.length,
  })).filter(({ word }) => word !== '')
}

/** Case and accents don't matter: `Ærø`, `MÜLLER` and `muller` each find what they should. */
const fold = (text: string): string =>
  text
    .slice(0, longestWord)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .slice(0, longestFolded)
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '')
