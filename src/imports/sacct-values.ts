/** Readers of the single values in a line of `sacct --parsable2`. Each answers null for what it cannot read. */

/** Times and durations are kept in 32 bits without sign: enough until the year 2106. */
const largest = 0xffff_ffff

const digit = (text: string, at: number): number => {
  const value = text.charCodeAt(at) - 48
  return value >= 0 && value <= 9 ? value : -10_000
}
/** Negative when one of the two is no digit. */
const two = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1)

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** Days from 1970-01-01 to a day of the Gregorian calendar, counting years from March so that leap days come last. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const fromMarch = month > 2 ? year : year - 1
  const leapDays = Math.floor(fromMarch / 4) - Math.floor(fromMarch / 100) + Math.floor(fromMarch / 400)
  return fromMarch * 365 + leapDays + Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 719_469
}

/** `YYYY-MM-DDTHH:MM:SS` in UTC as Unix seconds. By hand, because four of these stand in every line. */
export function unixSeconds(text: string): number | null {
  if (text.length !== 19) return null
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') return null
  const year = two(text, 0) * 100 + two(text, 2)
  const month = two(text, 5)
  const day = two(text, 8)
  const hours = two(text, 11)
  const minutes = two(text, 14)
  const seconds = two(text, 17)
  if (year < 1970 || month < 1 || month > 12 || day < 1) return null
  if (day > (monthLengths[month - 1] ?? 0) && !(month === 2 && day === 29 && isLeap(year))) return null
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60) return null
  const time = daysSinceEpoch(year, month, day) * 86_400 + hours * 3600 + minutes * 60 + seconds
  return time > 0 && time <= largest ? time : null
}

const durationForm = /^(?:(\d{1,6})-)?(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:\.\d+)?$/

/** `[days-]hh:mm:ss` or `mm:ss`, maybe with a fraction (cut off), as seconds. */
export function durationSeconds(text: string): number | null {
  const parts = durationForm.exec(text)
  if (!parts) return null
  const [, days = '0', hours = '0', minutes, seconds] = parts
  const length = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return length <= largest ? length : null
}

/** A whole number that fits 32 bits. */
export function count(text: string): number | null {
  if (text.length === 0 || text.length > 10) return null
  let value = 0
  for (let at = 0; at < text.length; at++) {
    const next = digit(text, at)
    if (next < 0) return null
    value = value * 10 + next
  }
  return value <= 0x7fff_ffff ? value : null
}

/** GPUs in `alloctres` (`billing=4,cpu=4,gres/gpu:a100=2,…`): the first GPU item decides; none is 0. */
export function gpusOf(alloctres: string): number | null {
  let at = alloctres.indexOf('gres/gpu')
  while (at > 0 && alloctres[at - 1] !== ',') at = alloctres.indexOf('gres/gpu', at + 1)
  if (at < 0) return 0
  const after = alloctres[at + 8]
  // gres/gpumem, gres/gpuutil and the like are other things.
  if (after !== '=' && after !== ':') return gpusOf(alloctres.slice(at + 8))
  const end = alloctres.indexOf(',', at)
  const item = end < 0 ? alloctres.slice(at) : alloctres.slice(at, end)
  return count(item.slice(item.indexOf('=') + 1))
}

/** The scheduler's number of a job and which elements of its array this line stands for. */
export interface JobIds {
  readonly jobId: number
  /** `[-1]` for a job that is no array. */
  readonly elements: readonly number[]
}

const noArray: readonly number[] = [-1]
/** Slurm's own bound of MaxArraySize: a line asking for more is damaged. */
const mostElements = 4_000_001

/** Job numbers are larger than 32 bits on no system known; numbers beyond 2^53 would lose digits. */
const jobNumber = (text: string): number | null => {
  const value = Number(text)
  return /^\d{1,15}$/.test(text) ? value : null
}

/**
 * `123`, `123_4`, `123_[1-3,7]`, also with Slurm's step and throttle (`[0-8:2%4]`). A component of a heterogeneous
 * job (`123+1`) is known by its own raw number.
 */
export function jobIds(text: string, raw: string): JobIds | null {
  const underscore = text.indexOf('_')
  if (underscore < 0) {
    const jobId = jobNumber(text.includes('+') ? raw : text)
    return jobId === null ? null : { jobId, elements: noArray }
  }
  const jobId = jobNumber(text.slice(0, underscore))
  const elements = arrayElements(text.slice(underscore + 1))
  return jobId === null || elements === null ? null : { jobId, elements }
}

function arrayElements(text: string): readonly number[] | null {
  if (!text.startsWith('[')) {
    const element = count(text)
    return element === null ? null : [element]
  }
  if (!text.endsWith(']')) return null
  const elements = new Set<number>()
  for (const part of text.slice(1, -1).replace(/%\d+$/, '').split(',')) {
    const range = /^(\d{1,9})(?:-(\d{1,9})(?::(\d{1,9}))?)?$/.exec(part)
    if (!range) return null
    const first = Number(range[1])
    const last = Number(range[2] ?? first)
    const step = Number(range[3] ?? 1)
    if (last < first || step < 1 || elements.size + (last - first) / step > mostElements) return null
    for (let element = first; element <= last; element += step) elements.add(element)
  }
  return [...elements]
}

/** The first node of a node list: `n[03-05],x` is `n03`. */
export function firstNode(nodelist: string): string {
  const end = nodelist.search(/[,[]/)
  if (end < 0 || nodelist[end] === ',') return end < 0 ? nodelist : nodelist.slice(0, end)
  const first = /^[^\],-]*/.exec(nodelist.slice(end + 1))?.[0] ?? ''
  // What follows the bracket up to the next comma belongs to every node of it.
  const close = nodelist.indexOf(']', end)
  const suffix = close < 0 ? '' : (/^[^,[]*/.exec(nodelist.slice(close + 1))?.[0] ?? '')
  return nodelist.slice(0, end) + first + suffix
}
