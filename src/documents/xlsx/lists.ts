import { cellXml, most } from './cells.ts'
import { quotedName } from './sheet-names.ts'
import { columnLetters, sheetStart } from './xml-text.ts'

/** Choices that are too long, or too odd, to stand in the rule itself: columns of a hidden sheet, each under a name. */
export interface Lists {
  /** What a rule has to say to offer these; null where there are none. */
  formulaOf(labels: readonly string[]): string | null
  readonly names: () => readonly { readonly name: string; readonly reference: string }[]
  readonly sheet: () => Iterable<string>
}

export function openLists(sheetName: string): Lists {
  const lists = new Map<string, readonly string[]>()
  const nameAt = (i: number): string => `Choices_${i + 1}`
  return {
    formulaOf(labels) {
      const all = [...new Set(labels.filter((label) => label !== ''))].slice(0, most.rows)
      if (all.length === 0) return null
      const inline = all.join(',')
      // A comma parts choices there, blanks at their ends are lost, and more than 255 characters break the file.
      if (inline.length <= 250 && all.every((label) => !/[,"\n\r\p{Cc}]|^[\s=]|\s$/u.test(label))) return `"${inline}"`
      const key = JSON.stringify(all)
      if (!lists.has(key)) lists.set(key, all)
      return nameAt([...lists.keys()].indexOf(key))
    },
    names: () =>
      [...lists.values()].map((all, i) => {
        const letters = columnLetters(i)
        return { name: nameAt(i), reference: `${quotedName(sheetName)}!$${letters}$1:$${letters}$${all.length}` }
      }),
    *sheet() {
      const columns = [...lists.values()]
      yield `${sheetStart}<sheetData>`
      const longest = Math.max(0, ...columns.map((all) => all.length))
      for (let r = 0; r < longest; r++) {
        const cells = columns.map((all, i) =>
          r < all.length ? cellXml(`${columnLetters(i)}${r + 1}`, all[r]!, 0, 0) : '',
        )
        yield `<row r="${r + 1}">${cells.join('')}</row>`
      }
      yield '</sheetData></worksheet>'
    },
  }
}
