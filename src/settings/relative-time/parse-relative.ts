import { invalidRelativeTime } from '../problems.ts'
import { isTimeZone } from '../value-types.ts'

export interface ClockTime {
  hour: number
  minute: number
  second: number
  microsecond: number
}

type Span = {
  years: number
  months: number
  days: number
  hours: number
  minutes: number
  seconds: number
  microseconds: number
}

/** What an expression asks for; `apply-relative.ts` says in which order it is done. */
export interface RelativePlan {
  /** Seconds since 1970, where the expression names an instant (`@1800000000`). */
  instant: number | null
  date: { year?: number; month?: number; day?: number }
  /** The time of day that replaces the base's. */
  clock: ClockTime | null
  span: Span
  /** 0 is Sunday; negative after `ago`. `manner`: today doesn't count, today counts, or the week's own such day. */
  weekday: { day: number; manner: 'after-today' | 'from-today' | 'of-week' } | null
  /** Working days to go on. */
  workdays: number | null
  /** `first day of`, `last day of`. */
  monthEdge: 'first' | 'last' | null
  /** `first monday of` counts from the month's first day, `last friday of` back from the next month's. */
  weekdayOfMonth: 'counted' | 'last' | null
}

interface State extends RelativePlan {
  hasDate: boolean
  hasTime: boolean
}

/** A sentence about what cannot be understood; made into a problem by `parseRelative`. */
class Refusal extends Error {}

const longest = 200

const names = (...words: string[]) => words.join('|')
const ordinals = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
  'eleventh',
  'twelfth',
]
const directions: Readonly<Record<string, number>> = { next: 1, last: -1, previous: -1, this: 0 }
const dayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]

const ordinal = names(...ordinals)
const direction = names(...Object.keys(directions))
const dayName = names(...dayNames.flatMap((name) => [`${name}s?`, name.slice(0, 3)]))
const monthName = names(...monthNames.flatMap((name) => [name, name.slice(0, 3)]), 'sept')
const unit = names(
  'ms',
  '[µμ]s',
  '(?:[µμ]sec|usec|microsecond|msec|millisecond|sec|second|min|minute|hour|day|fortnight|forthnight|month|year)s?',
  'weeks',
  'weekdays?',
  dayName,
)

/** Letters go on after it: "mon" in "months" is no Monday. */
const end = '(?![a-z])'
/** Letters or digits go on after it. */
const stop = '(?![a-z0-9:])'
const blanks = '[ \\t]+'

const number = (text: string | undefined): number => Number(text ?? '0')

function addSpan(state: State, amount: number, unitText: string): void {
  const { span } = state
  const name = unitText.toLowerCase()
  if (/^(?:[µμ]s|[µμ]sec|usec|microsec)/.test(name)) span.microseconds += amount
  else if (/^(?:ms|milli)/.test(name)) span.microseconds += amount * 1000
  else if (name.startsWith('sec')) span.seconds += amount
  else if (name.startsWith('min')) span.minutes += amount
  else if (name.startsWith('hour')) span.hours += amount
  else if (name.startsWith('day')) span.days += amount
  else if (/^for/.test(name)) span.days += amount * 14
  else if (name.startsWith('week')) span.days += amount * 7
  else if (name.startsWith('month')) span.months += amount
  else span.years += amount
}

/**
 * An amount of a unit, of a day name or of working days. Counted in words it also cuts the clock to midnight for the
 * latter two.
 */
function addAmount(
  state: State,
  amount: number,
  unitText: string,
  by: 'number' | 'word',
  manner: 'after-today' | 'from-today',
): void {
  const day = dayIndex(unitText)
  const workdays = /^weekdays?$/i.test(unitText)
  if (day === null && !workdays) {
    addSpan(state, amount, unitText)
    return
  }
  if (by === 'word') clearClock(state)
  if (workdays) {
    state.workdays = amount
    return
  }
  state.span.days += (amount > 0 ? amount - 1 : amount) * 7
  state.weekday = { day: day ?? 0, manner }
}

