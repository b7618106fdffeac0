/**
 * Text from data, as a typesetter and an XML file take it: controls, marks that turn the line around (U+202E has made the
 * typesetter abort), lone surrogates and what is no character at all are gone; line ends are `\n`.
 */
export const cleanText = (text: string): string => (ordinary.test(text) ? text : cleaned(text))

/** Nearly all that there is in tables. */
const ordinary = /^[ -~]*$/

const cleaned = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, '')
    .normalize('NFC')

/** In one line, for heads and names. */
export const cleanLine = (text: string): string => cleanText(text).replace(/\s+/g, ' ').trim()

/**
 * For texts in pictures: also without accents that no letter has taken in. Two of them whose shapes are in different
 * fonts have sent the reader of SVG round in circles for ever.
 */
export const drawable = (text: string): string => cleanLine(text).replace(/\p{Script=Inherited}/gu, '')

/** So many characters at most, never half of one; the last is a mark where some are missing. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  const end = text.charCodeAt(most - 2)
  return `${text.slice(0, end >= 0xd800 && end <= 0xdbff ? most - 2 : most - 1)}…`
}
