/** Readers of the single values in a line of `sacct --parsable2`. Each answers null for what it cannot read. */

const digit = (text: string, at: number): number => {
  const value = text.charCodeAt(at) - 48
  return value >= 0 && value <= 9 ? value : Number.NaN
}
const two = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1)

/** `YYYY-MM-DDTHH:MM:SS` in UTC as Unix seconds. By hand, because four of these stand in every line. */
export function unixSeconds(text: string): number | null {
  if (text.length !== 19) return null
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') return null
  const month = two(text, 5)
  const day = two(text, 8)
  const [hours, minutes, seconds] = [two(text, 11), two(text, 14), two(text, 17)]
  if (!(month >= 1 && month <= 12 && day >= 1 && hours < 24 && minutes < 60 && seconds <= 60)) return null
  const midnight = Date.UTC(two(text, 0) * 100 + two(text, 2), month - 1, day)
  // 31 April would have become 1 May; a midnight that is no number fails here too.
  if (!(midnight > 0 && new Date(midnight).getUTCDate() === day)) return null
  return midnight / 1000 + hours * 3600 + minutes * 60 + seconds
}

const durationForm = /^(?:(\d{1,6})-)?(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:\.\d+)?$/

/** `[days-]hh:mm:ss` or `mm:ss`, maybe with a fraction (cut off), as seconds. */
export function durationSeconds(text: string): number | null {
  const parts = durationForm.exec(text)
  if (!parts) return null
  const [, days = '0', hours = '0', minutes, seconds] = parts
  return Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

/** A whole number that fits 32 bits. */
export function count(text: string): number | null {
  if (text.length === 0 || text.length > 10) return null
  let value = 0
  for (let at = 0; at < text.length; at++) value = value * 10 + digit(text, at)
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