function dayIndex(text: string): number | null {
  const name = text.toLowerCase()
  const index = dayNames.findIndex((day) => name === day || name === `${day}s` || name === day.slice(0, 3))
  return index < 0 ? null : index
}

const monthNumber = (text: string | undefined): number =>
  monthNames.findIndex((name) => name.startsWith((text ?? '').slice(0, 3).toLowerCase())) + 1

const amountOfWord = (word: string): number =>
  directions[word.toLowerCase()] ?? ordinals.indexOf(word.toLowerCase()) + 1

function clearClock(state: State): void {
  state.hasTime = false
  state.clock = { hour: 0, minute: 0, second: 0, microsecond: 0 }
}

function setClock(state: State, hour: number, minute: number, second = 0, microsecond = 0): void {
  if (state.hasTime) throw new Refusal('it names two times of day')
  state.hasTime = true
  state.clock = { hour, minute, second, microsecond }
}

function setDate(state: State, date: { year?: number; month?: number; day?: number }): void {
  if (state.hasDate) throw new Refusal('it names two dates')
  state.hasDate = true
  state.date = { ...state.date, ...date }
}

const hourOf = (digits: string | undefined, half: string | undefined): number =>
  half ? (number(digits) % 12) + (/^p/i.test(half) ? 12 : 0) : number(digits)

function setIsoWeek(state: State, year: number, week: number, weekday: number): void {
  // The fourth of January is always in week 1; its Monday begins the count.
  const fourth = new Date(Date.UTC(2000, 0, 4))
  fourth.setUTCFullYear(year)
  const monday = 4 - ((fourth.getUTCDay() + 6) % 7)
  setDate(state, { year, month: 1, day: monday + (week - 1) * 7 + weekday - 1 })
}

function reverse(state: State): void {
  for (const key of Object.keys(state.span) as (keyof Span)[]) state.span[key] = -state.span[key]
  if (state.workdays !== null) state.workdays = -state.workdays
  // A Sunday backwards is -7, as there is no -0.
  if (state.weekday) state.weekday.day = -state.weekday.day || -7
}

const half = '([ap])\\.?m\\.?(?![a-z])'
const hour = '(2[0-4]|[01]?\\d)'
const twelve = '(1[0-2]|0?[1-9])'
const sixty = '([0-5]?\\d)'
const monthDigits = '(1[0-2]|0?\\d)'
const dayDigits = '([0-2]?\\d|3[01])'
const between = '[ \\t.-]*'

type Action = (state: State, groups: readonly (string | undefined)[]) => void

const rule = (pattern: string, act: Action) => ({ pattern: new RegExp(pattern, 'iy'), act })

