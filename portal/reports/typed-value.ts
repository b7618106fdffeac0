/** What people fill in, in the words of a report's definition. */
export type TypedKind = 'text' | 'number' | 'checkbox' | 'date'
export type TypedValue = string | number | boolean | null

/** What was meant, or what is wrong with it in a sentence. */
export type Typed = { readonly value: TypedValue } | { readonly complaint: string }

/** Reads what was typed or pasted into a cell; nothing at all empties it. */
export function readTyped(kind: TypedKind, text: string): Typed {
  const trimmed = text.trim()
  if (trimmed === '') return { value: kind === 'checkbox' ? false : null }
  if (kind === 'text') return { value: text }
  if (kind === 'number') return readNumber(trimmed)
  return kind === 'date' ? readDay(trimmed) : readTick(trimmed)
}

/** Thousands may be set apart by commas or blanks; one comma that can't be of thousands is a decimal one. */
function readNumber(text: string): Typed {
  const bare = text.replace(/[\s'’]+/g, '').replace(/^−/, '-')
  const plain = /^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare)
    ? bare.replaceAll(',', '')
    : /^[-+]?\d*,\d+$/.test(bare)
      ? bare.replace(',', '.')
      : bare
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN
  return Number.isFinite(value) ? { value } : { complaint: `“${text}” is no number. Write it like 1234.5.` }
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Days in forms that mean one day only: which of two small numbers is the month nobody can tell. */
function readDay(text: string): Typed {
  const complaint = `“${text}” is no day that is clear to everybody. Write it like 2026-11-29.`
  const parts =
    /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[T ].*)?$/.exec(text)?.groups ??
    /^(?<day>\d{1,2})\.\s*(?<month>\d{1,2})\.\s*(?<year>\d{4})$/.exec(text)?.groups ??
    /^(?<day>\d{1,2})\.? (?<name>[a-z]{3})[a-z]*\.?,? (?<year>\d{4})$/i.exec(text)?.groups ??
    /^(?<name>[a-z]{3})[a-z]*\.? (?<day>\d{1,2}),? (?<year>\d{4})$/i.exec(text)?.groups
  if (!parts) return { complaint }
  const month = parts.name ? months.indexOf(parts.name.toLowerCase()) + 1 : Number(parts.month)
  const [year, day] = [Number(parts.year), Number(parts.day)]
  const date = new Date(Date.UTC(year, month - 1, day))
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return isReal ? { value: date.toISOString().slice(0, 10) } : { complaint }
}

function readTick(text: string): Typed {
  const word = text.toLowerCase()
  if (['true', 'yes', 'y', 'x', '1', '✓', '☑'].includes(word)) return { value: true }
  if (['false', 'no', 'n', '0', '-', '–', '☐'].includes(word)) return { value: false }
  return { complaint: `“${text}” is neither yes nor no.` }
}
