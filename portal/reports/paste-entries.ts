import type { ShownCell } from './cell-words.ts'
import type { Entry } from './drafts.ts'
import type { GridColumn } from './grid-columns.ts'
import type { Choice, InputState, RowKey, TableRow } from './report-data.ts'
import { readTyped } from './typed-value.ts'

interface PasteAsk {
  /** From the cell that is pasted at to the right, and downwards. */
  readonly columns: readonly (GridColumn | null)[]
  readonly rows: readonly TableRow[]
  readonly cellOf: (row: TableRow, column: GridColumn & { kind: 'input' }) => ShownCell
  readonly findOption: (column: InputState, row: RowKey, text: string) => Promise<Choice | null>
}

export interface Pasted {
  readonly entries: readonly Entry[]
  /** Cells that are not to be filled in, or not by whom it is. */
  readonly passedOver: number
  /** Cells for which the table has no place. */
  readonly beyond: number
}

/** What pasted cells mean in the cells that they come to stand in. What makes no sense there is kept as it is, and said. */
export async function pasteEntries(pasted: readonly (readonly string[])[], ask: PasteAsk): Promise<Pasted> {
  const entries: Entry[] = []
  let [passedOver, beyond] = [0, 0]
  for (const [down, texts] of pasted.entries()) {
    const row = ask.rows[down]
    for (const [along, text] of texts.entries()) {
      const column = ask.columns[along]
      if (row === undefined || column === undefined) beyond += 1
      else if (column?.kind !== 'input' || !column.input.may_input || row.key === null) passedOver += 1
      else {
        const { version } = ask.cellOf(row, column)
        const written = await meantBy(column.input, row.key, text, ask.findOption)
        entries.push({ row: row.key, column: column.input.id, version, ...written })
      }
    }
  }
  return { entries, passedOver, beyond }
}

type Value = Pick<Entry, 'value' | 'choices' | 'unclear'>

async function meantBy(
  column: InputState,
  row: RowKey,
  text: string,
  findOption: PasteAsk['findOption'],
): Promise<Value> {
  const unclear = (complaint: string): Value => ({ value: null, unclear: { text, complaint } })
  const { type } = column
  if (type !== 'person' && type !== 'single_select' && type !== 'multi_select') {
    const typed = readTyped(type, text)
    if ('complaint' in typed) return unclear(typed.complaint)
    if (typeof typed.value === 'string' && column.max_length !== null && typed.value.length > column.max_length)
      return unclear(`There is room for ${column.max_length} characters; these are ${typed.value.length}.`)
    return { value: typed.value }
  }
  const words = type === 'multi_select' ? splitWords(text) : [text.trim()].filter((word) => word !== '')
  const choices: Choice[] = []
  for (const word of words) {
    const choice = await findOption(column, row, word)
    if (choice === null) return unclear(`“${word}” is not among the options of ${column.label} here.`)
    if (!choices.some(({ id }) => id === choice.id)) choices.push(choice)
  }
  const ids = choices.map(({ id }) => id)
  return { value: type === 'multi_select' ? ids : (ids[0] ?? null), choices }
}

const splitWords = (text: string): string[] =>
  text
    .split(/[,;\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')

/** What became of what was pasted, in a sentence. */
export function pastedWords({ entries, passedOver, beyond }: Pasted): string {
  const unclear = entries.filter((entry) => entry.unclear).length
  const notes = [
    unclear > 0 && `${unclear} could not be understood and wait for other words`,
    passedOver > 0 && `${passedOver} fell on cells that you don’t fill in`,
    beyond > 0 && `${beyond} reached beyond the table`,
  ].filter(Boolean)
  const cells = entries.length === 1 ? '1 cell' : `${entries.length} cells`
  return `Pasted into ${cells}${notes.length === 0 ? '' : `; ${notes.join(', ')}`}.`
}
