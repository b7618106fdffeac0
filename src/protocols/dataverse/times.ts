/** `2026-11-22T14:30:12Z`: UTC to the second, as nearly all of the protocol writes moments. */
export const writeTime = (moment: Date): string => `${moment.toISOString().slice(0, 19)}Z`

/** `2026-11-22`, in UTC. */
export const writeDay = (moment: Date): string => moment.toISOString().slice(0, 10)

/** `2026-11-22 14:30:12.345` in a zone, without a mark of it: of tokens, locks and people. Clients split it at its space. */
export function writeSqlTime(moment: Date, timeZone: string): string {
  const parts = formatOf(timeZone).formatToParts(moment)
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? ''
  const day = `${part('year')}-${part('month')}-${part('day')}`
  return `${day} ${part('hour')}:${part('minute')}:${part('second')}.${part('fractionalSecond')}`
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making one costs a hundred times as much as using it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  })
  formats.set(timeZone, made)
  return made
}
