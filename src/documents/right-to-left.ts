/** Blocks of scripts that are written from right to left: Hebrew, Arabic, Syriac, Thaana, N’Ko, the old ones, Adlam and others. */
const blocks = '[\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufeff\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}]'

const any = new RegExp(blocks, 'u')

/** What may go either way (per cent, ornaments, numerals that are no digits) and is one script's own. */
const signs = /(?![\p{Script=Common}\p{Script=Inherited}])[\p{P}\p{S}\p{Nl}\p{No}]/gu

/** Marks of one script where no letter of that direction bears them, as one of its first few. */
const stray = (inside: string) =>
  new RegExp(`(?!\\p{Script=Inherited})${inside}(?<!${inside}\\p{L}\\p{M}{0,8})\\p{Mn}\\p{M}*`, 'gu')
const strayMarks = [stray(`(?=${blocks})`), stray(`(?!${blocks})`)]

/**
 * Some signs go from right to left or the other way, as what stands around them. Where that is not as their own script goes,
 * Typst has aborted, so at “٥٪ (x)”: it shapes them by their script, and slices the text by the line's direction. So each
 * is told to go as its script does, and marks that stand on no letter of theirs go; signs of scripts that we have no font
 * for are boxes here already.
 */
export function directed(text: string): string {
  if (!any.test(text)) return text
  return strayMarks
    .reduce((rest, marks) => rest.replace(marks, ''), text)
    .replace(signs, (sign) => {
      if (!any.test(sign)) return `\u200e${sign}\u200e`
      return hasFont.test(sign) ? `\u200f${sign}\u200f` : '□'
    })
}

const hasFont = /[\p{Script=Arabic}\p{Script=Hebrew}]/u
