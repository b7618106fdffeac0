/** One `key = value` line with the section it stands in. */
export interface IniEntry {
  readonly section: string
  readonly key: string
  readonly value: string
  readonly line: number
}

export interface IniFault {
  readonly line: number
  /** What is wrong and what to write instead. */
  readonly detail: string
}

const keyPattern = /^[A-Za-z0-9_.\-[\]]+$/

/**
 * Reads INI text with the habits of PHP's `parse_ini_file`, as administrators of XDMoD know them: `[section]`, `key =
 * value`, `;` comments, values in double quotes (`\"` and `\\` escape, real line breaks allowed) or single quotes
 * (verbatim). Stricter in what would go wrong unseen: text outside a section, after a closing quote, or without `=`
 * is a fault, with its line. Never throws; a faulty line doesn't hide the others.
 */
export function parseIni(source: string): {
  entries: IniEntry[]
  sections: { name: string; line: number }[]
  faults: IniFault[]
} {
  const lines = source.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const entries: IniEntry[] = []
  const sections: { name: string; line: number }[] = []
  const faults: IniFault[] = []
  let section: string | null = null

  for (let at = 0; at < lines.length; at++) {
    const line = at + 1
    const written = (lines[at] ?? '').trim()
    if (written === '' || written.startsWith(';')) continue
    if (written.startsWith('#')) {
      faults.push({ line, detail: 'begins with #, which does not start a comment here; write ; instead' })
      continue
    }
    if (written.startsWith('[')) {
      const name = /^\[\s*([^\]\r\n]*?)\s*\]\s*(?:;.*)?$/.exec(written)?.[1]
      if (name) sections.push({ name, line })
      else faults.push({ line, detail: 'is not a section heading; write e.g. [general]' })
      section = name ?? null
      continue
    }
    const equals = written.indexOf('=')
    const key = equals < 0 ? written : written.slice(0, equals).trim()
    if (equals < 0 || !keyPattern.test(key)) {
      faults.push({ line, detail: 'is neither a [section], a key = value nor a ; comment' })
      continue
    }
    const rest = [(lines[at] ?? '').replace(/^[^=]*=\s*/, ''), ...lines.slice(at + 1)]
    const read = readValue(rest)
    if ('fault' in read) {
      faults.push({ line, detail: `${key}: ${read.fault}` })
      continue
    }
    at += read.moreLines
    if (section === null)
      faults.push({ line, detail: `${key} stands before any [section]; write its section's heading above it` })
    else entries.push({ section, key, value: read.value, line })
  }
  return { entries, sections, faults }
}

type Value = { value: string; moreLines: number } | { fault: string }

/** The value that begins `lines[0]` and may, in quotes, run on over the next ones. */
function readValue(lines: readonly string[]): Value {
  const first = lines[0] ?? ''
  const quote = first[0]
  if (quote !== '"' && quote !== "'") return { value: first.replace(/;.*$/, '').trim(), moreLines: 0 }

  let value = ''
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    for (let i = at === 0 ? 1 : 0; i < line.length; i++) {
      const char = line[i]
      const next = line[i + 1]
      if (char === '\\' && quote === '"' && (next === '"' || next === '\\')) {
        value += next
        i++
      } else if (char === quote) {
        const after = line.slice(i + 1).trim()
        if (after === '' || after.startsWith(';')) return { value, moreLines: at }
        return { fault: `has text after its closing quote; put all of it in quotes, and write \\" for a quote within` }
      } else value += char
    }
    value += '\n'
  }
  return { fault: `has an opening ${quote} that is never closed; close it` }
}
