interface Day {
  readonly date: string
  readonly label: string
}

/** Days as people write them, one a line: "2026-12-25 Christmas". */
export const writeDays = (days: readonly Day[]): string =>
  days.map(({ date, label }) => `${date} ${label}`.trim()).join('\n')

/** The same backwards; a line that begins with no day is named by its number. */
export function readDays(text: string): { readonly days: readonly Day[]; readonly wrong: readonly number[] } {
  const days: Day[] = []
  const wrong: number[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const [, date, label = ''] = /^\s*(\d{4}-\d{2}-\d{2})(?:[\s,;]+(.*))?$/.exec(line) ?? []
    if (date === undefined || !isDay(date)) wrong.push(index + 1)
    else days.push({ date, label: label.trim() })
  }
  return { days, wrong }
}

const isDay = (text: string): boolean => {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
