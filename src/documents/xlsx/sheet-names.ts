/** Names that every spreadsheet takes: short, without the letters of references, and no two alike. */
export function sheetNames(wanted: readonly string[], taken: readonly string[] = []): string[] {
  const used = new Set([...taken, 'History'].map((name) => name.toLowerCase()))
  return wanted.map((title) => {
    const base =
      title
        .toWellFormed()
        .replace(/[\\/?*[\]:]/g, ' ')
        .replace(/[\p{Cc}\p{Cf}\p{Cs}\ufffe\uffff]/gu, '')
        .replace(/\s+/g, ' ')
        .replace(/^[' ]+|[' ]+$/g, '') || 'Table'
    for (let i = 1; ; i++) {
      const end = i === 1 ? '' : ` (${i})`
      const name = head(base, 31 - end.length).replace(/[' ]+$/, '') + end
      if (used.has(name.toLowerCase())) continue
      used.add(name.toLowerCase())
      return name
    }
  })
}

/** So many units of UTF-16 at most, never half a letter. */
function head(text: string, most: number): string {
  const cut = text.slice(0, most)
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut
}

/** As it stands in a reference. */
export const quotedName = (name: string): string => `'${name.replaceAll("'", "''")}'`
