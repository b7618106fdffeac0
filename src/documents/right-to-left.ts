/** Blocks of scripts that are written from right to left: Hebrew, Arabic, Syriac, Thaana, N’Ko, the old ones, Adlam and others. */
const blocks = '\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufeff\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}'

/** Signs of these scripts (per cent, per mille, ornaments), not those that all scripts share. */
const signs = new RegExp(`(?!\\p{Script=Common})(?=[${blocks}])[\\p{P}\\p{S}]`, 'gu')

/** Their marks where no letter of theirs bears them. */
const strayMarks = new RegExp(`(?<![${blocks}])(?:(?!\\p{Script=Inherited})(?=[${blocks}])\\p{M})+`, 'gu')

/**
 * Signs of scripts from right to left go either way, as what stands around them. Where that was left to right, Typst
 * has aborted at “٥٪ (x)”: it shapes them by their script, and slices the text by the line's direction. So each is told
 * to go as its script does; those of scripts that we have no font for are boxes here already.
 */
export const directed = (text: string): string =>
  text.replace(strayMarks, '').replace(signs, (sign) => (hasFont.test(sign) ? `\u200f${sign}\u200f` : '□'))

const hasFont = /[\p{Script=Arabic}\p{Script=Hebrew}]/u
