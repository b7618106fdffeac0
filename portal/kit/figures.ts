const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const byteUnits = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** "3,000,000". */
export const countText = (count: number): string => whole.format(count)

/** "1 row", "3,000 rows". */
export const countedText = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`

/** "3.2 GiB", as the server's own sentences have it. */
export function bytesText(bytes: number): string {
  if (bytes === 1) return '1 byte'
  const step = Math.min(byteUnits.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 2 ** (10 * step)
  return `${value.toFixed(step === 0 || value >= 100 ? 0 : 1)} ${byteUnits[step]}`
}

const spans: readonly [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
]

/** How long something took: "4 ms", "2.1 s", "3 min 20 s", "2 d 4 h". */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  const first = spans.findIndex(([, length]) => ms >= length)
  const [unit, length] = spans[first] ?? ['s', 1000]
  const [nextUnit, nextLength] = spans[first + 1] ?? ['', 0]
  const rest = nextLength === 0 ? 0 : Math.floor((ms % length) / nextLength)
  return `${Math.floor(ms / length)} ${unit}${rest === 0 ? '' : ` ${rest} ${nextUnit}`}`
}

const longSpans: readonly [string, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** A promise in words: 172800 seconds are "2 days". Rounded to the largest unit that fits. */
export function spanText(seconds: number): string {
  const [unit, length] = longSpans.find(([, each]) => seconds >= each) ?? ['second', 1]
  return countedText(Math.round(seconds / length), unit)
}
