import { invalid } from './problems.ts'

/** A query or a form as it came: a name given several times has a list. */
export type Parameters = Readonly<Record<string, unknown>>

/** The value of a parameter; the last one where it was given several times, as PHP reads it. Empty is missing. */
export function parameter(given: Parameters, name: string): string | undefined {
  const value = Object.hasOwn(given, name) ? given[name] : undefined
  const last = Array.isArray(value) ? value.at(-1) : value
  return typeof last === 'string' && last !== '' ? last : undefined
}

/** The same for REST, which refuses `name[]=…`. Empty is given. */
export function restParameter(given: Parameters, name: string): string | undefined {
  if (Object.keys(given).some((key) => key.startsWith(`${name}[`)))
    throw invalid(`Invalid value for ${name}. Must be a(n) string.`)
  const value = Object.hasOwn(given, name) ? given[name] : undefined
  if (Array.isArray(value) && new Set(value).size > 1) throw invalid(`Invalid value for ${name}. Must be a(n) string.`)
  const one = Array.isArray(value) ? value[0] : value
  return typeof one === 'string' ? one : undefined
}

const days = /^(\d{4})-(\d{2})-(\d{2})$/

/** Whether the text is a day that the calendar has, as YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = (days.exec(text) ?? []).map(Number)
  const at = new Date(0)
  at.setUTCFullYear(year, month - 1, day)
  return year > 0 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day
}