/** The longest match wins; of equals, the first. */
const rules = [
  rule(`now${end}`, () => {}),
  rule(`(?:today|midnight)${end}`, clearClock),
  rule(`noon${end}`, (state) => {
    clearClock(state)
    setClock(state, 12, 0)
  }),
  rule(`(tomorrow|yesterday)${end}`, (state, [word]) => {
    clearClock(state)
    state.span.days += word?.toLowerCase() === 'tomorrow' ? 1 : -1
  }),
  rule(`ago${end}`, reverse),
  rule('@(-?\\d{1,13})(?![\\d.])', (state, [seconds]) => {
    setDate(state, {})
    state.instant = number(seconds)
  }),
  rule(`(first|last) day of${end}`, (state, [which]) => {
    state.monthEdge = which?.toLowerCase() === 'first' ? 'first' : 'last'
  }),
  rule(`(${ordinal}|${direction})${blanks}(${dayName})${blanks}of${end}`, (state, [word = '', day = '']) => {
    const amount = amountOfWord(word)
    addAmount(state, amount, day, 'word', amount > 0 ? 'from-today' : 'after-today')
    state.weekdayOfMonth = amount > 0 ? 'counted' : 'last'
  }),
  rule(`(back|front) of ${hour}(?:[ \\t]*${half})?${stop}`, (state, [side, digits, halfDay]) => {
    const full = hourOf(digits, halfDay)
    if (side?.toLowerCase() === 'back') setClock(state, full, 15)
    else setClock(state, full - 1, 45)
  }),
  rule(`([+-]*)[ \\t]*(\\d{1,13})[ \\t]*(${unit}|week)${end}`, (state, [signs = '', digits, of = '']) => {
    const amount = signs.replaceAll('+', '').length % 2 === 1 ? -number(digits) : number(digits)
    addAmount(state, amount, of, 'number', 'from-today')
  }),
  rule(`(${ordinal}|${direction})${blanks}(${unit})${end}`, (state, [word = '', of = '']) => {
    addAmount(state, amountOfWord(word), of, 'word', word.toLowerCase() === 'this' ? 'from-today' : 'after-today')
  }),
  rule(`(${direction})${blanks}week${end}`, (state, [word = '']) => {
    state.span.days += 7 * amountOfWord(word)
    state.weekday = { day: state.weekday?.day ?? 1, manner: 'of-week' }
  }),
  rule(`(${dayName})${end}`, (state, [day = '']) => {
    clearClock(state)
    state.weekday = { day: dayIndex(day) ?? 0, manner: state.weekday?.manner === 'of-week' ? 'of-week' : 'from-today' }
  }),
  rule(`t?${hour}[:.]${sixty}${stop}`, (state, [h, i]) => setClock(state, number(h), number(i))),
  rule(`t?${hour}[:.]${sixty}[:.]([0-5]?\\d|60)(?:[.,](\\d{1,9}))?${stop}`, (state, [h, i, s, fraction = '']) =>
    setClock(state, number(h), number(i), number(s), number(fraction.padEnd(6, '0').slice(0, 6))),
  ),
  rule(`${twelve}(?:[:.]([0-5]\\d)(?:[:.]([0-5]\\d))?)?[ \\t]*${half}`, (state, [h, i, s, halfDay]) =>
    setClock(state, hourOf(h, halfDay), number(i), number(s)),
  ),
  rule(`t?(\\d\\d)(\\d\\d)${stop}`, (state, [first = '', second = '']) => {
    // Four digits are a time of day when they can be one and there is none yet, else a year.
    if (!state.hasTime && number(first) <= 24 && number(second) < 60) setClock(state, number(first), number(second))
    else state.date.year = number(first + second)
  }),
  rule(`([+-]?\\d{4})-${monthDigits}-${dayDigits}(?:(?=t\\d)|${stop})`, (state, [y, m, d]) =>
    setDate(state, { year: number(y), month: number(m), day: number(d) }),
  ),
  rule(`(\\d{4})/${monthDigits}/${dayDigits}${stop}`, (state, [y, m, d]) =>
    setDate(state, { year: number(y), month: number(m), day: number(d) }),
  ),
  rule(`(\\d{4})(0\\d|1[0-2])([0-2]\\d|3[01])(?:(?=t\\d)|${stop})`, (state, [y, m, d]) =>
    setDate(state, { year: number(y), month: number(m), day: number(d) }),
  ),
  rule(`${monthDigits}/${dayDigits}/(\\d{4})${stop}`, (state, [m, d, y]) =>
    setDate(state, { year: number(y), month: number(m), day: number(d) }),
  ),
  rule(`${dayDigits}[.-]${monthDigits}[.-](\\d{4})${stop}`, (state, [d, m, y]) =>
    setDate(state, { year: number(y), month: number(m), day: number(d) }),
  ),
  rule(`(\\d{4})-${monthDigits}${stop}`, (state, [y, m]) =>
    setDate(state, { year: number(y), month: number(m), day: 1 }),
  ),
  rule(`(\\d{4})-?w(0[1-9]|[1-4]\\d|5[0-3])(?:-?([0-7]))?${stop}`, (state, [y, w, d]) =>
    setIsoWeek(state, number(y), number(w), number(d ?? '1')),
  ),
  rule(`${dayDigits}(?:st|nd|rd|th)?${between}(${monthName})${between}(\\d{4})${stop}`, (state, [d, m, y]) =>
    setDate(state, { year: number(y), month: monthNumber(m), day: number(d) }),
  ),
  rule(`${dayDigits}(?:st|nd|rd|th)?${between}(${monthName})${end}`, (state, [d, m]) =>
    setDate(state, { month: monthNumber(m), day: number(d) }),
  ),
  rule(`(${monthName})${between}${dayDigits}(?:st|nd|rd|th)?[ \\t,.]+(\\d{4})${stop}`, (state, [m, d, y]) =>
    setDate(state, { year: number(y), month: monthNumber(m), day: number(d) }),
  ),
  rule(`(${monthName})${between}${dayDigits}(?:st|nd|rd|th)?${stop}`, (state, [m, d]) =>
    setDate(state, { month: monthNumber(m), day: number(d) }),
  ),
  rule(`(${monthName})${between}(\\d{4})${stop}`, (state, [m, y]) =>
    setDate(state, { year: number(y), month: monthNumber(m), day: 1 }),
  ),
  rule(`(${monthName})${end}`, (state, [m]) => setDate(state, { month: monthNumber(m) })),
  // A zone is understood and changes nothing: the result is an instant on the base's own clock.
  rule('(?:gmt|utc)?[+-](?:2[0-4]|[01]?\\d)(?::?[0-5]\\d)?(?![a-z0-9:]|[ \\t]*[a-z])', () => {}),
  rule('[a-z]+(?:[/_+-][a-z0-9]+)*', refuseUnlessZone),
]

