import type { DraftRecipient } from './draft.ts'

export interface ReadRecipients {
  readonly recipients: readonly DraftRecipient[]
  /** Lines that no address could be read from, as they stand there. */
  readonly refused: readonly { readonly line: number; readonly text: string }[]
  /** How many were named more than once; once is enough. */
  readonly doubles: number
}

const address = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$/
const named = /^"?([^"<]*?)"?\s*<([^<>]+)>$/

/**
 * What was pasted as recipients: a mail address a line, with a name and values of their own after it, as CSV has it; or
 * addresses in a row, as mail programs write them. A first line without an address is a head.
 */
export function readRecipients(text: string): ReadRecipients {
  const found = new Map<string, DraftRecipient>()
  const refused: { line: number; text: string }[] = []
  let doubles = 0
  const add = (recipient: DraftRecipient) => {
    const key = (recipient.address ?? '').toLowerCase()
    const before = found.get(key)
    if (before) doubles++
    // In a list of values a person may have several lines.
    found.set(key, before ? { ...before, values: union(before.values, recipient.values) } : recipient)
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n?|\n/)
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const cells = cellsOf(line.replace(/[;,\s]+$/, ''))
    const read = cells.map(readAddress)
    const many = read.filter((one) => one !== null)
    if (many.length === 0) {
      if (index > 0 || !/mail|address/i.test(line)) refused.push({ line: index + 1, text: line.trim().slice(0, 120) })
    } else if (many.length > 1) for (const one of many) add({ account: null, values: [], ...one })
    else {
      const at = read.findIndex((one) => one !== null)
      const [next = '', ...values] = cells.filter((_, cell) => cell !== at)
      const own = many[0]!
      add({
        account: null,
        address: own.address,
        name: own.name !== own.address ? own.name : next || own.address,
        values: values.flatMap((each) => each.split('|')).flatMap((each) => each.trim() || []),
      })
    }
  }
  return { recipients: [...found.values()], refused, doubles }
}

function readAddress(cell: string): { name: string; address: string } | null {
  const [, name = '', inside = ''] = named.exec(cell) ?? []
  const candidate = (inside || cell).trim()
  return address.test(candidate) ? { name: name.trim() || candidate, address: candidate } : null
}

/** The cells of a line of CSV, parted by whichever of comma, semicolon and tab it uses; quotes are taken off. */
function cellsOf(line: string): string[] {
  const mark = [',', ';', '\t'].reduce((best, each) =>
    line.split(each).length > line.split(best).length ? each : best,
  )
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (const sign of line) {
    if (sign === '"') quoted = !quoted
    else if (sign === mark && !quoted) {
      cells.push(cell.trim())
      cell = ''
    } else cell += sign
  }
  return [...cells, cell.trim()]
}

const union = (one: readonly string[], other: readonly string[]): string[] => [...new Set([...one, ...other])]

/** Two lists as one, each person once. */
export function withRecipients(
  before: readonly DraftRecipient[],
  added: readonly DraftRecipient[],
): readonly DraftRecipient[] {
  const keys = new Set(before.map(keyOf))
  return [...before, ...added.filter((each) => !keys.has(keyOf(each)))]
}

/** Tells recipients apart. */
export const keyOf = ({ account, address: at }: DraftRecipient): string => account ?? (at ?? '').toLowerCase()