function refuseUnlessZone(_state: State, _groups: readonly (string | undefined)[], word = ''): void {
  if (!/^z$/i.test(word) && !isTimeZone(word)) throw new Refusal(`"${word}" is not understood`)
}

/** Reads an expression of PHP's relative formats (xdmod's `expiration_interval`); throws `invalid-relative-time`. */
export function parseRelative(expression: string): RelativePlan {
  const state: State = {
    instant: null,
    date: {},
    clock: null,
    weekday: null,
    workdays: null,
    monthEdge: null,
    weekdayOfMonth: null,
    hasDate: false,
    hasTime: false,
    span: { years: 0, months: 0, days: 0, hours: 0, minutes: 0, seconds: 0, microseconds: 0 },
  }
  try {
    if (expression === '') throw new Refusal('it is empty')
    if (expression.length > longest) throw new Refusal(`it is longer than ${longest} characters`)
    for (let at = skipBlanks(expression, 0); at < expression.length; at = skipBlanks(expression, at))
      at += takePart(expression, at, state)
    return state
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw invalidRelativeTime({
      detail: `"${expression.slice(0, longest)}" is not a relative time: ${error.message}`,
      hint: 'Write e.g. "6 months", "90 days", "1 year 2 weeks" or "last day of next month".',
    })
  }
}

function skipBlanks(expression: string, from: number): number {
  let at = from
  while (at < expression.length && ' \t,'.includes(expression[at] ?? '')) at++
  return at
}

/** Does what the part at this place asks for; returns its length. */
function takePart(expression: string, at: number, state: State): number {
  let best: { match: RegExpExecArray; act: (state: State, groups: string[], word: string) => void } | null = null
  for (const { pattern, act } of rules) {
    pattern.lastIndex = at
    const match = pattern.exec(expression)
    if (match && match[0].length > (best?.match[0].length ?? 0)) best = { match, act }
  }
  if (!best) {
    const [piece = ''] = /^(?:[\d.]+|.)/su.exec(expression.slice(at)) ?? []
    throw new Refusal(/^\d/.test(piece) ? `the number ${piece} has no unit after it` : `"${piece}" is not understood`)
  }
  best.act(state, best.match.slice(1), best.match[0])
  return best.match[0].length
}
